import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { getOption, ScalarType } from "@bufbuild/protobuf";
import { customtype, stdduration, stdtime } from "@computronium/proto/gogoproto/gogo_pb.js";

import { acceptedTypes, implementersOf, MSG_INTERFACE, PUBLIC_KEY_INTERFACE } from "./registry.js";

/** Wire types of protobuf. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

/** What must be looked at inside a field, beyond its length. */
export type Content = "none" | "utf8" | "integer" | "decimal" | "message" | "any" | "timestamp" | "duration";

/** What the strict reader knows of a field. */
export interface FieldPlan {
  readonly name: string;
  /** Wire type of one value. */
  readonly wire: number;
  /** A list of numbers, which may also come packed into one field of bytes. */
  readonly packable: boolean;
  readonly content: Content;
  /** Of messages. */
  readonly child: DescMessage | undefined;
  /** Of `Any`: the types it takes; undefined when all packable ones will do. */
  readonly accepts: ReadonlyMap<string, DescMessage> | undefined;
}

/** Fields of a message by their numbers. */
export interface MessagePlan {
  readonly typeName: string;
  field(number: number): FieldPlan | undefined;
}

const plans = new WeakMap<DescMessage, MessagePlan>();
/** Fields below this number are found in an array. */
const SMALL = 64;

/** `Any` fields of the SDK's files that do not say in an option what their Go code asks for. */
const INTERFACE_OF: ReadonlyMap<string, string> = new Map([
  ["cosmos.tx.v1beta1.TxBody.messages", MSG_INTERFACE],
  ["cosmos.tx.v1beta1.TxBody.extension_options", "cosmos.tx.v1beta1.TxExtensionOptionI"],
  ["cosmos.tx.v1beta1.TxBody.non_critical_extension_options", "cosmos.tx.v1beta1.TxExtensionOptionI"],
  ["cosmos.tx.v1beta1.SignerInfo.public_key", PUBLIC_KEY_INTERFACE],
  ["cosmos.crypto.multisig.LegacyAminoPubKey.public_keys", PUBLIC_KEY_INTERFACE],
  ["cosmos.gov.v1.MsgSubmitProposal.messages", MSG_INTERFACE],
  ["cosmos.group.v1.MsgSubmitProposal.messages", MSG_INTERFACE],
]);

export function planOf(schema: DescMessage): MessagePlan {
  let plan = plans.get(schema);
  if (plan === undefined) plans.set(schema, (plan = makePlan(schema)));
  return plan;
}

function makePlan(schema: DescMessage): MessagePlan {
  const small: (FieldPlan | undefined)[] = new Array<undefined>(SMALL).fill(undefined);
  const large = new Map<number, FieldPlan>();
  for (const field of schema.fields) {
    // A map has no one encoding: no message of a transaction has one, and one that did would be refused as unknown.
    if (field.fieldKind === "map") continue;
    if (field.number < SMALL) small[field.number] = fieldPlan(field);
    else large.set(field.number, fieldPlan(field));
  }
  return {
    typeName: schema.typeName,
    field: (number) => (number < SMALL ? small[number] : large.get(number)),
  };
}

function fieldPlan(field: DescField): FieldPlan {
  const wire = wireOf(field);
  return {
    name: field.name,
    wire,
    packable: field.fieldKind === "list" && wire !== WIRE.bytes,
    content: contentOf(field),
    child: field.message,
    accepts: acceptsOf(field),
  };
}

function acceptsOf(field: DescField): ReadonlyMap<string, DescMessage> | undefined {
  const name = INTERFACE_OF.get(`${field.parent.typeName}.${field.name}`);
  return name === undefined ? acceptedTypes(field) : implementersOf(name);
}

function wireOf(field: DescField): number {
  if (field.message !== undefined) return WIRE.bytes;
  if (field.enum !== undefined) return WIRE.varint;
  switch (field.scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WIRE.bytes;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
      return WIRE.fixed32;
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
    case ScalarType.DOUBLE:
      return WIRE.fixed64;
    default:
      return WIRE.varint;
  }
}

function contentOf(field: DescField): Content {
  if (field.message !== undefined) {
    if (field.message.typeName === "google.protobuf.Any") return "any";
    if (getOption(field, stdtime)) return "timestamp";
    if (getOption(field, stdduration)) return "duration";
    return "message";
  }
  if (field.scalar !== ScalarType.STRING) return "none";
  const goType = getOption(field, customtype);
  if (goType.endsWith("math.Int")) return "integer";
  if (goType.endsWith("math.LegacyDec")) return "decimal";
  return "utf8";
}
