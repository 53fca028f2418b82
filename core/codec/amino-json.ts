import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, getOption, hasOption, isFieldSet, ScalarType, toJson } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { Any, Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import * as amino from "@computronium/proto/amino/amino_pb.js";
import { scalar as cosmosScalar } from "@computronium/proto/cosmos_proto/cosmos_pb.js";
import type { LegacyAminoPubKey } from "@computronium/proto/cosmos/crypto/multisig/keys_pb.js";

import { decFromRaw, formatDec } from "../math/dec.js";
import { isDecimal, isNeverNil, isNumber } from "./go-types.js";
import { readMessage } from "./optional-numbers.js";
import { registry, typeUrlOf } from "./registry.js";

/** A message that has no amino JSON form. */
export class AminoJsonError extends Error {
  override readonly name = "AminoJsonError";
}

/** Messages in messages, to keep the stack bounded. Transactions were bounded when they were decoded. */
const MAX_DEPTH = 200;
const MAX_INT64 = (1n << 63n) - 1n;
const NANOS = 1_000_000_000n;

/**
 * The amino JSON of a message within `Any`, `{"type":"cosmos-sdk/MsgSend","value":{…}}`, byte for byte as the SDK's
 * x/tx/signing/aminojson: driven by the `amino.*` options of its .proto file, keys in byte order.
 */
export function aminoJsonOfAny(any: Any, depth = 0): string {
  const schema = any.typeUrl.startsWith("/") ? registry.getMessage(any.typeUrl.slice(1)) : undefined;
  if (schema === undefined) throw new AminoJsonError(`can't resolve type URL ${any.typeUrl}`);
  const name = hasOption(schema, amino.name) ? getOption(schema, amino.name) : typeUrlOf(schema);
  return `{"type":"${name}","value":${aminoJson(schema, readMessage(schema, any.value), depth + 1)}}`;
}

/** The amino JSON of a message of a known type. Throws {@link AminoJsonError}. */
export function aminoJson(schema: DescMessage, message: Message, depth = 0): string {
  if (depth > MAX_DEPTH) throw new AminoJsonError("messages are nested too deep");
  switch (schema.typeName) {
    case "google.protobuf.Any":
      return aminoJsonOfAny(message as Any, depth);
    case "google.protobuf.Timestamp":
      return timestamp(message as Timestamp);
    case "google.protobuf.Duration":
      return duration(message as Duration);
  }
  switch (getOption(schema, amino.message_encoding)) {
    case "key_field":
      return keyField(message);
    case "threshold_string":
      return thresholdString(message as LegacyAminoPubKey, depth);
  }
  return `{${members(schema, message, depth).join(",")}}`;
}

/** A field and the name that it is sorted by. */
interface NamedField {
  readonly field: DescField;
  readonly name: string;
}

const sortedFields = new WeakMap<DescMessage, readonly NamedField[]>();

function fieldsOf(schema: DescMessage): readonly NamedField[] {
  let fields = sortedFields.get(schema);
  if (fields === undefined) {
    fields = schema.fields
      .map((field) => ({ field, name: field.oneof === undefined ? fieldName(field) : camelCase(field.oneof.name) }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    sortedFields.set(schema, fields);
  }
  return fields;
}

function members(schema: DescMessage, message: Message, depth: number): string[] {
  const reflected = reflect(schema, message);
  const emptyOneofs = new Set<string>();
  const written: string[] = [];
  for (const { field, name } of fieldsOf(schema)) {
    const set = isFieldSet(message, field) || isAlwaysWritten(field);
    if (field.oneof !== undefined) {
      if (set) written.push(oneofMember(field, name, valueJson(field, reflected.get(field), depth)));
      else if (reflected.oneofCase(field.oneof) === undefined && !emptyOneofs.has(name)) {
        emptyOneofs.add(name);
        written.push(`${jsonString(name)}:null`);
      }
      continue;
    }
    if (!set && !getOption(field, amino.dont_omitempty)) continue;
    if (!set && field.fieldKind === "message") {
      throw new AminoJsonError(`not supported: dont_omit_empty=true on unset message field: ${name}`);
    }
    const sent = isFieldSet(message, field) || !isAlwaysWritten(field);
    const value = sent ? valueJson(field, reflected.get(field), depth) : zeroJson(field, depth);
    written.push(`${jsonString(name)}:${value}`);
  }
  return written;
}

/** Where Go holds a value and not a pointer, the SDK writes it anew before it makes JSON of it. */
function isAlwaysWritten(field: DescField): boolean {
  return isNeverNil(field) && (field.fieldKind === "message" || (field.fieldKind === "scalar" && isNumber(field)));
}

/** What Go has in a field that is never nil and that was not sent. */
function zeroJson(field: DescField, depth: number): string {
  if (field.message === undefined) return isDecimal(field) ? '"0.000000000000000000"' : '"0"';
  if (field.message.typeName === "google.protobuf.Timestamp") return '"0001-01-01T00:00:00Z"';
  return aminoJson(field.message, create(field.message), depth + 1);
}

function oneofMember(field: DescField, name: string, value: string): string {
  if (!hasOption(field, amino.oneof_name)) {
    throw new AminoJsonError(`field ${field.name} within a oneof must have the amino.oneof_name option set`);
  }
  return `${jsonString(name)}:{"type":"${getOption(field, amino.oneof_name)}","value":{${jsonString(fieldName(field))}:${value}}}`;
}

function valueJson(field: DescField, value: unknown, depth: number): string {
  if (field.fieldKind === "map") throw new AminoJsonError("maps are not supported");
  if (field.fieldKind === "list") {
    const items = [...(value as Iterable<unknown>)];
    if (items.length === 0) return getOption(field, amino.encoding) === "legacy_coins" ? "[]" : "null";
    return `[${items.map((item) => one(field, item, depth)).join(",")}]`;
  }
  return one(field, value, depth);
}

function one(field: DescField, value: unknown, depth: number): string {
  if (field.message !== undefined) return aminoJson(field.message, unwrap(value), depth + 1);
  if (field.enum !== undefined) return String(value);
  if (field.fieldKind !== "list") {
    const scalar = getOption(field, cosmosScalar);
    if (scalar === "cosmos.Int") return jsonString(digits(value) === "" ? "0" : digits(value));
    if (scalar === "cosmos.Dec" && isDecimal(field)) return decimal(field, digits(value));
    if (getOption(field, amino.encoding) === "inline_json") {
      throw new AminoJsonError(`${field.name}: JSON in bytes is not supported`);
    }
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return jsonString(value as string);
    case ScalarType.BYTES:
      return `"${Buffer.from(value as Uint8Array).toString("base64")}"`;
    case ScalarType.BOOL:
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return String(value);
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      throw new AminoJsonError(`${field.name}: floating point is not supported`);
    default:
      return `"${String(value)}"`;
  }
}

/** Reflection hands out messages wrapped. */
function unwrap(value: unknown): Message {
  return (value as { readonly message: Message }).message;
}

/** Numbers in text; some old fields hold the text as bytes. */
function digits(value: unknown): string {
  return typeof value === "string" ? value : Buffer.from(value as Uint8Array).latin1Slice();
}

function decimal(field: DescField, raw: string): string {
  if (raw === "") return '"0"';
  if (!/^-?\d{1,100}$/.test(raw)) throw new AminoJsonError(`${field.name} is no decimal`);
  return `"${formatDec(decFromRaw(BigInt(raw)))}"`;
}

function keyField(message: Message): string {
  const { key } = message as Message & { readonly key: Uint8Array };
  return key.length === 0 ? "null" : `"${Buffer.from(key).toString("base64")}"`;
}

function thresholdString(key: LegacyAminoPubKey, depth: number): string {
  const keys = key.publicKeys.map((inner) => aminoJsonOfAny(inner, depth + 1));
  return `{"pubkeys":[${keys.join(",")}],"threshold":"${key.threshold}"}`;
}

/** As Go's time.RFC3339Nano: a fraction without zeros at its end. */
function timestamp(value: Timestamp): string {
  if (value.nanos < 0) throw new AminoJsonError("nanos must be non-negative on a timestamp");
  const text = toJson(TimestampSchema, value);
  return `"${text.replace(/(\.\d*?)0*Z$/, (_, fraction: string) => (fraction === "." ? "Z" : `${fraction}Z`))}"`;
}

/** Nanoseconds, as Go's time.Duration. */
function duration(value: Duration): string {
  if (value.seconds > MAX_INT64 / NANOS - 1n) throw new AminoJsonError(`${value.seconds} seconds overflow an int64`);
  return `"${BigInt.asIntN(64, value.seconds * NANOS + BigInt(value.nanos))}"`;
}

function fieldName(field: DescField): string {
  return hasOption(field, amino.field_name) ? getOption(field, amino.field_name) : field.name;
}

function camelCase(name: string): string {
  return name
    .split("_")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** A text as Go's encoding/json writes it: what JSON asks for, and what HTML and JavaScript would trip over. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character]!);
}
