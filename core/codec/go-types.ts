import type { DescField } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { casttype, customtype, nullable } from "@computronium/proto/gogoproto/gogo_pb.js";

/** math.LegacyDec: raw on the wire. Fields with the scalar alone (`cosmos.Dec` without the Go type) carry the point already. */
export function isDecimal(field: DescField): boolean {
  return goTypeOf(field).endsWith("math.LegacyDec");
}

/** math.Int: its empty text is zero. */
export function isInteger(field: DescField): boolean {
  return goTypeOf(field).endsWith("math.Int");
}

const goTypes = new WeakMap<DescField, string>();

/** The option's text. Read once for each field: reading decodes the options, and a genesis file asks a million times. */
function goTypeOf(field: DescField): string {
  let goType = goTypes.get(field);
  if (goType === undefined) goTypes.set(field, (goType = getOption(field, customtype)));
  return goType;
}

const rawJson = new WeakMap<DescField, boolean>();

/** json.RawMessage: bytes that hold JSON, which is shown as it is (cosmos.genutil). */
export function isRawJson(field: DescField): boolean {
  let is = rawJson.get(field);
  if (is === undefined) rawJson.set(field, (is = getOption(field, casttype) === "encoding/json.RawMessage"));
  return is;
}

/** Fields whose JSON differs from what is on the wire. */
export function isNumber(field: DescField): boolean {
  return isDecimal(field) || isInteger(field);
}

/** `(gogoproto.nullable) = false`: Go holds the field as a value, which is zero where nothing was sent. */
export function isNeverNil(field: DescField): boolean {
  return hasOption(field, nullable) && !getOption(field, nullable);
}
