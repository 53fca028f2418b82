/**
 * What runs in the child process: one job, then the end. The parent hands this file's compiled text to
 * `node --eval`, so that the child needs no file but Node itself; hence no imports but Node's own.
 *
 * stdin:  u32 LE length of the header · header (JSON {@link RunnerRequest}) · module · input
 * stdout: u32 LE length of the header · header (JSON {@link RunnerReply}) · output · log
 */
import { readSync, writeSync } from "node:fs";

export interface RunnerRequest {
  readonly wasmBytes: number;
  readonly inputBytes: number;
  readonly outputLimitBytes: number;
  readonly logLimitBytes: number;
}

export interface RunnerReply {
  readonly exit:
    | { readonly kind: "completed"; readonly status: number }
    | { readonly kind: "trap"; readonly message: string }
    | { readonly kind: "output-limit" }
    | { readonly kind: "invalid"; readonly message: string }
    | { readonly kind: "fault"; readonly message: string };
  readonly outputBytes: number;
  readonly logBytes: number;
  /** Linear memory at the end; it never shrinks, so this is its peak. */
  readonly memoryBytes: number;
}

const STDIN = 0;
const STDOUT = 1;

function readFully(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = readSync(STDIN, bytes, at, length - at, null);
    if (count === 0) throw new Error("the job ended early");
    at += count;
  }
  return bytes;
}

function writeFully(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(STDOUT, bytes, at, bytes.length - at);
}

/** Collects what the guest writes, up to a limit. */
class Sink {
  private readonly chunks: Uint8Array[] = [];
  length = 0;
  constructor(readonly limit: number) {}
  /** False when the bytes do not fit; then nothing was taken. */
  write(bytes: Uint8Array): boolean {
    if (bytes.length > this.limit - this.length) return false;
    // A copy: the guest goes on to change its memory. Empty writes are not kept, so that they cost nothing.
    if (bytes.length > 0) this.chunks.push(bytes.slice());
    this.length += bytes.length;
    return true;
  }
  flush(): void {
    for (const chunk of this.chunks) writeFully(chunk);
  }
}

/** Thrown through the guest to end it. */
class OutputLimit extends Error {}
class OutOfBounds extends Error {}

function main(): void {
  const header = readFully(new DataView(readFully(4).buffer).getUint32(0, true));
  const request = JSON.parse(new TextDecoder().decode(header)) as RunnerRequest;
  const wasm = readFully(request.wasmBytes);
  const input = readFully(request.inputBytes);
  const output = new Sink(request.outputLimitBytes);
  const log = new Sink(request.logLimitBytes);
  let memory: WebAssembly.Memory | undefined;

  /** The guest's bytes at `address`; both come as signed 32-bit numbers and mean unsigned ones. */
  const guestBytes = (address: number, length: number): Uint8Array => {
    const [from, size] = [address >>> 0, length >>> 0];
    if (!memory || from + size > memory.buffer.byteLength) throw new OutOfBounds("address outside the guest's memory");
    return new Uint8Array(memory.buffer, from, size);
  };
  const computronium = {
    input_length: () => input.length,
    input_read: (to: number, offset: number, length: number) => {
      const part = input.subarray(offset >>> 0, Math.min(input.length, (offset >>> 0) + (length >>> 0)));
      guestBytes(to, length).set(part);
      return part.length;
    },
    output_write: (from: number, length: number) => {
      if (!output.write(guestBytes(from, length))) throw new OutputLimit();
    },
    log: (from: number, length: number) => void log.write(guestBytes(from, length)),
  };

  const execute = (): RunnerReply["exit"] => {
    let instance: WebAssembly.Instance;
    try {
      instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { computronium });
    } catch (error) {
      // Data or element segments that do not fit trap here; a RangeError says that the host lacks memory.
      if (error instanceof WebAssembly.RuntimeError) return { kind: "trap", message: error.message };
      if (error instanceof RangeError) return { kind: "fault", message: error.message };
      return { kind: "invalid", message: String(error) };
    }
    memory = instance.exports["memory"] as WebAssembly.Memory;
    try {
      return { kind: "completed", status: (instance.exports["run"] as () => number)() };
    } catch (error) {
      if (error instanceof OutputLimit) return { kind: "output-limit" };
      return { kind: "trap", message: error instanceof Error ? error.message : String(error) };
    }
  };

  const exit = execute();
  const reply: RunnerReply = {
    exit,
    outputBytes: output.length,
    logBytes: log.length,
    memoryBytes: memory?.buffer.byteLength ?? 0,
  };
  const replyBytes = new TextEncoder().encode(JSON.stringify(reply));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, replyBytes.length, true);
  writeFully(length);
  writeFully(replyBytes);
  output.flush();
  log.flush();
}

main();
