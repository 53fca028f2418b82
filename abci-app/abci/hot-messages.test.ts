// Tier: test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { RequestSchema, ResponseSchema } from "@computronium/proto/tendermint/abci/types_pb.js";
import * as fc from "fast-check";

import type { AbciBlockResult, AbciTxResult } from "./application.js";
import { readCheckTx } from "./hot-messages.js";
import { decodeRequest, ResponseEncoder } from "./messages.js";
import { ByteSlab } from "../../core/byte-slab.js";
import { ReverseWriter } from "./reverse-writer.js";

const encoder = new ResponseEncoder(
  ({ type }, origin) =>
    () =>
      (type.length % 2 === 0) === (origin === "block"),
);

/** The message in a frame; checks the frame's length. */
function unframe(frame: Uint8Array): Uint8Array {
  let length = 0;
  let at = 0;
  for (; ; at++) {
    length += (frame[at]! & 0x7f) * 128 ** at;
    if (frame[at]! < 0x80) break;
  }
  expect(frame.length).toBe(at + 1 + length);
  return frame.subarray(at + 1);
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const text = fc.oneof(
  fc.string({ maxLength: 90 }),
  fc.string({ unit: "grapheme", maxLength: 90 }),
  fc.string({ unit: "binary", maxLength: 70 }),
);
const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 127n, 128n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)),
);
const gas = fc.oneof(int64, fc.integer({ min: -5 }), fc.maxSafeInteger());
const events = fc.array(
  fc.record({
    type: text,
    attributes: fc.array(
      fc.record({ key: text, value: text, index: fc.boolean() }, { requiredKeys: ["key", "value"] }),
      {
        maxLength: 5,
      },
    ),
  }),
  { maxLength: 5 },
);
const txResult: fc.Arbitrary<AbciTxResult> = fc.record(
  {
    code: fc.nat({ max: 0xffff_ffff }),
    codespace: text,
    data: fc.uint8Array({ maxLength: 200 }),
    log: text,
    info: text,
    gasWanted: gas,
    gasUsed: gas,
    events,
  },
  { requiredKeys: [] },
);
const blockResult: fc.Arbitrary<AbciBlockResult> = fc.record(
  {
    events,
    txResults: fc.array(txResult, { maxLength: 6 }),
    appHash: fc.uint8Array({ maxLength: 32 }),
    validatorUpdates: fc.array(
      fc.record({
        pubKey: fc.record({
          sum: fc.record({
            case: fc.constant("ed25519" as const),
            value: fc.uint8Array({ minLength: 32, maxLength: 32 }),
          }),
        }),
        power: int64,
      }),
      { maxLength: 3 },
    ),
    consensusParamUpdates: fc.record({ block: fc.record({ maxBytes: int64, maxGas: int64 }) }),
  },
  { requiredKeys: ["txResults", "appHash"] },
);

/** As protobuf-es takes it: int64 as bigint, `index` filled in. */
function plainEvents(list: AbciTxResult["events"], origin: "transaction" | "block") {
  const isIndexed = (type: string) => (type.length % 2 === 0) === (origin === "block");
  return (list ?? []).map(({ type, attributes }) => ({
    type,
    attributes: attributes.map(({ key, value, index }) => ({ key, value, index: index ?? isIndexed(type) })),
  }));
}

function plainTx(result: AbciTxResult) {
  const { gasWanted = 0, gasUsed = 0, events: list, ...rest } = result;
  return { ...rest, gasWanted: BigInt(gasWanted), gasUsed: BigInt(gasUsed), events: plainEvents(list, "transaction") };
}

