import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { isAlive, signalGroup } from "./process-group.js";

/** How long a process may take to stop by itself. */
const STOP_GRACE_MS = 15_000;
/** After SIGKILL to a group, its orphans are gone as soon as process 1 has collected them; nothing depends on that. */
const KILLED_MS = 1_000;
const POLL_MS = 25;

export interface ChildOptions {
  /** What it is, for messages. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Both of its outputs are appended here. */
  readonly logFile: string;
}

/** A process in a group of its own, so that Ctrl-C reaches only us, and stopping it stops what it started. */
export class Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it ended, with what ended it. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #stopping = false;

  constructor(process: ChildProcess, options: ChildOptions) {
    if (process.pid === undefined) throw new Error(`${options.name} did not start: ${options.command.join(" ")}`);
    this.name = options.name;
    this.pid = process.pid;
    this.logFile = options.logFile;
    this.ended = once(process, "exit").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  /** True once {@link stop} or {@link kill} was called: its end is no surprise. */
  get isStopping(): boolean {
    return this.#stopping;
  }

  /** SIGTERM, and SIGKILL if that is not enough; resolves when nothing of its group is left. */
  async stop(graceMs = STOP_GRACE_MS): Promise<void> {
    this.#stopping = true;
    signalGroup(this.pid, "SIGTERM");
    await this.#gone(graceMs);
    await this.kill();
  }

  /** SIGKILL to the whole group: a crash. */
  async kill(): Promise<void> {
    this.#stopping = true;
    signalGroup(this.pid, "SIGKILL");
    await this.ended;
    await this.#gone(KILLED_MS);
  }

  async #gone(withinMs: number): Promise<void> {
    for (const end = Date.now() + withinMs; Date.now() < end && isAlive(this.pid);) await sleep(POLL_MS);
  }
}

/**
 * The processes of a network. None outlives this one: a reaper process watches, and ends them even after SIGKILL of the
 * process that holds this object.
 */
export class Children {
  readonly #reaper: ChildProcess;
  readonly #children = new Set<Child>();

  constructor() {
    this.#reaper = spawn(process.execPath, [fileURLToPath(new URL("./reaper.js", import.meta.url))], {
      stdio: ["pipe", "ignore", "inherit"],
      detached: true,
    });
    this.#reaper.stdin?.on("error", () => undefined);
    this.#reaper.unref();
    (this.#reaper.stdin as unknown as { unref(): void }).unref();
  }

  start(options: ChildOptions): Child {
    const [program, ...args] = options.command;
    const log = openSync(options.logFile, "a");
    const spawned = spawn(program, args, {
      stdio: ["ignore", log, log],
      detached: true,
      env: { ...process.env, ...options.env },
    });
    closeSync(log);
    spawned.on("error", () => undefined);
    const child = new Child(spawned, options);
    this.#tell(`add ${child.pid}`);
    this.#children.add(child);
    void child.ended.then(() => {
      // Something of its group may be left; then the reaper goes on watching the group.
      if (!isAlive(child.pid)) this.#tell(`drop ${child.pid}`);
      this.#children.delete(child);
    });
    return child;
  }

  /** Removes a folder when the network ends, whoever ends it. */
  removeAtEnd(folder: string): void {
    this.#tell(`remove ${folder}`);
  }

  /** Removes it now. */
  removeNow(folder: string): void {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    this.#tell(`keep ${folder}`);
  }

  /** Leaves the folder where it is. */
  keepAtEnd(folder: string): void {
    this.#tell(`keep ${folder}`);
  }

  /** Stops all of them at once. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#children].map((child) => child.stop()));
  }

  /** Lets the reaper go; what still runs, it ends. */
  close(): void {
    this.#reaper.stdin?.end();
  }

  #tell(line: string): void {
    this.#reaper.stdin?.write(`${line}\n`);
  }
}
