import * as fc from "fast-check";

import { FrameError, FrameReader, MAX_FRAME_BYTES } from "./frames.js";

/** What a stream of bytes is cut into, by the plainest code that could do it: the whole input at once, no limits of memory. */
function oracle(input: Uint8Array): { frames: string[]; verdict: "whole" | "cut" | "malformed" } {
  const frames: string[] = [];
  let at = 0;
  while (at < input.length) {
    let length = 0;
    let size = 0;
    for (;;) {
      if (size === 4) return { frames, verdict: "malformed" };
      const byte = input[at + size];
      if (byte === undefined) return { frames, verdict: "cut" };
      length += (byte & 0x7f) * 128 ** size;
      size++;
      if (byte < 0x80) break;
    }
    if (length > MAX_FRAME_BYTES) return { frames, verdict: "malformed" };
    if (at + size + length > input.length) return { frames, verdict: "cut" };
    frames.push(Buffer.from(input.subarray(at + size, at + size + length)).toString("hex"));
    at += size + length;
  }
  return { frames, verdict: "whole" };
}

function read(input: Uint8Array, cuts: readonly number[]): ReturnType<typeof oracle> {
  const reader = new FrameReader();
  const frames: string[] = [];
  const bounds = [...new Set(cuts.map((cut) => cut % (input.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  try {
    for (const end of [...bounds, input.length]) {
      reader.push(input.subarray(start, end));
      start = end;
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
        frames.push(Buffer.from(frame).toString("hex"));
      }
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { frames, verdict: "malformed" };
  }
  return { frames, verdict: reader.atBoundary ? "whole" : "cut" };
}

const framed = fc.uint8Array({ maxLength: 300 }).map((body) => {
  const header = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Uint8Array.from([...header, ...body]);
});
const giant = fc.uint8Array({ minLength: 4, maxLength: 12 }).map((bytes) => bytes.map((byte) => byte | 0x80));
const streams = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.array(framed, { maxLength: 6 }).map((list) => Uint8Array.from(Buffer.concat(list))),
  fc
    .tuple(fc.array(framed, { minLength: 1, maxLength: 4 }), fc.nat())
    .map(([list, cut]) => Uint8Array.from(Buffer.concat(list)).subarray(0, cut % 300)),
  fc
    .tuple(fc.array(framed, { maxLength: 3 }), giant)
    .map(([list, tail]) => Uint8Array.from(Buffer.concat([...list, tail]))),
);

/** For random, valid, truncated and giant streams in random pieces: the same frames and the same verdict as the oracle. */
export function fuzzFrames(numRuns: number, seed: number): void {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(), { maxLength: 6 }), (input, cuts) => {
      const expected = oracle(input);
      const actual = read(input, cuts);
      if (JSON.stringify(actual) !== JSON.stringify(expected)) {
        throw new Error(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
      }
    }),
    { numRuns, seed },
  );
}
