import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The daemon as an operator runs it; the kit runs from dist/test/kit. */
const BINARY = resolve(import.meta.dirname, "../../../bin/computroniumd");

export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

export interface CliOptions {
  /** Standard input, which then ends. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `bin/computroniumd` on one home folder, as a script does: standard input is a pipe. */
export class Cli {
  readonly home: string;
  readonly #temporary: boolean;

  constructor(home?: string) {
    this.#temporary = home === undefined;
    this.home = home ?? mkdtempSync(join(tmpdir(), "computronium-cli-"));
  }

  /** Whatever the status is. */
  run(args: readonly string[], { input = "", env = {} }: CliOptions = {}): Promise<CliResult> {
    return runProgram(BINARY, [...args, "--home", this.home], { input, env });
  }

  /** Standard output of a command that succeeds. */
  async ok(args: readonly string[], options: CliOptions = {}): Promise<string> {
    const { stdout, stderr, status } = await this.run(args, options);
    if (status !== 0) throw new Error(`computroniumd ${args.join(" ")}: status ${status}\n${stderr}${stdout}`);
    return stdout.trimEnd();
  }

  /** Its JSON. */
  async json<T = unknown>(args: readonly string[], options: CliOptions = {}): Promise<T> {
    return JSON.parse(await this.ok([...args, "--output", "json"], options)) as T;
  }

  /** Standard error of a command that fails with status 1. */
  async fails(args: readonly string[], options: CliOptions = {}): Promise<string> {
    const { stdout, stderr, status } = await this.run(args, options);
    if (status !== 1)
      throw new Error(`computroniumd ${args.join(" ")}: status ${status}, expected 1\n${stderr}${stdout}`);
    return stderr.trimEnd();
  }

  /** A file in the home folder; returns its path. */
  file(name: string, text: string): string {
    const path = join(this.home, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    if (this.#temporary) rmSync(this.home, { recursive: true, force: true });
  }
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  { input = "", env = {} }: CliOptions = {},
): Promise<CliResult> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", fail);
    child.on("close", (status) => done({ stdout, stderr, status }));
  });
}
