// Tier: test. Budget: 2 s.
import { describe, expect, it } from "@jest/globals";

import { firstProblems } from "./problems.js";
import { GenesisError } from "./runtime/genesis.js";

const many = Array.from({ length: 1_000_000 }, (_, i) => `balances[${i}].address: invalid`);

describe("the problems of a file", () => {
  it("are told as they are when they are few", () => {
    expect(firstProblems([])).toEqual([]);
    expect(firstProblems(many.slice(0, 50))).toEqual(many.slice(0, 50));
  });

  it("are counted when they are many, and shortened when they quote much", () => {
    expect(firstProblems(many)).toEqual([...many.slice(0, 50), "and 999950 more"]);
    expect(firstProblems([`denom: ${"x".repeat(1 << 20)}`])[0]).toHaveLength(301);
  });

  it("of a genesis fill no more than a few screens", () => {
    const error = new GenesisError(many);
    expect(error.problems).toHaveLength(51);
    expect(error.message.split("\n")).toHaveLength(52);
    expect(error.message).toMatch(/and 999950 more$/);
  });
});
