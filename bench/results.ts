import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { repositoryPath } from "./chain/repository.js";
import { run } from "./chain/processes.js";

/** Where and when a figure was measured: without it a figure says nothing. */
export interface Conditions {
  readonly date: string;
  readonly revision: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Average number of runnable processes in the minute before the benchmark; well above 0: the machine was not idle. */
  readonly loadBefore: number;
}

export function conditions(): Conditions {
  return {
    date: new Date().toISOString(),
    revision: run("git", ["-C", repositoryPath("."), "describe", "--always", "--dirty"]).trim(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

export const RESULTS_FOLDER = repositoryPath("bench/results");

/** Writes `bench/results/<name>.json`. */
export function writeResult(name: string, result: object): void {
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  writeFileSync(join(RESULTS_FOLDER, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}
