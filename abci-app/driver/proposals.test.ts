// Tier: test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { ProposalCandidate } from "./proposals.js";
import { encodedSize, selectTxs } from "./proposals.js";

const candidate = fc.record({
  bytes: fc.integer({ min: 1, max: 300 }).map((size) => new Uint8Array(size)),
  sender: fc.constantFrom("a", "b", "c"),
  gasWanted: fc.bigInt({ min: 1n, max: 100n }),
});
const size = (txs: readonly ProposalCandidate[]) => txs.reduce((sum, { bytes }) => sum + encodedSize(bytes.length), 0);
const gas = (txs: readonly ProposalCandidate[]) => txs.reduce((sum, { gasWanted }) => sum + gasWanted, 0n);

describe("A proposal", () => {
  it("stays within its bytes and gas, and keeps the order of each sender without gaps", () => {
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 40 }),
        fc.integer({ min: 0, max: 4000 }),
        fc.bigInt({ min: 0n, max: 1500n }),
        (candidates, maxBytes, maxGas) => {
          const chosen = selectTxs(candidates, { maxBytes, maxGas });
          expect(size(chosen)).toBeLessThanOrEqual(maxBytes);
          expect(gas(chosen) <= maxGas).toBe(true);
          for (const sender of ["a", "b", "c"]) {
            const all = candidates.filter((c) => c.sender === sender);
            const some = chosen.filter((c) => c.sender === sender);
            expect(some).toEqual(all.slice(0, some.length));
          }
        },
      ),
    );
  });

  it("takes everything, in its order, when everything fits", () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 40 }), (candidates) => {
        expect(selectTxs(candidates, { maxBytes: size(candidates), maxGas: undefined })).toBe(candidates);
      }),
    );
  });

  it("lets every sender in when one of them fills the queue", () => {
    const tx = (sender: string) => ({ bytes: new Uint8Array(98), sender, gasWanted: 1n });
    const candidates = [...Array.from({ length: 50 }, () => tx("a")), tx("b"), tx("c")];
    const chosen = selectTxs(candidates, { maxBytes: 1000, maxGas: undefined });
    expect(chosen.map(({ sender }) => sender).join("")).toBe("aaaaaaaabc");
  });

  it("counts gas limits that no number holds exactly, as the others do", () => {
    const tx = (gasWanted: bigint) => ({ bytes: new Uint8Array(1), sender: "a", gasWanted });
    const candidates = [tx(2n ** 62n), tx(1n), tx(2n ** 62n)];
    expect(selectTxs(candidates, { maxBytes: 100, maxGas: 2n ** 62n })).toEqual([tx(2n ** 62n)]);
  });

  it("counts the bytes of a transaction as protobuf does", () => {
    expect([0, 1, 127, 128, 16_383, 16_384].map(encodedSize)).toEqual([2, 3, 129, 131, 16_386, 16_388]);
  });
});
