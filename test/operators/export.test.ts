// Tier: test. Budget: 30 s. A state that is exported and imported is the same state, and what happens next is the same.
import { rmSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { wireChain } from "../../abci-app/app.js";
import { stateTools } from "../../abci-app/state-tools.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import type { MarketRun } from "../kit/market-run.js";
import { makeMarketRun } from "../kit/market-run.js";
import { ScriptedChain } from "../kit/scripted-chain.js";

const BLOCKS = 60;
const EXPORTED_AT = 40;
const FIRST = 5n;

/** Headers and validators of former blocks, which no genesis carries: these blocks are another chain's. */
const HISTORY = /^staking\/5[023]/;

/** Everything in the stores of the last height, but for what genesis does not carry. */
async function contents(chain: ScriptedChain): Promise<string[]> {
  const store = ReadonlyStateStore.open({ path: join(chain.home, "application.db") });
  const stores = store.at(store.version);
  const all = wireChain().chain.storeNames.flatMap((name) =>
    [...stores.store(name).iterate({})].map(
      ([key, value]) => `${name}/${Buffer.from(key, "latin1").toString("hex")}=${Buffer.from(value).toString("hex")}`,
    ),
  );
  await store.close();
  return all.filter((line) => !HISTORY.test(line));
}

describe("a chain with a market in full swing", () => {
  let run: MarketRun;
  let source: ScriptedChain;

  beforeAll(async () => {
    run = await makeMarketRun({ seed: 5, blocks: BLOCKS });
    source = await ScriptedChain.start({ appState: run.appState, initialHeight: FIRST });
    for (const { seconds, txs } of run.blocks.slice(0, EXPORTED_AT)) {
      await source.block(txs, { seconds: BigInt(seconds) });
    }
  });
  afterAll(() => source.close());

  const exported = async (options: Parameters<typeof stateTools.export>[1] = {}) =>
    stateTools.export(join(source.home, "application.db"), options);

  async function importInto(appState: AppState, initialHeight: bigint, time: string): Promise<ScriptedChain> {
    const seconds = BigInt(Math.floor(Date.parse(time) / 1000));
    return ScriptedChain.start({ appState, initialHeight, genesisTime: seconds - (initialHeight - 1n) });
  }

  it("goes on from its exported genesis with the same state, results and events, block by block", async () => {
    const { appState, height, time } = await exported();
    expect(height).toBe(Number(source.height));
    const copy = await importInto(appState as AppState, BigInt(height) + 1n, time);
    try {
      copy.time = source.time;
      const before = await contents(source);
      expect(before.length).toBeGreaterThan(60);
      let hasSucceeded = 0;
      for (const { seconds, txs } of run.blocks.slice(EXPORTED_AT)) {
        const [mine, its] = [
          await copy.block(txs, { seconds: BigInt(seconds) }),
          await source.block(txs, { seconds: BigInt(seconds) }),
        ];
        expect(mine.txResults).toEqual(its.txResults);
        expect(mine.events).toEqual(its.events);
        hasSucceeded += its.txResults.filter(({ code }) => code === 0).length;
        expect(await contents(copy)).toEqual(await contents(source));
      }
      expect(hasSucceeded).toBeGreaterThan(10);
    } finally {
      await copy.close();
    }
  });

  it("exports the same again from what was imported, and a past height as it was", async () => {
    const past = BigInt(EXPORTED_AT) / 2n;
    const first = await exported({ height: Number(past) });
    const copy = await importInto(first.appState as AppState, past + 1n, first.time);
    try {
      // The first block hands out the fees of the last one before the export.
      await copy.block();
      const again = await stateTools.export(join(copy.home, "application.db"), {});
      expect(again.consensusParams).toEqual(first.consensusParams);
      const next = await importInto(again.appState as AppState, past + 2n, again.time);
      try {
        // One block later, without transactions, in the second of genesis.
        await next.block();
        const last = await stateTools.export(join(next.home, "application.db"), {});
        expect(last.appState).toEqual(again.appState);
      } finally {
        await next.close();
        rmSync(next.home, { recursive: true, force: true });
      }
    } finally {
      await copy.close();
      rmSync(copy.home, { recursive: true, force: true });
    }
  });

  it("exports single modules, and refuses those that there are not, and heights that it does not keep", async () => {
    expect(Object.keys((await exported({ modules: ["bank", "auth"] })).appState)).toEqual(["auth", "bank"]);
    await expect(exported({ modules: ["bank", "baank"] })).rejects.toThrow("no module with a genesis is called baank");
    await expect(exported({ height: 9_999 })).rejects.toThrow("no state at height 9999");
    await expect(exported({ height: 1 })).rejects.toThrow("no state at height 1");
  });
});
