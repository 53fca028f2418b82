import { createHash, hash as hashOnce } from "node:crypto";

import type { SampleJob } from "@computronium/provider/sample-jobs.js";

/** A job of the demo: what the provider runs, and how the buyer finds the same answer by another program. */
export interface DemoJob {
  readonly title: string;
  readonly module: SampleJob;
  readonly input: Uint8Array;
  /** The answer, computed here. */
  expected(): Uint8Array;
  /** The answer in words. */
  describe(output: Uint8Array): string;
}

/** How many primes there are up to a limit. */
export function countPrimes(limit: number): DemoJob {
  const input = Buffer.alloc(4);
  input.writeUInt32LE(limit);
  return {
    title: `count the primes up to ${limit.toLocaleString("en")}`,
    module: "prime-sieve",
    input,
    expected() {
      const composite = new Uint8Array(limit + 1);
      let count = 0;
      let sum = 0n;
      for (let n = 2; n <= limit; n++) {
        if (composite[n] === 1) continue;
        count++;
        sum += BigInt(n);
        for (let multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = 1;
      }
      const output = Buffer.alloc(12);
      output.writeUInt32LE(count);
      output.writeBigUInt64LE(sum, 4);
      return output;
    },
    describe: (output) => `${Buffer.from(output).readUInt32LE().toLocaleString("en")} primes`,
  };
}

/** SHA-256 of SHA-256 of … of a text's first 32 bytes. */
export function hashChain(start: string, rounds: number): DemoJob {
  const input = Buffer.alloc(36);
  input.write(start, 0, 32, "utf8");
  input.writeUInt32LE(rounds, 32);
  return {
    title: `hash 32 bytes ${rounds.toLocaleString("en")} times`,
    module: "sha256-chain",
    input,
    expected() {
      let hash: Buffer = input.subarray(0, 32);
      for (let i = 0; i < rounds; i++) hash = hashOnce("sha256", hash, "buffer");
      return hash;
    },
    describe: (output) => `last hash ${Buffer.from(output).toString("hex").slice(0, 16)}…`,
  };
}

/** The product of two square matrices modulo 2^32. */
export function multiplyMatrices(size: number): DemoJob {
  const cells = size * size;
  const matrix = (seed: number) => Uint32Array.from({ length: cells }, (_, i) => Math.imul(i + seed, 2_654_435_761));
  const [a, b] = [matrix(1), matrix(7)];
  const input = Buffer.alloc(4 + 8 * cells);
  input.writeUInt32LE(size);
  a.forEach((value, i) => input.writeUInt32LE(value >>> 0, 4 + 4 * i));
  b.forEach((value, i) => input.writeUInt32LE(value >>> 0, 4 + 4 * (cells + i)));
  return {
    title: `multiply two ${size} × ${size} matrices`,
    module: "matrix-multiply",
    input,
    expected() {
      const output = Buffer.alloc(4 * cells);
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += Math.imul(a[row * size + k] ?? 0, b[k * size + column] ?? 0) | 0;
          output.writeUInt32LE(Number(BigInt.asUintN(32, BigInt(sum))), 4 * (row * size + column));
        }
      }
      return output;
    },
    describe: (output) =>
      `${(output.length / 4).toLocaleString("en")} numbers, checksum ${createHash("sha256").update(output).digest("hex").slice(0, 8)}`,
  };
}
