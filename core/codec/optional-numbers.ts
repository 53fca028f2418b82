import type { DescField, DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";

import { isNeverNil, isNumber } from "./go-types.js";
import { WireReader } from "./wire.js";

const optionalNumbers = new WeakMap<DescMessage, readonly DescField[]>();

/** Numbers in text that Go holds as a pointer. Hardly any message has one. */
function optionalNumbersOf(schema: DescMessage): readonly DescField[] {
  let fields = optionalNumbers.get(schema);
  if (fields === undefined) {
    fields = schema.fields.filter((field) => field.fieldKind === "scalar" && isNumber(field) && !isNeverNil(field));
    optionalNumbers.set(schema, fields);
  }
  return fields;
}

/**
 * Reads a message as gogoproto does where protobuf-es cannot tell two things apart: an optional number that was not sent, and
 * one that was sent without digits. To Go (math.Int and LegacyDec) the second is a pointer to a number, and its encoder makes
 * 0 of it: so the SDK shows it to signers. The bytes were checked before ({@link checkStrictly}).
 */
export function readMessage<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  const message = fromBinary(schema, bytes);
  for (const field of optionalNumbersOf(schema)) {
    const fields = message as Message & Record<string, unknown>;
    if (fields[field.localName] === "" && isSent(field, bytes)) fields[field.localName] = "0";
  }
  return message;
}

function isSent(field: DescField, bytes: Uint8Array): boolean {
  const reader = new WireReader(bytes);
  const end = bytes.length;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    const number = Math.floor(tag / 8);
    if (number === field.number) return true;
    reader.skip({ number, wire: tag % 8, end });
  }
  return false;
}
