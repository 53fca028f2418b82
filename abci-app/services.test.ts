// Tier: test. Budget: 5 s. The list of services that clients' commands are made of is that of the chain.
import { describe, expect, it } from "@jest/globals";

import { wireChain } from "./app.js";
import { MSG_SERVICES, QUERY_SERVICES } from "./services.js";

describe("the services", () => {
  const { chain } = wireChain();

  it("have every query that the chain answers, and no other", () => {
    const listed = QUERY_SERVICES.flatMap(({ typeName, methods }) => methods.map(({ name }) => `/${typeName}/${name}`));
    expect(listed.sort()).toEqual([...chain.queries.keys()].sort());
  });

  it("have every message that the chain carries out, and no other", () => {
    const listed = MSG_SERVICES.flatMap(({ methods }) => methods.map(({ input }) => `/${input.typeName}`));
    expect(listed.sort()).toEqual([...chain.messages.keys()].sort());
  });
});
