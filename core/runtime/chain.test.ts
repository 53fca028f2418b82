// Tier: test. Budget: 5 s. What is refused when modules are put together, and when one does what belongs to another.
import { describe, expect, it } from "@jest/globals";

import { Schema } from "../collections/schema.js";
import { Chain, validatorsOf, WiringError } from "./chain.js";
import type { AppModule, ValidatorUpdate } from "./module.js";

const module = (name: string, more: Partial<AppModule> = {}): AppModule => ({ name, schemas: [], ...more });
const UPDATE: ValidatorUpdate = { pubKeyType: "ed25519", pubKey: new Uint8Array(32), power: 1n };

describe("A chain", () => {
  it("has no two modules of one name, and no store with two owners", () => {
    expect(() => new Chain([module("a"), module("a")])).toThrow(WiringError);
    const shared = { schemas: [new Schema("s")] };
    expect(() => new Chain([module("a", shared), module("b", shared)])).toThrow(
      "the store s belongs to a, not to b too",
    );
  });

  it("has one module that says who the validators are", () => {
    const [first, second] = [module("a", { ownsValidators: true }), module("b", { ownsValidators: true })];
    expect(() => new Chain([first, second])).toThrow("a says who the validators are, b cannot too");
    const other = module("c");
    expect(validatorsOf(first, [UPDATE])).toEqual([UPDATE]);
    expect(validatorsOf(other, undefined)).toEqual([]);
    expect(() => validatorsOf(other, [UPDATE])).toThrow("c changed validators, which do not belong to it");
  });
});
