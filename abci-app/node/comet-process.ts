import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

import type { Logger } from "pino";

import { passOnCometLog } from "./comet-log.js";
import { goProcessors } from "./scheduling.js";

/** CometBFT gets this long to stop by itself. It closes peers, RPC and databases in well under a second. */
const STOP_MILLISECONDS = 8_000;

export interface CometOptions {
  readonly binary: string;
  readonly home: string;
  /** ABCI address in its own notation. */
  readonly proxyApp: string;
  readonly logLevel: string;
  /** Further arguments of `cometbft start`. */
  readonly args: readonly string[];
  readonly log: Logger;
  /** It ended without having been asked to, or lives on without consensus. */
  readonly onDeath: (reason: string) => void;
}

/** CometBFT as a child process. */
export class CometProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #log: Logger;
  #stopping = false;

  constructor(options: CometOptions) {
    this.#log = options.log;
    const args = ["start", "--home", options.home, "--proxy_app", options.proxyApp];
    args.push("--log_level", options.logLevel, ...options.args);
    // A process group of its own: Ctrl-C in a terminal reaches this process alone, which stops both in order. The
    // environment goes along, FAIL_TEST_INDEX included. If this process is killed, CometBFT notices by its ABCI connections.
    this.#child = spawn(options.binary, args, {
      env: { ...process.env, CMT_LOG_FORMAT: "json", GOMAXPROCS: goProcessors(process.env) },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const onConsensusFailure = (reason: string): void => {
      if (!this.#stopping) options.onDeath(`cannot go on with consensus: ${reason}`);
    };
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      passOnCometLog(stream, options.log, onConsensusFailure);
    }
    this.#ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        resolve();
        if (!this.#stopping) options.onDeath(reason);
      };
      this.#child.once("error", (error) => end(`could not be started: ${error.message}`));
      // Not "exit": what it printed last says why.
      this.#child.once("close", (code, signal) =>
        end(signal === null ? `exited with status ${code}` : `was ended by ${signal}`),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to stop, and ends it when it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => {
      this.#log.warn("CometBFT does not stop; killing it");
      this.#child.kill("SIGKILL");
    }, STOP_MILLISECONDS);
    await this.#ended;
    clearTimeout(timer);
  }
}
