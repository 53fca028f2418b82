// Tier: make test. Budget: 3 s.
import { ics23 } from "@confio/ics23";
import { afterAll, describe, expect, it } from "@jest/globals";

import type { ByteString } from "../bytes.js";
import { utf8ToByteString } from "../bytes.js";
import { EmptyTreeProof, HeightNotKept, UnknownStore } from "./errors.js";
import type { StateProof } from "./history.js";
import { openTemporary } from "./open-temporary.js";
import { verifies } from "./verify-proof.test-support.js";

function decoded(proof: Uint8Array): string {
  return JSON.stringify(ics23.CommitmentProof.toObject(ics23.CommitmentProof.decode(proof), { bytes: String }));
}

describe("proofs of the state", () => {
  const { store, close } = openTemporary(["acc", "bank", "empty", "ibc"]);
  afterAll(close);
  const key = (n: number): ByteString => utf8ToByteString(`key/${String(n).padStart(4, "0")}`);
  const even = Array.from({ length: 200 }, (_, i) => [key(2 * i + 2), Buffer.from(`value ${i}`)] as const);
  const first = store.prepare(new Map([["bank", even]]), { version: 5 });
  store.commit();
  const second = store.prepare(
    new Map([
      ["acc", [[key(1), new Uint8Array(1)]]],
      [
        "bank",
        [
          [key(2), undefined],
          [key(4), Buffer.from("changed")],
          [key(401), Buffer.from("last")],
        ],
      ],
    ]),
  );
  store.commit();

  it("existence and absence at both heights verify against the app hash with the stock specs", () => {
    for (const { version, appHash } of [first, second]) {
      for (let n = 1; n <= 402; n += 1) {
        const proof = store.prove("bank", key(n), version);
        const value = store.at(version).store("bank").get(key(n));
        expect(proof.value).toEqual(value);
        expect(verifies(proof, "bank", key(n), appHash)).toBe(true);
      }
    }
  });

  it("a proof of one height does not verify against the app hash of another", () => {
    expect(verifies(store.prove("bank", key(4), 5), "bank", key(4), second.appHash)).toBe(false);
  });

  it("a tree of one leaf proves its leaf and the absence on both sides of it", () => {
    for (const n of [0, 1, 2]) {
      expect(verifies(store.prove("acc", key(n), 6), "acc", key(n), second.appHash)).toBe(true);
    }
  });

  it("forged proofs are refused: another value, another key, a flipped bit anywhere", () => {
    const proof = store.prove("bank", key(4), 6);
    expect(verifies({ ...proof, value: Buffer.from("forged") }, "bank", key(4), second.appHash)).toBe(false);
    expect(verifies(proof, "bank", key(6), second.appHash)).toBe(false);
    expect(verifies(proof, "acc", key(4), second.appHash)).toBe(false);
    expect(verifies({ ...proof, value: undefined }, "bank", key(4), second.appHash)).toBe(false);
    const absent = store.prove("bank", key(5), 6);
    expect(verifies({ ...absent, value: Buffer.from("x") }, "bank", key(5), second.appHash)).toBe(false);
    expect(verifies(absent, "bank", key(6), second.appHash)).toBe(false);
    expect(verifies(absent, "bank", key(9), second.appHash)).toBe(false);
    for (const [op, bytes] of [proof.ops[0].data, proof.ops[1].data].entries()) {
      for (let i = 0; i < bytes.length; i++) {
        const data = Uint8Array.from(bytes);
        data[i] = (data[i] as number) ^ 0x10;
        const ops = proof.ops.map((old, n) => (n === op ? { ...old, data } : old)) as unknown as StateProof["ops"];
        const accepted = ((): boolean => {
          try {
            return verifies({ ...proof, ops }, "bank", key(4), second.appHash);
          } catch {
            return false;
          }
        })();
        // The decoder forgives a wrong length here and there: what it then reads must be the same proof.
        const isSame = accepted && decoded(data) === decoded(bytes);
        expect(accepted && !isSame).toBe(false);
      }
    }
  });

  it("what cannot be proven is refused with a registered error", () => {
    expect(() => store.prove("empty", key(1), 6)).toThrow(EmptyTreeProof);
    expect(() => store.prove("acc", key(1), 5)).toThrow(EmptyTreeProof);
    expect(() => store.prove("gov", key(1), 6)).toThrow(UnknownStore);
    expect(() => store.prove("bank", key(1), 7)).toThrow(HeightNotKept);
    expect(() => store.prove("bank", key(1), 4)).toThrow("heights 5 to 6 are kept");
    expect(new EmptyTreeProof("x", 1)).toMatchObject({ codespace: "sdk", code: 18 });
  });
});
