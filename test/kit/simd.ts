import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

import type { CliOptions, CliResult } from "./cli.js";
import { runProgram } from "./cli.js";

const BUILD_SCRIPT = resolve(import.meta.dirname, "../../../scripts/peers/build-simd.sh");

/** The Cosmos SDK's own daemon as a client: its keyring and its commands, in a home folder of its own. */
export class Simd {
  readonly #binary: string;
  readonly #home: string;

  /** Builds it when the cache does not have it: minutes. */
  constructor(home: string) {
    this.#binary = execFileSync("sh", [BUILD_SCRIPT], { encoding: "utf8" }).trim();
    this.#home = home;
  }

  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return runProgram(this.#binary, [...args, "--home", this.#home], options);
  }

  /** Both outputs of a command that succeeds: some of its commands print results on standard error. */
  async ok(args: readonly string[], options: CliOptions = {}): Promise<string> {
    const { stdout, stderr, status } = await this.run(args, options);
    if (status !== 0) throw new Error(`simd ${args.join(" ")}: status ${status}\n${stderr}${stdout}`);
    return `${stdout}${stderr}`.trim();
  }
}
