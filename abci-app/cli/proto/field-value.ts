import { readFileSync } from "node:fs";

import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";

import { parseJson } from "../../../core/codec/json.js";
import { ScalarType } from "../../../core/codec/protobuf.js";
import { parseCoinsText } from "../../../core/math/coins.js";
import { nanosOfDuration } from "./duration.js";
import { enumNames, fieldTitle, kebabOfSnake } from "./names.js";

/** A value on the command line that does not fit its field. */
export class InputError extends Error {
  override readonly name = "InputError";
}

const COIN = "cosmos.base.v1beta1.Coin";
const DURATION = "google.protobuf.Duration";
const TIMESTAMP = "google.protobuf.Timestamp";
/** Far above the 1 MiB that a transaction may have. */
const MAX_FILE_BYTES = 4 << 20;

/** What a field takes, for help texts: `coins`, `uint64`, `json`. */
export function fieldKindText(field: DescField): string {
  const one = oneKindText(field);
  if (field.fieldKind !== "list") return one;
  return one === "coin" ? "coins" : `${one}…`;
}

function oneKindText(field: DescField): string {
  if (field.message !== undefined) {
    const { typeName } = field.message;
    if (typeName === COIN) return "coin";
    if (typeName === DURATION) return "duration";
    return typeName === TIMESTAMP ? "time" : "json";
  }
  if (field.enum !== undefined) return "enum";
  if (field.scalar === ScalarType.STRING) return "text";
  return field.scalar === undefined ? "json" : ScalarType[field.scalar].toLowerCase();
}

/** Longer words on what may be written, where the kind alone does not tell. */
export function fieldHint(field: DescField): string {
  if (field.enum !== undefined)
    return enumNames(field.enum)
      .map(({ written }) => written)
      .join(", ");
  switch (oneKindText(field)) {
    case "coin":
      return field.fieldKind === "list" ? "such as 5ucptm,3other" : "such as 5ucptm";
    case "duration":
      return "such as 1h30m";
    case "time":
      return "such as 2026-01-31T12:00:00Z";
    case "bytes":
      return "hexadecimal or base64, or @file";
    case "json":
      return field.message === undefined ? "JSON" : `JSON or @file: ${exampleJson(field.message)}`;
    default:
      return "";
  }
}

/** The texts given for a field, as the proto3 JSON of its value. Throws {@link InputError}. */
export function fieldValue(field: DescField, texts: readonly string[]): JsonValue {
  if (field.fieldKind === "map") return jsonOf(field, only(field, texts));
  if (field.fieldKind !== "list") return oneValue(field, only(field, texts));
  return texts.flatMap((text) => listValues(field, text));
}

function only(field: DescField, texts: readonly string[]): string {
  const [text] = texts;
  if (text === undefined || texts.length !== 1)
    throw new InputError(`${fieldTitle(field)} is given ${texts.length} times`);
  return text;
}

function listValues(field: DescField, text: string): JsonValue[] {
  if (text.trimStart().startsWith("[")) {
    const json = jsonOf(field, text);
    return Array.isArray(json) ? json : [json];
  }
  if (field.message?.typeName === COIN && !text.trimStart().startsWith("{")) return coinsOf(field, text);
  if (field.message !== undefined) return [oneValue(field, text)];
  return text === "" ? [] : text.split(",").map((part) => oneValue(field, part.trim()));
}

