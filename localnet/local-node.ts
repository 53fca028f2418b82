import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Child, Children } from "./children.js";
import type { NodePorts } from "./configuration.js";
import { peerAddress } from "./configuration.js";
import type { NodeHome } from "./node-home.js";

const POLL_MS = 100;
const LOG_TAIL_LINES = 20;

export interface LocalNodeSettings {
  readonly name: string;
  readonly home: NodeHome;
  readonly ports: NodePorts;
  readonly command: readonly [string, ...string[]];
  readonly logFile: string;
}

/** One node: computroniumd and the CometBFT that it supervises. */
export class LocalNode {
  readonly name: string;
  readonly home: NodeHome;
  /** CometBFT's RPC. */
  readonly rpcUrl: string;
  /** REST, `http://…`. */
  readonly restUrl: string;
  /** gRPC, `host:port`. */
  readonly grpcAddress: string;
  readonly #settings: LocalNodeSettings;
  readonly #children: Children;
  #child: Child | undefined;

  constructor(settings: LocalNodeSettings, children: Children) {
    this.name = settings.name;
    this.home = settings.home;
    this.rpcUrl = `http://127.0.0.1:${settings.ports.rpc}`;
    this.restUrl = `http://127.0.0.1:${settings.ports.rest}`;
    this.grpcAddress = `127.0.0.1:${settings.ports.grpc}`;
    this.#settings = settings;
    this.#children = children;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** How other nodes reach it: `id@host:port`. */
  get peerAddress(): string {
    return peerAddress(this.home, this.#settings.ports);
  }

  get logFile(): string {
    return this.#settings.logFile;
  }

  /** Process id of computroniumd, which leads the node's process group. Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    if (this.#child !== undefined) throw new Error(`${this.name} runs already`);
    const { name, command, logFile } = this.#settings;
    const child = this.#children.start({ name, command, logFile });
    this.#child = child;
    void child.ended.then(() => {
      if (this.#child === child) this.#child = undefined;
    });
  }

  /** Stops it as an operator does. */
  async stop(): Promise<void> {
    await this.#child?.stop();
    this.#child = undefined;
  }

  /** Ends it as a crash does: SIGKILL to computroniumd and CometBFT. */
  async kill(): Promise<void> {
    await this.#child?.kill();
    this.#child = undefined;
  }

  /** The latest block that it has committed; 0 while it does not answer. */
  async height(): Promise<number> {
    try {
      const answer = await fetch(`${this.rpcUrl}/status`, { signal: AbortSignal.timeout(5_000) });
      const { result } = (await answer.json()) as { result: { sync_info: { latest_block_height: string } } };
      return Number(result.sync_info.latest_block_height);
    } catch {
      return 0;
    }
  }

  /** Waits until it has this block. Throws, with the end of its log, when it ends or takes longer than `timeoutMs`. */
  async waitForHeight(height: number, timeoutMs = 60_000): Promise<void> {
    await this.#waitUntil(`has not reached block ${height}`, timeoutMs, async () => (await this.height()) >= height);
  }

  /** Waits until REST and gRPC take requests, as {@link waitForHeight}. */
  async waitForApis(timeoutMs = 60_000): Promise<void> {
    const { rest, grpc } = this.#settings.ports;
    const areUp = async () => (await listens(rest)) && (await listens(grpc));
    await this.#waitUntil("does not answer by REST and gRPC", timeoutMs, areUp);
  }

  async #waitUntil(not: string, timeoutMs: number, isSo: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + timeoutMs; !(await isSo());) {
      if (this.#child === undefined)
        throw new Error(`${this.name} has ended; its log ${this.logFile} ends with\n${this.#logTail()}`);
      if (Date.now() > end)
        throw new Error(`${this.name} ${not} in ${timeoutMs} ms; ${this.logFile} ends with\n${this.#logTail()}`);
      await sleep(POLL_MS);
    }
  }

  /** Hash of the state after the block before this one, as its header says. */
  async appHash(height: number): Promise<string> {
    const answer = await fetch(`${this.rpcUrl}/block?height=${height}`, { signal: AbortSignal.timeout(5_000) });
    const { result } = (await answer.json()) as { result: { block: { header: { app_hash: string } } } };
    return result.block.header.app_hash;
  }

  #logTail(): string {
    return readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
  }
}

/** Whether somebody takes connections on this port of the loopback interface. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const answer = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}
