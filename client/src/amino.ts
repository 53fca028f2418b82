import type { DescField, DescMessage, DescService, JsonValue, Message } from "@bufbuild/protobuf";
import { create, getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { fromBase64, toBase64 } from "@cosmjs/encoding";
import type { AminoConverters } from "@cosmjs/stargate";
import { dont_omitempty, encoding, field_name, message_encoding, name } from "@computronium/proto/amino/amino_pb.js";
import { scalar } from "@computronium/proto/cosmos_proto/cosmos_pb.js";
import { customtype } from "@computronium/proto/gogoproto/gogo_pb.js";

import { ComputroniumError } from "./errors.js";
import { messagesOf } from "./registry.js";

/*
 * Amino JSON is what a Ledger shows and signs (SIGN_MODE_LEGACY_AMINO_JSON). The rules are those of
 * cosmossdk.io/x/tx/signing/aminojson, driven by the amino.* options of the descriptors, so that a new message needs no
 * line here. What is not needed by any transaction of a person is refused when the converters are made, not when
 * somebody signs: Any, oneofs, maps, and the encodings of public keys and module accounts.
 */

type JsonObject = { [key: string]: JsonValue };

/** Converters for all messages of these `Msg` services that have an `amino.name`. */
export function createAminoConverters(services: Iterable<DescService>): AminoConverters {
  const converters: AminoConverters = {};
  for (const [url, schema] of messagesOf(services)) {
    const aminoType = getOption(schema, name);
    if (aminoType === "") continue;
    if (!isSignable(schema, new Set())) continue;
    converters[url] = {
      aminoType,
      toAmino: (value: Record<string, unknown>) => messageToAmino(reflect(schema, create(schema, value))),
      fromAmino: (value: JsonObject) => messageFromAmino(schema, value),
    };
  }
  return converters;
}

/** True when amino JSON of this message needs none of what is left out here. */
function isSignable(schema: DescMessage, above: Set<DescMessage>): boolean {
  if (isTime(schema)) return true;
  if (schema.typeName === "google.protobuf.Any" || hasOption(schema, message_encoding) || above.has(schema))
    return false;
  const path = new Set(above).add(schema);
  return schema.fields.every(
    (field) =>
      field.oneof === undefined &&
      field.fieldKind !== "map" &&
      ["", "legacy_coins"].includes(getOption(field, encoding)) &&
      (field.message === undefined || isSignable(field.message, path)),
  );
}

function isTime(schema: DescMessage): boolean {
  return schema.typeName === "google.protobuf.Timestamp" || schema.typeName === "google.protobuf.Duration";
}

function aminoFieldName(field: DescField): string {
  return hasOption(field, field_name) ? getOption(field, field_name) : field.name;
}

function messageToAmino(message: ReflectMessage): JsonValue {
  if (message.desc.typeName === "google.protobuf.Timestamp") return timestampToAmino(message.message as Timestamp);
  if (message.desc.typeName === "google.protobuf.Duration") return durationToAmino(message.message as Duration);
  const out: JsonObject = {};
  for (const field of message.fields) {
    if (!message.isSet(field) && !getOption(field, dont_omitempty)) continue;
    out[aminoFieldName(field)] = fieldToAmino(message, field);
  }
  return out;
}

function fieldToAmino(message: ReflectMessage, field: DescField): JsonValue {
  switch (field.fieldKind) {
    case "message":
      if (!message.isSet(field)) throw new ComputroniumError(`${field.toString()} must be set to be signed`);
      return messageToAmino(message.get(field));
    case "list": {
      const list = message.get(field);
      // Go writes a missing slice as null, but for coins.
      if (list.size === 0 && getOption(field, encoding) !== "legacy_coins") return null;
      return [...list].map((item) =>
        field.listKind === "message" ? messageToAmino(item as ReflectMessage) : scalarToAmino(field, item),
      );
    }
    default:
      return scalarToAmino(field, message.get(field));
  }
}

function scalarToAmino(field: DescField, value: unknown): JsonValue {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return toBase64(value);
  if (typeof value === "string") return textToAmino(field, value);
  return value as number | boolean;
}

/** Line and paragraph separators, which Go escapes and JavaScript does not; and what is no Unicode text at all. */
const UNSIGNABLE = /[\u2028\u2029]|\p{Surrogate}/u;

/** Numbers in texts: an empty cosmos.Int is 0; a LegacyDec travels as its integer of 10^-18 and is shown with its point. */
function textToAmino(field: DescField, value: string): string {
  if (UNSIGNABLE.test(value)) {
    throw new ComputroniumError(
      `${field.toString()} cannot be signed as amino JSON: no wallet writes U+2028, U+2029 or half a surrogate pair as the chain does. ` +
        "Leave the character out, or sign with a key that can sign DIRECT.",
    );
  }
  const kind = getOption(field, scalar);
  if (kind === "cosmos.Int") return value === "" ? "0" : value;
  if (kind !== "cosmos.Dec" || getOption(field, customtype) !== "cosmossdk.io/math.LegacyDec") return value;
  if (value === "") return "0";
  const negative = value.startsWith("-");
  const digits = value.slice(negative ? 1 : 0).padStart(19, "0");
  return `${negative ? "-" : ""}${digits.slice(0, -18)}.${digits.slice(-18)}`;
}

function textFromAmino(field: DescField, value: string): string {
  if (getOption(field, scalar) !== "cosmos.Dec" || getOption(field, customtype) !== "cosmossdk.io/math.LegacyDec")
    return value;
  const [whole = "0", fraction = ""] = value.split(".");
  return BigInt(whole + fraction.padEnd(18, "0")).toString();
}

/** RFC 3339 with as many digits of a second as there are. */
function timestampToAmino({ seconds, nanos }: Timestamp): string {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = nanos === 0 ? "" : `.${nanos.toString().padStart(9, "0").replace(/0+$/, "")}`;
  return `${whole}${fraction}Z`;
}

/** Nanoseconds. */
function durationToAmino({ seconds, nanos }: Duration): string {
  return (seconds * 1_000_000_000n + BigInt(nanos)).toString();
}

function messageFromAmino(schema: DescMessage, value: JsonObject): Message {
  const message = reflect(schema);
  for (const field of schema.fields) {
    const given = value[aminoFieldName(field)];
    if (given === undefined || given === null) continue;
    if (field.fieldKind === "list") {
      const list = message.get(field);
      for (const item of given as JsonValue[]) {
        list.add(
          field.listKind === "message" ? subMessageFromAmino(field.message, item) : scalarFromAmino(field, item),
        );
      }
    } else if (field.fieldKind === "message") {
      message.set(field, subMessageFromAmino(field.message, given));
    } else {
      message.set(field, scalarFromAmino(field, given));
    }
  }
  return message.message;
}

function subMessageFromAmino(schema: DescMessage, value: JsonValue): ReflectMessage {
  if (schema.typeName === "google.protobuf.Timestamp") {
    const text = value as string;
    const fraction = /\.(\d{1,9})Z$/.exec(text)?.[1] ?? "";
    const seconds = BigInt(Math.floor(Date.parse(text) / 1000));
    return reflect(schema, create(schema, { seconds, nanos: Number(fraction.padEnd(9, "0")) }));
  }
  if (schema.typeName === "google.protobuf.Duration") {
    const nanos = BigInt(value as string);
    const parts = { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) };
    return reflect(schema, create(schema, parts));
  }
  return reflect(schema, messageFromAmino(schema, value as JsonObject));
}

const LONG = new Set([ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64, ScalarType.FIXED64, ScalarType.SFIXED64]);

function scalarFromAmino(field: DescField, value: JsonValue): unknown {
  if (field.scalar === ScalarType.BYTES) return fromBase64(value as string);
  if (field.scalar === ScalarType.STRING) return textFromAmino(field, value as string);
  return field.scalar !== undefined && LONG.has(field.scalar) ? BigInt(value as string) : value;
}
