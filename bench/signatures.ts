#!/usr/bin/env node
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { instantiateSecp256k1 } from "@bitauth/libauth";
import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import { round, percentile } from "./load/statistics.js";
import { conditions, writeResult } from "./results.js";

/** Verifies one signature over a document; throws away nothing: the digest is part of the work. */
type Verify = (sample: Sample) => boolean;

interface Sample {
  readonly document: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
}

interface NativeBinding {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
}

/** The size of a typical bank send's sign bytes. */
const DOCUMENT_BYTES = 250;
const SAMPLES = 256;
const ROUNDS = 7;
/** Verifications of one implementation in a round: about a tenth of a second of the slowest. */
const PER_ROUND = { secp256k1: 2_048, libauth: 1_024, noble: 256 };

async function main(): Promise<void> {
  const measuredUnder = conditions();
  const implementations = await loadImplementations();
  const samples = makeSamples();
  const rounds: Record<string, number[]> = {};
  // The implementations take turns, so that whatever else the machine does falls on all of them.
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const [name, verify] of implementations) {
      (rounds[name] ??= []).push(microsecondsPerVerification(verify, samples, PER_ROUND[name]));
    }
  }
  const medians = Object.entries(rounds).map(([implementation, values]) => ({
    implementation,
    microsecondsMedian: round(percentile(values, 0.5)),
    microsecondsBest: round(Math.min(...values)),
  }));
  for (const { implementation, microsecondsMedian, microsecondsBest } of medians) {
    process.stdout.write(
      `${implementation}: ${microsecondsMedian} µs a verification (best round ${microsecondsBest})\n`,
    );
  }
  writeResult("signatures", { conditions: measuredUnder, documentBytes: DOCUMENT_BYTES, rounds: ROUNDS, medians });
}

async function loadImplementations(): Promise<[keyof typeof PER_ROUND, Verify][]> {
  const list: [keyof typeof PER_ROUND, Verify][] = [];
  const native = loadNative();
  if (native !== undefined) {
    list.push(["secp256k1", (s) => native.ecdsaVerify(s.signature, digest(s.document), s.publicKey)]);
  }
  const libauth = await instantiateSecp256k1();
  list.push(["libauth", (s) => libauth.verifySignatureCompactLowS(s.signature, s.publicKey, digest(s.document))]);
  list.push(["noble", (s) => noble.verify(s.signature, s.document, s.publicKey)]);
  return list;
}

function loadNative(): NativeBinding | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as NativeBinding;
  } catch {
    return undefined;
  }
}

function makeSamples(): Sample[] {
  return Array.from({ length: SAMPLES }, (_, index) => {
    const privateKey = digest(Buffer.from(`signature benchmark ${index}`));
    const document = Buffer.alloc(DOCUMENT_BYTES, `document ${index} `);
    return { document, signature: noble.sign(document, privateKey), publicKey: noble.getPublicKey(privateKey, true) };
  });
}

function microsecondsPerVerification(verify: Verify, samples: readonly Sample[], count: number): number {
  const started = process.hrtime.bigint();
  for (let index = 0; index < count; index++) {
    const sample = samples[index % samples.length];
    if (sample === undefined || !verify(sample)) throw new Error("a valid signature was refused");
  }
  return Number(process.hrtime.bigint() - started) / 1000 / count;
}

function digest(data: Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

await main();
