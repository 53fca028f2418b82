// Tier: test. Budget: 5 s.
import { describe, expect, it } from "@jest/globals";
import type { comet38 } from "@cosmjs/tendermint-rpc";

import type { BlockSource, ChainBlock } from "./block-feed.js";
import { BlockFeed, txHash } from "./block-feed.js";
import { TxExpiredError, TxFailedError } from "./errors.js";
import { TxTracker } from "./tx-tracker.js";

const text = (value: string) => new TextEncoder().encode(value);

/** A chain in memory, whose node can be away. Transactions are texts; "bad…" ones fail. */
class Chain implements BlockSource {
  readonly #blocks: string[][] = [];
  isAway = false;
  calls = 0;

  get height(): number {
    return this.#blocks.length;
  }

  commit(...txs: string[]): void {
    this.#blocks.push(txs);
  }

  async abciInfo() {
    this.#answer();
    return { lastBlockHeight: this.height };
  }

  async block(height?: number) {
    this.#answer();
    const header = {
      time: new Date(1_700_000_000_000 + (height ?? 0) * 1000),
      proposerAddress: text("p"),
      appHash: text("a"),
    };
    return { block: { header, txs: this.#at(height).map(text) } } as unknown as comet38.BlockResponse;
  }

  async blockResults(height?: number) {
    this.#answer();
    const results = this.#at(height).map((tx) => ({
      code: tx.startsWith("bad") ? 5 : 0,
      codespace: "test",
      log: tx,
      events: [],
      gasUsed: 1n,
      gasWanted: 2n,
    }));
    return { height, results, finalizeBlockEvents: [] } as unknown as comet38.BlockResultsResponse;
  }

  #at(height = 0): string[] {
    const block = this.#blocks[height - 1];
    if (block === undefined) throw new Error(`there is no block ${height}`);
    return block;
  }

  #answer(): void {
    this.calls += 1;
    if (this.isAway) throw new TypeError("fetch failed");
  }
}

async function take(blocks: AsyncIterable<ChainBlock>, count: number): Promise<number[]> {
  const heights: number[] = [];
  for await (const { height } of blocks) {
    heights.push(height);
    if (heights.length === count) break;
  }
  return heights;
}

const turns = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("following the chain", () => {
  it("gives every subscriber each block once and in order, also those that come in a heap", async () => {
    const chain = new Chain();
    chain.commit();
    const feed = new BlockFeed(chain, 1);
    const [first, second] = await Promise.all([feed.subscribe(), feed.subscribe()]);
    const heights = [take(first, 5), take(second, 5)];
    for (let i = 0; i < 5; i++) chain.commit();
    expect(await Promise.all(heights)).toEqual([
      [2, 3, 4, 5, 6],
      [2, 3, 4, 5, 6],
    ]);
    feed.close();
  });

  it("begins in the past where that is asked for, and leaves no gap to the present", async () => {
    const chain = new Chain();
    for (let i = 0; i < 4; i++) chain.commit();
    const feed = new BlockFeed(chain, 1);
    const heights = take(await feed.subscribe({ fromHeight: 2 }), 5);
    chain.commit();
    chain.commit();
    expect(await heights).toEqual([2, 3, 4, 5, 6]);
    feed.close();
  });

  it("loses nothing while the node is away", async () => {
    const chain = new Chain();
    chain.commit();
    const feed = new BlockFeed(chain, 1);
    const heights = take(await feed.subscribe(), 3);
    chain.isAway = true;
    for (let i = 0; i < 3; i++) chain.commit();
    await turns(20);
    chain.isAway = false;
    expect(await heights).toEqual([2, 3, 4]);
    feed.close();
  });

  it("asks the node nothing while nobody listens", async () => {
    const chain = new Chain();
    chain.commit();
    const feed = new BlockFeed(chain, 1);
    const one = take(await feed.subscribe(), 1);
    chain.commit();
    await one;
    await turns(20);
    const { calls } = chain;
    await turns(20);
    expect(chain.calls).toBe(calls);
  });

  it("ends when the signal aborts or the client disconnects", async () => {
    const chain = new Chain();
    chain.commit();
    const feed = new BlockFeed(chain, 1);
    const aborter = new AbortController();
    const aborted = take(await feed.subscribe({ signal: aborter.signal }), 9);
    const closed = take(await feed.subscribe(), 9);
    aborter.abort();
    expect(await aborted).toEqual([]);
    feed.close();
    expect(await closed).toEqual([]);
  });

  it("does not start when the node does not answer", async () => {
    const chain = new Chain();
    chain.isAway = true;
    const feed = new BlockFeed(chain, 1);
    await expect(feed.subscribe()).rejects.toThrow("fetch failed");
    chain.isAway = false;
    chain.commit();
    const next = feed.nextBlock();
    await turns(5);
    chain.commit();
    expect((await next).height).toBe(2);
  });
});

describe("finding transactions in blocks", () => {
  it("resolves with the block of each, rejects for one that failed, and for one that never came", async () => {
    const chain = new Chain();
    chain.commit();
    const tracker = new TxTracker(new BlockFeed(chain, 1));
    const watch = async (tx: string, timeoutHeight: number) =>
      (await tracker.watch(txHash(text(tx)), timeoutHeight)).committed;
    const good = watch("good", 4);
    const last = watch("at the last moment", 3);
    const bad = expect(watch("bad", 4)).rejects.toMatchObject({ codespace: "test", code: 5, height: 2, gasWanted: 2n });
    const late = watch("late", 3);
    const lateError: Promise<unknown> = late.catch((error: unknown) => error);
    await turns(5);
    chain.commit("other", "good", "bad");
    chain.commit("at the last moment");
    chain.commit("late");
    expect(await good).toMatchObject({ height: 2, index: 1, code: 0 });
    expect(await last).toMatchObject({ height: 3 });
    await bad;
    expect(await lateError).toBeInstanceOf(TxExpiredError);
    expect(await lateError).toMatchObject({ codespace: "sdk", code: 30, timeoutHeight: 3 });
  });

  it("goes on for transactions that are watched after all others were found", async () => {
    const chain = new Chain();
    chain.commit();
    const tracker = new TxTracker(new BlockFeed(chain, 1));
    for (const tx of ["a", "b", "c"]) {
      const { committed } = await tracker.watch(txHash(text(tx)), 100);
      chain.commit(tx);
      expect((await committed).hash).toBe(txHash(text(tx)));
    }
    const { committed } = await tracker.watch(txHash(text("bad")), 100);
    chain.commit("bad");
    await expect(committed).rejects.toBeInstanceOf(TxFailedError);
  });
});
