import { z } from "zod";

/** A 64-bit integer, which CometBFT writes as text. */
export const int64 = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .transform(BigInt);

/** Bytes in hexadecimal. */
export const hex = z
  .string()
  .regex(/^([0-9a-fA-F]{2})*$/)
  .transform((text) => Buffer.from(text, "hex"));

/** Bytes in base64; null for none. */
export const base64OrNull = z
  .string()
  .nullish()
  .transform((text) => Buffer.from(text ?? "", "base64"));

const NANOS_DIGITS = 9;
const MILLISECONDS = 1000;

/** Go's RFC3339Nano, as seconds and nanoseconds; `0001-01-01T00:00:00Z` is Go's time that was never set. */
export const cometTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)
  .transform((text) => {
    const [whole = "", fraction = ""] = text.replace("Z", "").split(".");
    return {
      seconds: BigInt(Date.parse(`${whole}Z`) / MILLISECONDS),
      nanos: Number(fraction.padEnd(NANOS_DIGITS, "0")),
    };
  });
