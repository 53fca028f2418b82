/** Tier: test. Budget: 1 s. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import type { ByteString } from "../bytes.js";
import { isTimestamp, LAST_TIME_NANOS, nanosOf, timestampOf, ZERO_TIME_NANOS } from "../runtime/timestamps.js";
import { KeyDecodingError, timeKey } from "./keys.js";

const time = fc.bigInt(ZERO_TIME_NANOS, LAST_TIME_NANOS);

describe("times in keys", () => {
  it("are read as they were written, of any year from 1 to 9999", () => {
    fc.assert(fc.property(time, (nanos) => expect(timeKey.decode(timeKey.encode(nanos))).toBe(nanos)));
  });

  it("stand in the order of times", () => {
    fc.assert(
      fc.property(time, time, (a, b) => {
        expect(timeKey.encode(a) < timeKey.encode(b)).toBe(a < b);
        expect(timeKey.encode(a) < timeKey.encode(a + 1n)).toBe(true);
      }),
    );
  });

  it("are refused where bytes are missing or left over", () => {
    const bytes = timeKey.encode(5n);
    expect(() => timeKey.decode(bytes.slice(1) as ByteString)).toThrow(KeyDecodingError);
    expect(() => timeKey.decode(`${bytes}\0` as ByteString)).toThrow(KeyDecodingError);
  });
});

it("a Timestamp of a time is one, and that time, however late", () => {
  fc.assert(
    fc.property(time, (nanos) => {
      const timestamp = timestampOf(nanos);
      expect(isTimestamp(timestamp)).toBe(true);
      expect(nanosOf(timestamp)).toBe(nanos);
    }),
  );
  expect(nanosOf(timestampOf(LAST_TIME_NANOS + 5n))).toBe(LAST_TIME_NANOS);
});
