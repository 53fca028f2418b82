import type { DescField, DescMessage, JsonObject, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";

import { goJson, isSelfMarshalled } from "./go-json.js";
import { isNeverNil, isNumber } from "./go-types.js";
import { messageOfUrl, messageToJson } from "./json.js";

/**
 * JSON as the SDK's REST gateway writes it (gogoproto/jsonpb with EmitDefaults and OrigName): {@link messageToJson}, and in
 * addition null for messages and bytes that are not there, which clients look for (`"next_key":null`). What Go holds as a
 * value and not as a pointer is written with its zeros.
 */
export function gatewayJson<D extends DescMessage>(schema: D, message: MessageShape<D>): JsonValue {
  return withAbsent(schema, messageToJson(schema, message), 0);
}

/** Beyond what {@link messageToJson} lets through. */
const MAX_DEPTH = 200;

function withAbsent(schema: DescMessage, json: JsonValue, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw new Error(`${schema.typeName} is nested more than ${MAX_DEPTH} deep`);
  if (!isObject(json)) return json;
  const typeUrl = json["@type"];
  const type = typeof typeUrl === "string" ? messageOfUrl(typeUrl) : schema;
  if (type === undefined || type.typeName.startsWith("google.protobuf.")) return json;
  const written: JsonObject = typeUrl === undefined ? {} : { "@type": typeUrl };
  for (const field of type.fields) {
    const value = Object.hasOwn(json, field.name) ? json[field.name] : undefined;
    const shown = value === undefined || value === null ? absent(field, depth) : present(field, value, depth);
    if (shown !== undefined) written[field.name] = shown;
  }
  return isSelfMarshalled(type) ? goJson(type, written) : written;
}

function present(field: DescField, value: JsonValue, depth: number): JsonValue {
  const child = field.message;
  if (child === undefined) return isBytes(field) && value === "" ? null : value;
  if (field.fieldKind === "list" && Array.isArray(value)) return value.map((one) => withAbsent(child, one, depth + 1));
  if (field.fieldKind === "map" && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withAbsent(child, one, depth + 1)]));
  }
  return withAbsent(child, value, depth + 1);
}

/** What stands for a field that was not sent; undefined for a case of a oneof, which is left out. */
function absent(field: DescField, depth: number): JsonValue | undefined {
  if (field.oneof !== undefined) return undefined;
  const child = field.message;
  if (child === undefined || field.fieldKind !== "message" || !isNeverNil(field)) return null;
  if (child.typeName === "google.protobuf.Timestamp") return "0001-01-01T00:00:00Z";
  if (child.typeName === "google.protobuf.Duration") return "0s";
  return withAbsent(child, messageToJson(child, create(child)), depth + 1);
}

function isBytes(field: DescField): boolean {
  return field.fieldKind === "scalar" && field.scalar === ScalarType.BYTES && !isNumber(field);
}

function isObject(json: JsonValue): json is JsonObject {
  return json !== null && typeof json === "object" && !Array.isArray(json);
}
