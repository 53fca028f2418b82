import { chmodSync, lstatSync, rmSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";

import type { Request } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import type { AbciApplication } from "./application.js";
import { isPromise } from "./application.js";
import { dispatch, mayOverlap, snapshotAccepted } from "./calls.js";
import type { CallHandler } from "./connection.js";
import { Connection } from "./connection.js";
import { CallGrammar, GrammarError } from "./grammar.js";
import type { IndexRule } from "./index-rule.js";
import { indexAll } from "./index-rule.js";
import type { ListenAddress } from "./listen-address.js";
import type { ResponseValue } from "./messages.js";

/** CometBFT has four; the rest is for a restarted one whose predecessor's connections linger, and for looking in by hand. */
const MAX_CONNECTIONS = 16;
/** How long one connection may work before the others get their turn. */
const SLICE_MILLISECONDS = 2;
/** The same while FinalizeBlock is in progress, which has a slice of its own between: consensus gets most of the time. */
const SLICE_WITHIN_BLOCK_MILLISECONDS = 1;

export interface AbciServerOptions {
  readonly app: AbciApplication;
  readonly address: ListenAddress;
  /** The height that the application has committed; 0 for none. */
  readonly committedHeight: bigint;
  readonly log: Logger;
  /** For attributes of events that don't say themselves. Default: all are indexed. */
  readonly indexed?: IndexRule;
  /**
   * The application threw: a fault of the engine, not the same on every node. CometBFT has its Exception and no further
   * call reaches the application; the callee stops the process with non-zero status.
   */
  readonly onFault: (error: unknown) => void;
}

/** The ABCI 2.0 socket server: four connections of CometBFT before one application. */
export class AbciServer implements CallHandler {
  readonly #options: AbciServerOptions;
  readonly #log: Logger;
  readonly #grammar: CallGrammar;
  readonly #server: Server;
  readonly #connections = new Map<object, Connection>();
  #fault: string | undefined;
  #nextId = 1;

  constructor(options: AbciServerOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#grammar = new CallGrammar(options.committedHeight);
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Begins to listen. A unix socket gets mode 0600; one that a dead process left is replaced, one in use is an error. */
  async listen(): Promise<void> {
    const { address } = this.#options;
    if (address.kind === "unix") {
      await assertSocketFree(address.path);
      rmSync(address.path, { force: true });
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      // The mode is right from the start: nobody can connect between bind and chmod.
      const umask = address.kind === "unix" ? process.umask(0o177) : undefined;
      this.#server.listen(address.kind === "unix" ? { path: address.path } : address, () => {
        this.#server.off("error", reject);
        resolve();
      });
      if (umask !== undefined) process.umask(umask);
    });
    if (address.kind === "unix") chmodSync(address.path, 0o600);
    this.#server.on("error", (error) => this.#log.error({ err: error }, "ABCI listener failed"));
    this.#log.info({ address: this.address }, "ABCI server listens");
  }

  /** The address in CometBFT's notation; a TCP port 0 has become a real one. */
  get address(): string {
    const { address } = this.#options;
    if (address.kind === "unix") return `unix://${address.path}`;
    const { port } = this.#server.address() as AddressInfo;
    return `tcp://${address.host.includes(":") ? `[${address.host}]` : address.host}:${port}`;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Stops listening, sends what is answered and closes the connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections.values()) connection.close();
    await closed;
  }

  #accept(socket: Socket): void {
    const log = this.#log.child({ connection: this.#nextId++ });
    if (this.#connections.size >= MAX_CONNECTIONS) {
      log.warn({ most: MAX_CONNECTIONS }, "too many connections; a new one was refused");
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const connection = new Connection(socket, this, { log, indexed: this.#options.indexed ?? indexAll });
    this.#connections.set(connection, connection);
    log.debug("connected");
  }

  handle(value: Request["value"], origin: object): ResponseValue | Promise<ResponseValue> {
    if (this.#fault !== undefined) return exception(`the node is stopping: ${this.#fault}`);
    let ordered: boolean;
    try {
      ordered = this.#grammar.begin(value, origin);
    } catch (error) {
      if (!(error instanceof GrammarError)) throw error;
      this.#log.error({ call: value.case, reason: error.message }, "call out of order refused");
      return exception(`call out of order: ${error.message}`);
    }
    try {
      const response = dispatch(this.#options.app, value);
      if (isPromise(response)) {
        return response.then(
          (resolved) => this.#ended(value, resolved, origin, ordered),
          (error) => this.fault(error),
        );
      }
      return this.#ended(value, response, origin, ordered);
    } catch (error) {
      return this.fault(error);
    }
  }

  #ended(value: Request["value"], response: ResponseValue, origin: object, ordered: boolean): ResponseValue {
    if (this.#fault !== undefined) return exception(`the node is stopping: ${this.#fault}`);
    if (ordered) this.#grammar.end(value, origin, snapshotAccepted(response));
    else if (response.case === "info") this.#grammar.sawInfo(response.value.lastBlockHeight ?? 0n);
    return response;
  }

  mayOverlap(value: Request["value"]): boolean {
    return mayOverlap(value);
  }

  sliceMilliseconds(): number {
    return this.#grammar.running === "finalizeBlock" ? SLICE_WITHIN_BLOCK_MILLISECONDS : SLICE_MILLISECONDS;
  }

  fault(error: unknown): ResponseValue {
    const text = error instanceof Error ? error.message : String(error);
    if (this.#fault === undefined) {
      this.#fault = text;
      this.#log.fatal({ err: error }, "fault of the engine; the node stops before it commits anything more");
      // After this turn, so that the Exception is on its way.
      setImmediate(() => this.#options.onFault(error));
    }
    return exception(`fault of the engine: ${text}`);
  }

  onClosed(origin: object): void {
    this.#connections.delete(origin);
    this.#grammar.closed(origin);
  }
}

function exception(error: string): ResponseValue {
  return { case: "exception", value: { error } };
}

/** Throws when somebody listens on a unix socket, or another file is in its place. A dead socket is none. */
export async function assertSocketFree(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket()) throw new Error(`${path} is in the way of the ABCI socket and is no socket`);
  const alive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (alive) throw new Error(`another process listens on ${path}: is this node running already?`);
}
