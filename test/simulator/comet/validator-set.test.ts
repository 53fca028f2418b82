// Tier: test. Budget: 2 s. Validator sets as the simulator changes them, against those of CometBFT (test/golden/tx/validators).
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import { ConsensusFailure, consensusAddress, ValidatorSet } from "./validator-set.js";

interface Step {
  readonly changes: readonly { readonly key: string; readonly power: string }[] | null;
  readonly times: number;
  readonly refused?: boolean;
  readonly proposer?: string;
  /** Address, power, priority. */
  readonly validators?: readonly string[];
}

const file = new URL("../../../../test/golden/tx/validators/vectors.json", import.meta.url);
const histories = JSON.parse(readFileSync(file, "utf8")) as Step[][];

function changesOf({ changes }: Step) {
  return (changes ?? []).map(({ key, power }) => {
    const pubKey = new Uint8Array(Buffer.from(key, "hex"));
    return { address: consensusAddress(pubKey), pubKey, power: BigInt(power) };
  });
}

describe("A validator set", () => {
  it("has CometBFT's members, priorities and proposers after random changes, and refuses what it refuses", () => {
    let refused = 0;
    for (const history of histories) {
      let set = ValidatorSet.empty;
      for (const step of history) {
        if (step.refused === true) {
          refused++;
          expect(() => set.changed(changesOf(step))).toThrow(ConsensusFailure);
          continue;
        }
        set = set.changed(changesOf(step)).next(step.times);
        const members = set.validators.map(({ address, power, priority }) => `${address} ${power} ${priority}`);
        expect([set.proposer, members]).toEqual([step.proposer, step.validators]);
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
