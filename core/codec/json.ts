import type { DescField, DescMessage, JsonValue, Message, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, fromJson, isMessage, ScalarType, toBinary, toJson } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { reflect } from "@bufbuild/protobuf/reflect";
import { AnySchema } from "@bufbuild/protobuf/wkt";

import { formatDec, parseDec, decFromRaw } from "../math/dec.js";
import { isInteger, isNeverNil, isNumber, isRawJson } from "./go-types.js";
import { registry, typeUrlOf } from "./registry.js";

/**
 * Proto3 JSON as Cosmos writes it: names as in the .proto files, fields at their defaults too, 64-bit integers as text,
 * `Any` expanded with `@type`. Decimals are whole numbers of 10^-18 on the wire and `0.050000000000000000` here.
 */
export function messageToJson<D extends DescMessage>(schema: D, message: MessageShape<D>): JsonValue {
  const json = toJson(schema, message, { registry, useProtoFieldName: true, alwaysEmitImplicit: true });
  return convert(schema, json, { number: numberToJson, raw: rawToJson, depth: 0 });
}

/**
 * Reads what {@link messageToJson} writes; also the names in lowerCamelCase. Throws an Error that says what is wrong:
 * unknown fields (unless they are to be ignored), wrong kinds, numbers out of range.
 */
export function messageFromJson<D extends DescMessage>(
  schema: D,
  json: JsonValue,
  options: { readonly ignoreUnknownFields?: boolean } = {},
): MessageShape<D> {
  const converted = convert(schema, json, { number: numberFromJson, raw: rawFromJson, depth: 0 });
  const message = fromJson(schema, converted, { registry, ignoreUnknownFields: options.ignoreUnknownFields === true });
  shortenTypeUrls(schema, message);
  return message;
}

/** The runtime packs `Any` from JSON under `type.googleapis.com/`; on this chain a type URL is a slash and the name. */
function shortenTypeUrls(schema: DescMessage, message: Message): void {
  if (isMessage(message, AnySchema)) {
    const inner = messageOfUrl(message.typeUrl);
    if (inner === undefined) return;
    const value = fromBinary(inner, message.value);
    shortenTypeUrls(inner, value);
    message.typeUrl = typeUrlOf(inner);
    message.value = toBinary(inner, value);
    return;
  }
  const reflected = reflect(schema, message);
  for (const field of schema.fields) {
    const child = field.message;
    if (child === undefined || !reflected.isSet(field)) continue;
    const value: unknown = reflected.get(field);
    for (const part of field.fieldKind === "message" ? [value] : (value as Iterable<unknown>)) {
      const one = field.fieldKind === "map" ? (part as readonly unknown[])[1] : part;
      shortenTypeUrls(child, (one as ReflectMessage).message);
    }
  }
}

/** JSON from an untrusted file or request. Throws an Error for keys that JavaScript takes for more than names. */
export function parseJson(text: string): JsonValue {
  return JSON.parse(text, (key, value: JsonValue) => {
    if (key === "__proto__") throw new Error(`"__proto__" is no name of a field`);
    return value;
  }) as JsonValue;
}

/** JSON in JSON: beyond it the text is refused, long before the stack ends. */
const MAX_DEPTH = 100;

interface Conversion {
  readonly number: (value: JsonValue, field: DescField) => JsonValue;
  /** Of JSON that is bytes on the wire. */
  readonly raw: (value: JsonValue) => JsonValue;
  readonly depth: number;
}

