// Tier: test. Budget: 2 s. Transactions that are decoded once.
import { describe, expect, it } from "@jest/globals";

import { rawTx, sendTx } from "../../core/codec/fuzz-tx.test-support.js";
import { decodeTx } from "../../core/codec/tx.js";
import { RegisteredError } from "../../core/errors.js";
import { TxCache } from "./tx-cache.js";

/** Transactions that differ in their memo alone, and end with the same bytes. */
function alike(memo: number): Uint8Array {
  const { bodyBytes, authInfoBytes } = decodeTx(sendTx());
  const text = Buffer.from(String(memo));
  return rawTx(Buffer.concat([bodyBytes, Buffer.of(0x12, text.length), text]), authInfoBytes);
}

describe("the cache of transactions", () => {
  it("gives the same object for the same bytes until it is told to forget them", () => {
    const cache = new TxCache(1 << 20);
    const first = cache.decode(alike(1));
    expect(cache.decode(alike(1))).toBe(first);
    cache.forget(alike(2));
    expect(cache.decode(alike(1))).toBe(first);
    cache.forget(alike(1));
    expect(cache.decode(alike(1))).not.toBe(first);
  });

  it("never takes one transaction for another that ends alike", () => {
    const cache = new TxCache(1 << 20);
    for (const memo of [1, 2, 1, 3]) {
      const tx = cache.decode(alike(memo));
      expect(tx).not.toBeInstanceOf(RegisteredError);
      expect(tx).toMatchObject({ body: { memo: String(memo) } });
    }
  });

  it("holds no more bytes than it may, and lets the oldest go", () => {
    const signed = (last: number): Uint8Array => {
      const bytes = Uint8Array.from(sendTx());
      bytes[bytes.length - 1] = last;
      return bytes;
    };
    const cache = new TxCache(2 * sendTx().length);
    const [first, second] = [cache.decode(signed(1)), cache.decode(signed(2))];
    cache.decode(signed(3));
    expect(cache.decode(signed(2))).toBe(second);
    expect(cache.decode(signed(1))).not.toBe(first);
  });

  it("refuses what is no transaction, of any length, and remembers nothing", () => {
    const cache = new TxCache(1 << 20);
    for (const length of [0, 1, 31, 32, 33, 100]) {
      const bytes = new Uint8Array(length).fill(0xff);
      if (length > 0) expect(cache.decode(bytes)).toBeInstanceOf(RegisteredError);
      cache.forget(bytes);
    }
  });
});
