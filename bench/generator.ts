import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { LoadResult } from "./load/load.js";
import { repositoryPath } from "./chain/repository.js";

export interface GeneratorOptions {
  readonly chainId: string;
  readonly firstAccountNumber: number;
  readonly seed: string;
  readonly prefix: string;
  readonly denom: string;
  readonly accounts: number;
  /** Transactions signed beforehand. */
  readonly count: number;
  readonly seconds: number;
  readonly ratePerSecond?: number;
  readonly maxOutstanding: number;
  readonly batchSize: number;
  readonly connections: number;
  readonly rpc: string;
  readonly outFile: string;
  readonly extra?: readonly string[];
}

/** The load generator in a process of its own, everything signed, waiting for the node. */
export class Generator {
  readonly #fire: (line: string) => void;
  readonly #exited: Promise<number | null>;
  readonly #outFile: string;
  readonly #kill: () => void;

  private constructor(fire: (line: string) => void, exited: Promise<number | null>, outFile: string, kill: () => void) {
    this.#fire = fire;
    this.#exited = exited;
    this.#outFile = outFile;
    this.#kill = kill;
  }

  /** Starts it and waits until all transactions are signed. */
  static async prepare(options: GeneratorOptions): Promise<Generator> {
    const child = spawn(process.execPath, [repositoryPath("dist/bench/load/main.js"), ...argumentsFor(options)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const lines = createInterface({ input: child.stdout });
    const ready = new Promise<void>((resolve) => lines.once("line", () => resolve()));
    await Promise.race([
      ready,
      exited.then((code) => Promise.reject(new Error(`load generator: exit status ${code}`))),
    ]);
    return new Generator((line) => child.stdin.end(`${line}\n`), exited, options.outFile, kill);
  }

  /** Lets it go against the running node; its result. */
  async fire(nodePid: number): Promise<LoadResult> {
    this.#fire(String(nodePid));
    const code = await this.#exited;
    process.removeListener("exit", this.#kill);
    if (code !== 0) throw new Error(`load generator: exit status ${code}`);
    return JSON.parse(readFileSync(this.#outFile, "utf8")) as LoadResult;
  }
}

function argumentsFor(options: GeneratorOptions): string[] {
  const named = {
    "--rpc": options.rpc,
    "--chain-id": options.chainId,
    "--seed": options.seed,
    "--accounts": options.accounts,
    "--first-account": options.firstAccountNumber,
    "--prefix": options.prefix,
    "--denom": options.denom,
    "--seconds": options.seconds,
    "--count": options.count,
    "--outstanding": options.maxOutstanding,
    "--batch": options.batchSize,
    "--connections": options.connections,
    "--out": options.outFile,
    ...(options.ratePerSecond === undefined ? {} : { "--rate": options.ratePerSecond }),
  };
  return [
    "--wait",
    ...Object.entries(named).flatMap(([name, value]) => [name, String(value)]),
    ...(options.extra ?? []),
  ];
}
