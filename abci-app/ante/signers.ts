import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { signer as signerOption } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { getOption } from "../../core/codec/protobuf.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import { ErrInvalidRequest } from "../../core/errors.js";

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

/**
 * Everybody who has to sign a transaction: the signers of its messages in their order, each once, then the payer of the
 * fee. Throws `sdk` 7 for malformed addresses, `sdk` 18 when nobody has to.
 */
export function txSigners(addresses: Addresses, tx: DecodedTx): readonly AccAddress[] {
  if (tx.messages.length === 0) throw ErrInvalidRequest.with("must contain at least one message");
  const signers = new Set<AccAddress>();
  for (const { schema, value } of tx.messages) {
    for (const text of messageSigners(schema, value)) signers.add(addresses.account.decode(text));
  }
  const payer = tx.authInfo.fee?.payer ?? "";
  if (payer !== "") signers.add(addresses.account.decode(payer));
  if (signers.size === 0) throw ErrInvalidRequest.with("nobody has to sign the transaction");
  return [...signers];
}