function coinsOf(field: DescField, text: string): JsonValue[] {
  try {
    return parseCoinsText(text).map(({ denom, amount }) => ({ denom, amount: amount.toString() }));
  } catch (error) {
    throw new InputError(`${fieldTitle(field)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function oneValue(field: DescField, text: string): JsonValue {
  if (field.message !== undefined) return messageValue(field, field.message, text);
  if (field.enum !== undefined) {
    const value = enumNames(field.enum).find(
      ({ written, name, number }) =>
        written === kebabOfSnake(text.toLowerCase()) || name === text || String(number) === text,
    );
    if (value === undefined) throw new InputError(`${fieldTitle(field)} is "${text}": expected ${fieldHint(field)}`);
    return value.name;
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      if (text !== "true" && text !== "false")
        throw new InputError(`${fieldTitle(field)} is "${text}": expected true or false`);
      return text === "true";
    case ScalarType.BYTES:
      return Buffer.from(bytesOf(field, text)).toString("base64");
    default:
      if (!/^-?\d{1,20}$/.test(text))
        throw new InputError(`${fieldTitle(field)} is "${text}": expected a whole number`);
      return isSmall(field.scalar) ? Number(text) : text;
  }
}

function isSmall(scalar: ScalarType | undefined): boolean {
  const small: readonly (ScalarType | undefined)[] = [
    ScalarType.INT32,
    ScalarType.UINT32,
    ScalarType.SINT32,
    ScalarType.FIXED32,
    ScalarType.SFIXED32,
  ];
  return small.includes(scalar);
}

function messageValue(field: DescField, type: DescMessage, text: string): JsonValue {
  if (type.typeName === DURATION) {
    const nanos = nanosOfDuration(text);
    if (nanos === undefined)
      throw new InputError(`${fieldTitle(field)} is "${text}": expected a duration such as 1h30m or 90s`);
    const fraction = nanos % 1_000_000_000n;
    return `${nanos / 1_000_000_000n}${fraction === 0n ? "" : `.${fraction.toString().padStart(9, "0")}`}s`;
  }
  if (type.typeName === TIMESTAMP) {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text))
      throw new InputError(`${fieldTitle(field)} is "${text}": expected a time such as 2026-01-31T12:00:00Z`);
    return text;
  }
  if (type.typeName === COIN && !text.trimStart().startsWith("{") && !text.startsWith("@")) {
    const [coin, second] = coinsOf(field, text);
    if (coin === undefined || second !== undefined)
      throw new InputError(`${fieldTitle(field)} is "${text}": expected one coin such as 5ucptm`);
    return coin;
  }
  return jsonOf(field, text);
}

function jsonOf(field: DescField, text: string): JsonValue {
  try {
    return parseJson(text.startsWith("@") ? fileText(text.slice(1)) : text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`${fieldTitle(field)}: ${why}; expected ${fieldHint(field)}`);
  }
}

function bytesOf(field: DescField, text: string): Uint8Array {
  if (text.startsWith("@")) {
    const bytes = readFileSync(text.slice(1));
    if (bytes.length > MAX_FILE_BYTES)
      throw new InputError(`${text.slice(1)} has ${bytes.length} bytes, at most ${MAX_FILE_BYTES}`);
    return bytes;
  }
  const hex = text.replace(/^0x/, "");
  if (hex.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(hex)) return Buffer.from(hex, "hex");
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return Buffer.from(text, "base64");
  throw new InputError(`${fieldTitle(field)} is "${text}": expected ${fieldHint(field)}`);
}

function fileText(path: string): string {
  const text = readFileSync(path, "utf8");
  if (text.length > MAX_FILE_BYTES)
    throw new InputError(`${path} has ${text.length} characters, at most ${MAX_FILE_BYTES}`);
  return text;
}

/** A message with a stand-in for each field: what the JSON of a nested message looks like. */
export function exampleJson(type: DescMessage): string {
  return JSON.stringify(exampleOf(type, 0));
}

const MAX_EXAMPLE_DEPTH = 3;

function exampleOf(type: DescMessage, depth: number): JsonValue {
  if (type.typeName === "google.protobuf.Any") return { "@type": "/…" };
  if (type.typeName === DURATION) return "60s";
  if (type.typeName === TIMESTAMP) return "2026-01-31T12:00:00Z";
  if (depth === MAX_EXAMPLE_DEPTH) return {};
  return Object.fromEntries(
    type.fields.map((field): [string, JsonValue] => {
      const one =
        field.message !== undefined
          ? exampleOf(field.message, depth + 1)
          : field.enum !== undefined
            ? (field.enum.values.at(-1)?.name ?? "")
            : field.scalar === ScalarType.BOOL
              ? false
              : isSmall(field.scalar)
                ? 0
                : field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES
                  ? ""
                  : "0";
      return [field.name, field.fieldKind === "list" ? [one] : one];
    }),
  );
}