/** The same JSON with the numbers of the schema rewritten. Parts without such numbers are not copied. */
function convert(schema: DescMessage, json: JsonValue, how: Conversion): JsonValue {
  if (how.depth > MAX_DEPTH) throw new Error(`${schema.typeName} is nested more than ${MAX_DEPTH} deep`);
  if (json === null || typeof json !== "object" || Array.isArray(json)) return json;
  const type = typeof json["@type"] === "string" ? messageOfUrl(json["@type"]) : schema;
  if (type === undefined || !hasNumbers(type, new Set())) return json;
  const inner: Conversion = { ...how, depth: how.depth + 1 };
  return Object.fromEntries(
    Object.entries(json)
      .map(([name, value]): [string, JsonValue] => {
        const field = type.fields.find((known) => known.name === name || known.jsonName === name);
        return [name, field === undefined ? value : convertField(field, value, inner)];
      })
      // Cosmos says the type before the fields.
      .sort(([a], [b]) => Number(b === "@type") - Number(a === "@type")),
  );
}

function convertField(field: DescField, value: JsonValue, how: Conversion): JsonValue {
  if (isNumber(field)) return Array.isArray(value) ? value.map((v) => how.number(v, field)) : how.number(value, field);
  if (isRawJson(field)) return Array.isArray(value) ? value.map(how.raw) : how.raw(value);
  const child = field.message;
  if (child === undefined) return value;
  if (field.fieldKind === "list" && Array.isArray(value)) return value.map((v) => convert(child, v, how));
  if (field.fieldKind === "map" && value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, convert(child, v, how)]));
  }
  return convert(child, value, how);
}

/** The type that an `Any` names; undefined when it is not known. */
export function messageOfUrl(typeUrl: string): DescMessage | undefined {
  return registry.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
}

const withNumbers = new Map<DescMessage, boolean>();

function hasNumbers(schema: DescMessage, above: ReadonlySet<DescMessage>): boolean {
  const known = withNumbers.get(schema);
  if (known !== undefined) return known;
  const path = new Set([...above, schema]);
  const found = schema.fields.some((field) => {
    if (isNumber(field) || isRawJson(field)) return true;
    const child = field.message;
    if (child === undefined || path.has(child)) return false;
    return child.typeName === "google.protobuf.Any" || hasNumbers(child, path);
  });
  // Within a cycle the answer for a part of it is not known before the whole of it is.
  if (found || above.size === 0) withNumbers.set(schema, found);
  return found;
}

function rawToJson(value: JsonValue): JsonValue {
  return typeof value === "string" ? parseJson(Buffer.from(value, "base64").toString("utf8")) : value;
}

function rawFromJson(value: JsonValue): JsonValue {
  return Buffer.from(JSON.stringify(value), "utf8").toString("base64");
}

function numberToJson(value: JsonValue, field: DescField): JsonValue {
  if (typeof value !== "string") return value;
  // What Go may leave nil is nothing, not zero.
  if (value === "" && !isNeverNil(field)) return null;
  // A few old fields (of x/slashing, x/staking) are bytes: the same digits, which JSON shows in base64.
  const raw = field.scalar === ScalarType.BYTES ? Buffer.from(value, "base64").latin1Slice() : value;
  if (isInteger(field)) return raw === "" ? "0" : raw;
  if (raw !== "" && !/^-?\d{1,100}$/.test(raw)) throw new Error(`${field.name} holds "${raw}", which is no decimal`);
  return formatDec(decFromRaw(raw === "" ? 0n : BigInt(raw)));
}

function numberFromJson(value: JsonValue, field: DescField): JsonValue {
  if (value === null) return value;
  if (isInteger(field)) {
    return field.scalar === ScalarType.BYTES
      ? Buffer.from(integerText(value, field), "latin1").toString("base64")
      : value;
  }
  const decimal = typeof value === "string" ? parseDec(value) : undefined;
  if (decimal === undefined) throw new Error(`${field.name} is ${JSON.stringify(value)}, expected a decimal as text`);
  const raw = decimal.toString();
  return field.scalar === ScalarType.BYTES ? Buffer.from(raw, "latin1").toString("base64") : raw;
}

function integerText(value: JsonValue, field: DescField): string {
  if (typeof value === "string" && /^-?\d{1,100}$/.test(value)) return value;
  throw new Error(`${field.name} is ${JSON.stringify(value)}, expected a whole number as text`);
}
