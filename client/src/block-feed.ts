import type { Comet38Client, comet38 } from "@cosmjs/tendermint-rpc";
import { toHex } from "@cosmjs/encoding";
import { sha256 } from "@noble/hashes/sha2.js";

import { ComputroniumError } from "./errors.js";

/** What happened, with attributes as text. */
export interface ChainEvent {
  readonly type: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** A transaction as a block holds it. */
export interface BlockTx {
  /** 64 upper-case hexadecimal digits. */
  readonly hash: string;
  readonly height: number;
  /** Place in the block, from 0. */
  readonly index: number;
  /** 0 when it succeeded. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly gasUsed: bigint;
  readonly gasWanted: bigint;
  readonly events: readonly ChainEvent[];
  /** `TxMsgData` of the results. */
  readonly data: Uint8Array;
}

/** One committed block: its transactions with their results, and the events outside transactions. */
export interface ChainBlock {
  readonly height: number;
  /** Time in the header, to the millisecond. */
  readonly time: Date;
  /** Address of the proposer's consensus key, upper-case hex. */
  readonly proposer: string;
  /** State after the block before this one, upper-case hex. */
  readonly appHash: string;
  readonly txs: readonly BlockTx[];
  /** Events of begin and end of block. */
  readonly events: readonly ChainEvent[];
}

/** Hash under which explorers and RPC know these transaction bytes. */
export function txHash(tx: Uint8Array): string {
  return toHex(sha256(tx)).toUpperCase();
}

/** Calls with the RPC client that a feed needs. */
export type BlockSource = Pick<Comet38Client, "abciInfo" | "block" | "blockResults">;

/** Reads one committed block. */
export async function fetchBlock(rpc: BlockSource, height: number): Promise<ChainBlock> {
  const [{ block }, results] = await Promise.all([rpc.block(height), rpc.blockResults(height)]);
  const txs = results.results.map((result, index): BlockTx => {
    const bytes = block.txs[index];
    if (bytes === undefined) throw new ComputroniumError(`block ${height} has fewer transactions than results`);
    return {
      hash: txHash(bytes),
      height,
      index,
      code: result.code,
      codespace: result.codespace ?? "",
      log: result.log ?? "",
      gasUsed: result.gasUsed,
      gasWanted: result.gasWanted,
      events: result.events.map(chainEvent),
      data: result.data ?? new Uint8Array(),
    };
  });
  return {
    height,
    time: new Date(block.header.time.getTime()),
    proposer: toHex(block.header.proposerAddress).toUpperCase(),
    appHash: toHex(block.header.appHash).toUpperCase(),
    txs,
    events: results.finalizeBlockEvents.map(chainEvent),
  };
}

function chainEvent(event: comet38.Event): ChainEvent {
  return { type: event.type, attributes: new Map(event.attributes.map(({ key, value }) => [key, value])) };
}

/** Blocks that one subscriber may lag behind before the feed waits for it. */
const MAX_QUEUED_BLOCKS = 64;
/** How long a node may not answer before subscribers are told. */
const MAX_OUTAGE_MS = 60_000;

interface Subscriber {
  readonly queue: ChainBlock[];
  wake: () => void;
  failure: unknown;
}

export interface SubscribeOptions {
  /** First block to deliver; without it, the one after the latest. */
  readonly fromHeight?: number;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
}

/**
 * Follows the chain block by block for any number of subscribers, with one poll of the node for all of them, and only
 * while there is one. Every subscriber sees every block once and in order. A node that restarts delays blocks and loses
 * none; one that is away for a minute ends the subscriptions with its error.
 */
export class BlockFeed {
  readonly #rpc: BlockSource;
  readonly #pollMs: number;
  readonly #subscribers = new Set<Subscriber>();
  /** Resolved once blocks after `#lastHeight` are being delivered; undefined while nobody listens. */
  #started: Promise<void> | undefined;
  #lastHeight = 0;
  #closed = false;

  /** @param pollMs time between two looks at the node's height */
  constructor(rpc: BlockSource, pollMs: number) {
    this.#rpc = rpc;
    this.#pollMs = pollMs;
  }

  /** The latest committed height. */
  async height(): Promise<number> {
    const { lastBlockHeight } = await this.#rpc.abciInfo();
    return lastBlockHeight ?? 0;
  }

  /** Blocks to iterate over. The subscription stands when the promise resolves: what is broadcast afterwards is seen. */
  async subscribe(options: SubscribeOptions = {}): Promise<AsyncGenerator<ChainBlock, void, void>> {
    const subscriber: Subscriber = { queue: [], wake: () => undefined, failure: undefined };
    this.#subscribers.add(subscriber);
    try {
      await (this.#started ??= this.#start());
    } catch (error) {
      this.#subscribers.delete(subscriber);
      this.#started = undefined;
      throw error;
    }
    return this.#iterate(subscriber, this.#lastHeight, options);
  }

  /** Resolves with the next block to be committed. */
  async nextBlock(): Promise<ChainBlock> {
    for await (const block of await this.subscribe()) return block;
    throw new ComputroniumError("the client was disconnected");
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#closed = true;
    for (const subscriber of this.#subscribers) subscriber.wake();
  }

  async *#iterate(
    subscriber: Subscriber,
    startedAt: number,
    { fromHeight = startedAt + 1, signal }: SubscribeOptions,
  ): AsyncGenerator<ChainBlock, void, void> {
    const isOver = () => this.#closed || signal?.aborted === true;
    const wake = () => subscriber.wake();
    signal?.addEventListener("abort", wake);
    try {
      for (let height = fromHeight; height <= startedAt && !isOver(); height++) {
        yield await fetchBlock(this.#rpc, height);
      }
      while (!isOver()) {
        const block = subscriber.queue.shift();
        if (block !== undefined) {
          if (block.height > startedAt && block.height >= fromHeight) yield block;
        } else if (subscriber.failure !== undefined) {
          throw subscriber.failure;
        } else {
          await new Promise<void>((resolve) => (subscriber.wake = resolve));
        }
      }
    } finally {
      signal?.removeEventListener("abort", wake);
      this.#subscribers.delete(subscriber);
    }
  }

  async #start(): Promise<void> {
    this.#lastHeight = await this.height();
    void this.#run();
  }

  async #run(): Promise<void> {
    let answeredAt = Date.now();
    while (this.#subscribers.size > 0 && !this.#closed) {
      try {
        await this.#catchUp();
        answeredAt = Date.now();
      } catch (error) {
        if (Date.now() - answeredAt > MAX_OUTAGE_MS) this.#fail(error);
      }
      await new Promise((resolve) => setTimeout(resolve, this.#pollMs));
    }
    this.#started = undefined;
  }

  async #catchUp(): Promise<void> {
    const height = await this.height();
    while (this.#lastHeight < height && !this.#isFull()) {
      const block = await fetchBlock(this.#rpc, this.#lastHeight + 1);
      this.#lastHeight = block.height;
      for (const subscriber of this.#subscribers) {
        subscriber.queue.push(block);
        subscriber.wake();
      }
    }
  }

  #fail(error: unknown): void {
    for (const subscriber of this.#subscribers) {
      subscriber.failure = error;
      subscriber.wake();
      this.#subscribers.delete(subscriber);
    }
  }

  #isFull(): boolean {
    for (const subscriber of this.#subscribers) if (subscriber.queue.length >= MAX_QUEUED_BLOCKS) return true;
    return false;
  }
}
