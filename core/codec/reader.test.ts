// Tier: test. Budget: 20 s. The reader of transactions makes of any bytes what protobuf-es makes of them.

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, fromBinary, ScalarType, toBinary } from "@bufbuild/protobuf";
import { AuthInfoSchema, TxBodySchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { readMessage } from "./reader.js";
import { implementersOf, MSG_INTERFACE } from "./registry.js";
import { checkStrictly } from "./strict.js";
import { WireError } from "./wire.js";

const MESSAGES: readonly DescMessage[] = [AuthInfoSchema, TxBodySchema, ...implementersOf(MSG_INTERFACE).values()];

function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return fc.string({ unit: "grapheme", maxLength: 20 });
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 20 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.INT64:
      return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
    case ScalarType.UINT64:
      return fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 1000n));
    case ScalarType.UINT32:
      return fc.nat(2 ** 32 - 1);
    default:
      return fc.integer();
  }
}

function fieldValue(field: DescField, depth: number): fc.Arbitrary<unknown> | undefined {
  if (field.fieldKind === "map") return undefined;
  let one: fc.Arbitrary<unknown>;
  if (field.message !== undefined)
    one = depth === 0 ? fc.constant(create(field.message)) : arbitrary(field.message, depth - 1);
  else if (field.enum !== undefined) one = fc.constantFrom(...field.enum.values.map(({ number }) => number));
  else one = scalar(field.scalar ?? ScalarType.INT32);
  return field.fieldKind === "list" ? fc.array(one, { maxLength: 3 }) : one;
}

/** Random messages of a type; values in them need not make sense. */
function arbitrary(schema: DescMessage, depth: number): fc.Arbitrary<Message> {
  const plain: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of schema.fields) {
    const value = fieldValue(field, depth);
    if (value !== undefined && field.oneof === undefined) plain[field.localName] = fc.option(value, { nil: undefined });
  }
  for (const { localName, fields } of schema.oneofs) {
    plain[localName] = fc.oneof(
      fc.constant({ case: undefined }),
      ...fields.map((field) => fieldValue(field, depth)!.map((value) => ({ case: field.localName, value }))),
    );
  }
  return fc
    .record(plain)
    .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)))
    .map((values) => create(schema, values));
}

describe("reading messages", () => {
  it.each(MESSAGES.map((schema) => [schema.typeName, schema] as const))("%s as the runtime does", (_name, schema) => {
    fc.assert(
      fc.property(arbitrary(schema, 2), (message) => {
        const bytes = toBinary(schema, message);
        expect(readMessage(schema, bytes)).toStrictEqual(fromBinary(schema, bytes));
      }),
      { numRuns: 20 },
    );
  });

  it("parts that stand twice, and bytes that were changed, as the runtime does, if they pass the strict check", () => {
    let passed = 0;
    const schemas: readonly DescMessage[] = [AuthInfoSchema, TxBodySchema, MsgSendSchema];
    for (const schema of schemas) {
      fc.assert(
        fc.property(arbitrary(schema, 3), arbitrary(schema, 3), fc.nat(), fc.nat(255), (first, second, at, byte) => {
          const twice = Buffer.concat([toBinary(schema, first), toBinary(schema, second)]);
          const changed = Buffer.from(twice);
          if (changed.length > 0) changed[at % changed.length] = byte;
          for (const bytes of [twice, changed]) {
            try {
              checkStrictly(schema, bytes, true);
            } catch (error) {
              if (error instanceof WireError) continue;
              throw error;
            }
            passed++;
            expect(readMessage(schema, bytes)).toStrictEqual(fromBinary(schema, bytes));
          }
        }),
        { numRuns: 300 },
      );
    }
    expect(passed).toBeGreaterThan(50);
  });
});
