// Tier: test. Budget: 5 s. Our own messages in amino JSON, from the node and from the client, byte for byte as Go's.
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import type { Vectors } from "./replay.js";
import { OUR_TYPES, replay } from "./replay.js";

const file = new URL("../../../../../test/golden/tx/amino/vectors.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8")) as Vectors;

describe("our messages, of which the Cosmos SDK's encoder made amino JSON", () => {
  it("are all there (a new message needs new vectors: make golden)", () => {
    expect([...new Set(golden.vectors.map(({ typeUrl }) => typeUrl))].sort()).toEqual(OUR_TYPES);
  });

  it("are the same amino JSON here, from the node and from the client", () => {
    const { differences, node, client, refused, parts } = replay(golden);
    expect(differences).toEqual([]);
    expect(node).toBe(golden.vectors.length);
    expect(client + refused + parts).toBe(golden.vectors.length);
    // What the client may refuse is rare: messages that no chain takes, and two separators of lines.
    expect(client).toBeGreaterThan((golden.vectors.length - parts) * 0.8);
  });
});