describe("hot messages", () => {
  it("writes the CheckTx response that protobuf-es writes", () => {
    fc.assert(
      fc.property(txResult, (value) => {
        const expected = toBinary(
          ResponseSchema,
          create(ResponseSchema, { value: { case: "checkTx", value: plainTx(value) } }),
        );
        expect(hex(unframe(encoder.encodeFrame({ case: "checkTx", value })))).toBe(hex(expected));
      }),
      { numRuns: 1500, seed: 2 },
    );
  });

  it("writes the FinalizeBlock response that protobuf-es writes", () => {
    fc.assert(
      fc.property(blockResult, (value) => {
        const { events: list, txResults, appHash, validatorUpdates, consensusParamUpdates } = value;
        const expected = create(ResponseSchema, {
          value: {
            case: "finalizeBlock",
            value: {
              events: plainEvents(list, "block"),
              txResults: txResults.map(plainTx),
              validatorUpdates: [...(validatorUpdates ?? [])],
              appHash,
              ...(consensusParamUpdates === undefined ? {} : { consensusParamUpdates }),
            },
          },
        });
        const actual = unframe(encoder.encodeFrame({ case: "finalizeBlock", value }));
        expect(hex(actual)).toBe(hex(toBinary(ResponseSchema, expected)));
      }),
      { numRuns: 600, seed: 3 },
    );
  });

  it("reads the CheckTx request that protobuf-es reads, from canonical bytes, without the general decoder", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(0, 1), (tx, type) => {
        const frame = toBinary(
          RequestSchema,
          create(RequestSchema, { value: { case: "checkTx", value: { tx, type } } }),
        );
        expect(readCheckTx(frame)).toEqual({ $typeName: "tendermint.abci.RequestCheckTx", tx, type });
      }),
      { numRuns: 1000, seed: 4 },
    );
  });

  it("agrees with protobuf-es on every mangled CheckTx request", () => {
    const mangled = fc
      .tuple(
        fc.uint8Array({ maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
        fc.nat(),
      )
      .map(([tx, flips, cut]) => {
        const value = { case: "checkTx" as const, value: { tx, type: 1 } };
        const bytes = toBinary(RequestSchema, create(RequestSchema, { value }));
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        return cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
      });
    let fast = 0;
    fc.assert(
      fc.property(mangled, (bytes) => {
        const read = readCheckTx(bytes);
        if (read === undefined) return;
        fast++;
        const { value } = fromBinary(RequestSchema, bytes);
        expect(value.case).toBe("checkTx");
        expect(value.value).toMatchObject({ tx: read.tx, type: read.type });
      }),
      { numRuns: 20_000, seed: 5 },
    );
    expect(fast).toBeGreaterThan(1000);
  });

  it("copies the transaction out of the frame, which is a view of a larger piece", () => {
    const frame = toBinary(
      RequestSchema,
      create(RequestSchema, { value: { case: "checkTx", value: { tx: Uint8Array.of(7) } } }),
    );
    const call = decodeRequest(frame);
    frame.fill(0);
    expect(call).toMatchObject({ case: "checkTx", value: { tx: Uint8Array.of(7) } });
  });

  it("refuses to write numbers that the field cannot hold", () => {
    for (const result of [
      { gasUsed: 2 ** 53 },
      { gasUsed: 0.5 },
      { gasUsed: 2n ** 63n },
      { code: -1 },
      { code: 2 ** 32 },
    ]) {
      expect(() => encoder.encodeFrame({ case: "checkTx", value: result })).toThrow(RangeError);
    }
    expect(unframe(encoder.encodeFrame({ case: "checkTx", value: { code: 1 } }))).toEqual(Buffer.of(0x4a, 2, 8, 1));
  });

  it("grows without losing what is written", () => {
    const writer = new ReverseWriter(16);
    for (let i = 0; i < 1000; i++) writer.text(String.fromCharCode(97 + (i % 26)).repeat(i % 90));
    const expected = Array.from({ length: 1000 }, (_, i) =>
      String.fromCharCode(97 + (i % 26)).repeat(i % 90),
    ).reverse();
    expect(Buffer.from(writer.take(new ByteSlab(4_096))).toString()).toBe(expected.join(""));
    expect(writer.length).toBe(0);
  });
});
