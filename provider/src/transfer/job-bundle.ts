import { z } from "zod";

import { type JobLimits, LIMIT_CEILINGS, MAX_INPUT_BYTES, MAX_WASM_BYTES } from "../sandbox/limits.js";

/**
 * A job as one file, whose SHA-256 is the lease's manifest hash: who knows the chain and has the file can run the job
 * again. Layout: magic · u32 LE length of the header · header (JSON) · module · input.
 */
const MAGIC = Buffer.from("CPTMJOB1", "latin1");
const MAX_HEADER_BYTES = 4096;

/** Longest bundle, bytes. */
export const MAX_BUNDLE_BYTES = MAGIC.length + 4 + MAX_HEADER_BYTES + MAX_WASM_BYTES + MAX_INPUT_BYTES;

export interface JobBundle {
  readonly wasm: Uint8Array;
  readonly input: Uint8Array;
  readonly limits: JobLimits;
}

const limit = (most: number): z.ZodNumber => z.number().int().positive().max(most);
const Header = z.strictObject({
  wasmBytes: z.number().int().nonnegative().max(MAX_WASM_BYTES),
  inputBytes: z.number().int().nonnegative().max(MAX_INPUT_BYTES),
  limits: z.strictObject({
    cpuMilliseconds: limit(LIMIT_CEILINGS.cpuMilliseconds),
    wallMilliseconds: limit(LIMIT_CEILINGS.wallMilliseconds),
    memoryBytes: limit(LIMIT_CEILINGS.memoryBytes),
    outputBytes: limit(LIMIT_CEILINGS.outputBytes),
  }),
});

/** A file that is no job bundle. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

export function encodeBundle({ wasm, input, limits }: JobBundle): Uint8Array {
  const { cpuMilliseconds, wallMilliseconds, memoryBytes, outputBytes } = limits;
  const header = Header.parse({
    wasmBytes: wasm.length,
    inputBytes: input.length,
    limits: { cpuMilliseconds, wallMilliseconds, memoryBytes, outputBytes },
  });
  const headerBytes = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headerBytes.length);
  return Buffer.concat([MAGIC, length, headerBytes, wasm, input]);
}

/** Throws {@link BundleError} for bytes that are no bundle, to the last byte. */
export function decodeBundle(bytes: Uint8Array): JobBundle {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = MAGIC.length + 4;
  if (buffer.length < start || !buffer.subarray(0, MAGIC.length).equals(MAGIC))
    throw new BundleError(`a job bundle begins with ${MAGIC.toString("latin1")}`);
  const headerBytes = buffer.readUInt32LE(MAGIC.length);
  if (headerBytes > MAX_HEADER_BYTES || start + headerBytes > buffer.length)
    throw new BundleError(
      `the bundle's header has ${headerBytes} bytes; it ends before, or is longer than ${MAX_HEADER_BYTES}`,
    );
  const header = parseHeader(buffer.toString("utf8", start, start + headerBytes));
  const wasmEnd = start + headerBytes + header.wasmBytes;
  const end = wasmEnd + header.inputBytes;
  if (end !== buffer.length) throw new BundleError(`the bundle has ${buffer.length} bytes, its header says ${end}`);
  return {
    wasm: buffer.subarray(start + headerBytes, wasmEnd),
    input: buffer.subarray(wasmEnd, end),
    limits: header.limits,
  };
}

function parseHeader(text: string): z.infer<typeof Header> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BundleError("the bundle's header is no JSON", { cause: error });
  }
  const parsed = Header.safeParse(json);
  if (!parsed.success) throw new BundleError(`the bundle's header: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
