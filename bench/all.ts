#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { repositoryPath } from "./chain/repository.js";

/** Every benchmark, one after another, then the table in bench/README.md. A failed one fails the whole, after the others. */
const BENCHMARKS = [
  "signatures",
  "tree",
  "application",
  "database-size",
  "stake-cost",
  "latency",
  "throughput",
  "table",
];

for (const name of BENCHMARKS) {
  const program = repositoryPath(`dist/bench/${name}.js`);
  if (!existsSync(program)) throw new Error(`${program} is missing: make build`);
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [program], { stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`${name} ended with status ${status}\n`);
    process.exitCode = 1;
  }
}
