import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { signer as signerOption } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";

import { getOption } from "./protobuf.js";

/** A message type that says nobody, or something that is no address, has to sign it. A fault in a `.proto` file. */
export class SignerOptionError extends Error {
  override readonly name = "SignerOptionError";
}

/** Addresses as text of all who have to sign a message, in order. */
type SignersOf = (message: Message) => readonly string[];

const readers = new WeakMap<DescMessage, SignersOf>();

/** Who has to sign a message, read from its option `cosmos.msg.v1.signer`; found once for each type. */
export function messageSigners(schema: DescMessage, message: Message): readonly string[] {
  let reader = readers.get(schema);
  if (reader === undefined) readers.set(schema, (reader = readerOf(schema)));
  return reader(message);
}

function readerOf(schema: DescMessage): SignersOf {
  const names = getOption(schema, signerOption);
  if (names.length === 0) throw new SignerOptionError(`${schema.typeName} does not say who signs it`);
  const parts = names.map((name) => {
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new SignerOptionError(`${schema.typeName} has no field ${name}`);
    return fieldReader(schema, field);
  });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : (message) => parts.flatMap((part) => part(message));
}

function fieldReader(schema: DescMessage, field: DescField): SignersOf {
  const value = (message: Message) => (message as unknown as Record<string, unknown>)[field.localName];
  if (field.fieldKind === "scalar") return (message) => [String(value(message))];
  if (field.fieldKind === "message") {
    const inner = readerOf(field.message);
    return (message) => {
      const held = value(message) as Message | undefined;
      return held === undefined ? [] : inner(held);
    };
  }
  if (field.fieldKind === "list" && field.listKind === "scalar") return (message) => value(message) as string[];
  if (field.fieldKind === "list" && field.listKind === "message") {
    const inner = readerOf(field.message);
    return (message) => (value(message) as Message[]).flatMap((held) => inner(held));
  }
  throw new SignerOptionError(`${schema.typeName}.${field.name} holds no address`);
}
