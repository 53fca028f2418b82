// Tier: test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";

import { fuzzFrames } from "./frames.fuzz.js";
import { FrameError, FrameReader, MAX_FRAME_BYTES } from "./frames.js";

describe("the frame reader", () => {
  it("cuts 20,000 random, valid, truncated and giant streams as the plainest code would", () => {
    fuzzFrames(20_000, 1);
  });

  it("refuses a length above CometBFT's limit as soon as it is announced", () => {
    const reader = new FrameReader();
    reader.push(Uint8Array.from([0x81, 0x80, 0x80, 0x32])); // 104,857,601
    expect(() => reader.next()).toThrow(
      new FrameError(`a frame of ${MAX_FRAME_BYTES + 1} bytes was announced; the most is ${MAX_FRAME_BYTES}`),
    );
  });

  it("waits for a frame of the largest size without allocating it", () => {
    const reader = new FrameReader();
    const before = process.memoryUsage().arrayBuffers;
    reader.push(Uint8Array.from([0x80, 0x80, 0x80, 0x32])); // 104,857,600
    expect(reader.next()).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  it("puts a frame together from single bytes", () => {
    const reader = new FrameReader();
    const frames: Uint8Array[] = [];
    for (const byte of [3, 1, 2, 3, 0, 1, 9]) {
      reader.push(Uint8Array.from([byte]));
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) frames.push(frame);
    }
    expect(frames).toEqual([Uint8Array.from([1, 2, 3]), Uint8Array.from([]), Uint8Array.from([9])]);
    expect(reader.bufferedBytes).toBe(0);
  });
});
