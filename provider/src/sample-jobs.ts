/** The sample jobs of provider/jobs, assembled from their text; for tests and the demo (needs the package `wabt`). */
import { readFile } from "node:fs/promises";

import wabt from "wabt";

export const SAMPLE_JOBS = ["matrix-multiply", "prime-sieve", "sha256-chain"] as const;
export type SampleJob = (typeof SAMPLE_JOBS)[number];

let assembler: ReturnType<typeof wabt> | undefined;

/** Assembles WebAssembly text to its binary form. */
export async function assemble(text: string): Promise<Uint8Array> {
  assembler ??= wabt();
  const module = (await assembler).parseWat("job.wat", text);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** The module of a sample job; what it takes and gives stands at the top of its file. */
export async function sampleJob(name: SampleJob): Promise<Uint8Array> {
  return assemble(await readFile(new URL(`../jobs/${name}.wat`, import.meta.url), "utf8"));
}
