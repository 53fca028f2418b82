import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";

/**
 * Types that marshal themselves in Go, by `encoding/json` instead of `jsonpb` (x/staking/types/delegation.go), so that every
 * Cosmos REST answer shows them that way: 64-bit numbers as numbers, zeros left out, empty lists as null.
 */
const SELF_MARSHALLED: ReadonlySet<string> = new Set(["cosmos.staking.v1beta1.RedelegationResponse"]);

const WIDE: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

export function isSelfMarshalled(schema: DescMessage): boolean {
  return SELF_MARSHALLED.has(schema.typeName);
}

/** Gateway JSON of such a type, as `encoding/json` writes it. */
export function goJson(schema: DescMessage, json: JsonObject): JsonObject {
  const written: JsonObject = {};
  for (const field of schema.fields) {
    const value = json[field.name];
    const shown = value === undefined ? undefined : fieldJson(field, value);
    if (shown !== undefined) written[field.name] = shown;
  }
  return written;
}

/** Undefined for a zero, which the tags of the Go structs leave out. */
function fieldJson(field: DescField, value: JsonValue): JsonValue | undefined {
  if (field.fieldKind === "list" && Array.isArray(value)) {
    return value.length === 0 ? null : value.map((one) => nested(field.message, one));
  }
  if (field.fieldKind === "scalar" && WIDE.has(field.scalar)) return value === "0" ? undefined : Number(value);
  if (field.message?.typeName === "google.protobuf.Timestamp") return shortest(value);
  return value === "" ? undefined : nested(field.message, value);
}

/** As time.RFC3339Nano: no zeros at the end of a fraction, where protobuf has groups of three digits. */
function shortest(time: JsonValue): JsonValue {
  return typeof time === "string" ? time.replace(/(\.\d*?)0+Z$/, "$1Z").replace(".Z", "Z") : time;
}

function nested(schema: DescMessage | undefined, value: JsonValue): JsonValue {
  const isPlain = value === null || typeof value !== "object" || Array.isArray(value);
  return schema === undefined || isPlain ? value : goJson(schema, value);
}
