import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

import type { Request } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import { isPromise } from "./application.js";
import { FrameError, FrameReader } from "./frames.js";
import type { IndexRule } from "./index-rule.js";
import type { ResponseValue } from "./messages.js";
import { decodeRequest, ResponseEncoder } from "./messages.js";

/**
 * A peer is not read any further while so many of its bytes wait for their turn. Far more than a full mempool sends:
 * CometBFT 0.38 turns in a loop that takes a whole core while its socket client cannot write, since its flush timer has a
 * period of 20 ns (abci/client/socket_client.go, flushThrottleMS).
 */
const PAUSE_ABOVE_BYTES = 32 << 20;
/** Responses are handed to the socket in pieces of about this size, so that a long batch doesn't wait for its end. */
const WRITE_BATCH_BYTES = 64 << 10;
/** Queries of one connection that may be in progress together. */
const MAX_OVERLAPPING = 256;
/** While a peer does not read its answers, it is not served; this much may wait. */
const PAUSE_ABOVE_UNSENT_BYTES = 4 << 20;

/** What the server does for its connections. */
export interface CallHandler {
  /** Answers a call; throws or rejects only when the engine is at fault. */
  handle(value: Request["value"], origin: object): ResponseValue | Promise<ResponseValue>;
  /** Whether the call only reads, so that others may begin before it ends. */
  mayOverlap(value: Request["value"]): boolean;
  /** How long a connection may work before others get a turn, in milliseconds. */
  sliceMilliseconds(): number;
  /** The engine is at fault: stops the node. What it returns tells CometBFT. */
  fault(error: unknown): ResponseValue;
  onClosed(origin: object): void;
}

type Slot = { bytes: Uint8Array | undefined };

/**
 * One connection of CometBFT's four. Calls are answered in the order in which they came; those that only read may overlap
 * each other, all others wait for their predecessor.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #handler: CallHandler;
  readonly #log: Logger;
  readonly #reader = new FrameReader();
  readonly #encoder: ResponseEncoder;
  /** Responses in order; a slot without bytes is a call in progress. */
  readonly #slots: Slot[] = [];
  #pending = 0;
  #serialPending = false;
  #working = false;
  #sendScheduled = false;
  #closed = false;

  constructor(socket: Socket, handler: CallHandler, options: { readonly log: Logger; readonly indexed: IndexRule }) {
    this.#socket = socket;
    this.#handler = handler;
    this.#log = options.log;
    this.#encoder = new ResponseEncoder(options.indexed);
    socket.on("data", (chunk: Buffer) => {
      this.#reader.push(chunk);
      if (this.#reader.bufferedBytes > PAUSE_ABOVE_BYTES) socket.pause();
      this.#wake();
    });
    socket.on("drain", () => this.#wake());
    socket.on("end", () => {
      if (!this.#reader.atBoundary) this.#log.warn("the peer closed the connection within a frame");
    });
    socket.on("error", (error) => this.#log.debug({ err: error }, "connection failed"));
    socket.on("close", () => {
      this.#closed = true;
      handler.onClosed(this);
    });
  }

  /** Sends what is answered, then closes. */
  close(): void {
    this.#closed = true;
    this.#send();
    this.#socket.end(() => this.#socket.destroy());
  }

  destroy(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #wake(): void {
    if (!this.#working && this.#ready()) void this.#work();
  }

  #ready(): boolean {
    return (
      !this.#closed &&
      !this.#serialPending &&
      this.#pending < MAX_OVERLAPPING &&
      this.#socket.writableLength < PAUSE_ABOVE_UNSENT_BYTES
    );
  }

  /** Works through what has arrived, in slices between which others have their turn. */
  async #work(): Promise<void> {
    this.#working = true;
    let more = true;
    while (more) {
      more = this.#slice();
      this.#send();
      if (more) await nextTurn();
    }
    this.#working = false;
    if (!this.#closed && this.#reader.bufferedBytes <= PAUSE_ABOVE_BYTES && this.#socket.isPaused())
      this.#socket.resume();
  }

  /** @returns whether time ran out before the work. */
  #slice(): boolean {
    const end = performance.now() + this.#handler.sliceMilliseconds();
    while (this.#ready()) {
      let frame: Uint8Array | undefined;
      let value: Request["value"];
      try {
        frame = this.#reader.next();
        if (frame === undefined) {
          // A frame larger than what is buffered must go on arriving.
          if (this.#socket.isPaused()) this.#socket.resume();
          return false;
        }
        value = decodeRequest(frame);
      } catch (error) {
        this.#refuse(error, frame);
        return false;
      }
      this.#answer(value);
      if (performance.now() >= end) return true;
    }
    return false;
  }

  #refuse(error: unknown, frame: Uint8Array | undefined): void {
    const reason = error instanceof Error ? error.message : String(error);
    const what =
      error instanceof FrameError ? "malformed frame" : `frame of ${frame?.length ?? 0} bytes is no ABCI request`;
    this.#log.warn({ reason }, `${what}; connection closed`);
    this.#closed = true;
    this.#socket.destroy();
  }

  #answer(value: Request["value"]): void {
    const slot: Slot = { bytes: undefined };
    this.#slots.push(slot);
    const response = this.#handler.handle(value, this);
    if (!isPromise(response)) {
      slot.bytes = this.#encode(response);
      return;
    }
    const overlaps = this.#handler.mayOverlap(value);
    this.#pending++;
    if (!overlaps) this.#serialPending = true;
    void response.then((resolved) => {
      this.#pending--;
      if (!overlaps) this.#serialPending = false;
      slot.bytes = this.#encode(resolved);
      // Calls that overlap are answered many at a time, by another thread's one message: they go out in one piece.
      if (overlaps) this.#sendSoon();
      else if (!this.#working) this.#send();
      this.#wake();
    });
  }

  #encode(value: ResponseValue): Uint8Array {
    try {
      return this.#encoder.encodeFrame(value);
    } catch (error) {
      return this.#encoder.encodeFrame(this.#handler.fault(error));
    }
  }

  #sendSoon(): void {
    if (this.#sendScheduled) return;
    this.#sendScheduled = true;
    setImmediate(() => {
      this.#sendScheduled = false;
      this.#send();
    });
  }

  /** Hands the socket every response that is ready and has none before it that is not. */
  #send(): void {
    if (this.#socket.destroyed) return;
    let ready = 0;
    while (ready < this.#slots.length && this.#slots[ready]!.bytes !== undefined) ready++;
    if (ready === 0) return;
    const parts: Uint8Array[] = [];
    let size = 0;
    for (const { bytes } of this.#slots.splice(0, ready)) {
      parts.push(bytes!);
      size += bytes!.length;
      if (size >= WRITE_BATCH_BYTES) {
        this.#write(parts, size);
        parts.length = 0;
        size = 0;
      }
    }
    if (size > 0) this.#write(parts, size);
  }

  #write(parts: readonly Uint8Array[], size: number): void {
    this.#socket.write(Buffer.concat(parts, size));
  }
}
