import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { scalar as scalarOption } from "@computronium/proto/cosmos_proto/cosmos_pb.js";
import { signer as signerOption } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";

import type { AccAddress, Addresses } from "../address.js";
import { getOption } from "./protobuf.js";

/** A message type that says nobody, or something that is no address, has to sign it. A fault in a `.proto` file. */
export class SignerOptionError extends Error {
  override readonly name = "SignerOptionError";
}

/** Addresses as text of all who have to sign a message, in order. */
type SignersOf = (message: Message, addresses: Addresses) => readonly string[];

/** What fields with the operator of a validator are marked with. */
const VALIDATOR_SCALAR = "cosmos.ValidatorAddressString";

const readers = new WeakMap<DescMessage, SignersOf>();

/**
 * The accounts that have to sign a message, as text, read from its option `cosmos.msg.v1.signer`; found once for each type.
 * Where a field names the operator of a validator (`cptmvaloper1…`), that is the account of the same bytes; throws `sdk` 7
 * when it is no such address.
 */
export function messageSigners(addresses: Addresses, schema: DescMessage, message: Message): readonly string[] {
  let reader = readers.get(schema);
  if (reader === undefined) readers.set(schema, (reader = readerOf(schema)));
  return reader(message, addresses);
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
  return parts.length === 1 && only !== undefined
    ? only
    : (message, addresses) => parts.flatMap((part) => part(message, addresses));
}

function fieldReader(schema: DescMessage, field: DescField): SignersOf {
  const value = (message: Message) => (message as unknown as Record<string, unknown>)[field.localName];
  if (field.fieldKind === "scalar" && getOption(field, scalarOption) === VALIDATOR_SCALAR) {
    return (message, addresses) => [
      addresses.account.encode(addresses.validator.decode(String(value(message))) as string as AccAddress),
    ];
  }
  if (field.fieldKind === "scalar") return (message) => [String(value(message))];
  if (field.fieldKind === "message") {
    const inner = readerOf(field.message);
    return (message, addresses) => {
      const held = value(message) as Message | undefined;
      return held === undefined ? [] : inner(held, addresses);
    };
  }
  if (field.fieldKind === "list" && field.listKind === "scalar") return (message) => value(message) as string[];
  if (field.fieldKind === "list" && field.listKind === "message") {
    const inner = readerOf(field.message);
    return (message, addresses) => (value(message) as Message[]).flatMap((held) => inner(held, addresses));
  }
  throw new SignerOptionError(`${schema.typeName}.${field.name} holds no address`);
}
