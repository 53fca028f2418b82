// Tier: test. Budget: 30 s. The snapshot calls of ABCI between two applications: what is made, served, taken and refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Snapshot } from "@computronium/proto/tendermint/abci/types_pb.js";
import {
  RequestFinalizeBlockSchema,
  RequestCommitSchema,
  RequestInfoSchema,
  ResponseApplySnapshotChunk_Result as ChunkVerdict,
  ResponseOfferSnapshot_Result as OfferVerdict,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { pino } from "pino";

import type { NodeApplication } from "../../abci-app/node-application.js";
import { createNodeApplication } from "../../abci-app/node-application.js";
import { create } from "../../core/codec/protobuf.js";
import { PRUNING } from "../../core/store/pruning.js";
import { makeMarketRun } from "../kit/market-run.js";
import { SCRIPTED_CHAIN_ID, ScriptedChain } from "../kit/scripted-chain.js";
import { message, TestSigner } from "../kit/signer.js";
import { applyChunk, awaitSnapshot, loadChunk, offer } from "../kit/snapshots.js";

const folder = mkdtempSync(join(tmpdir(), "computronium-statesync-"));
const snapshots = join(folder, "snapshots");
const opened: NodeApplication[] = [];
let source: ScriptedChain;
let snapshot: Snapshot;
let appHash: Uint8Array;
let chunks: Uint8Array[];
const HEIGHT = 20n;

async function fresh(name: string, chainId = SCRIPTED_CHAIN_ID): Promise<NodeApplication> {
  const node = await createNodeApplication({
    path: join(folder, name),
    log: pino({ level: "silent" }),
    minGasPrices: [],
    queryWorkers: 0,
    chainId: () => chainId,
  });
  opened.push(node);
  return node;
}

beforeAll(async () => {
  const run = await makeMarketRun({ seed: 11, blocks: Number(HEIGHT) });
  source = await ScriptedChain.start({
    appState: run.appState,
    home: join(folder, "source"),
    application: { snapshots: { path: snapshots, interval: 10, keepRecent: 2 }, pruning: PRUNING.everything },
  });
  for (const { seconds, txs } of run.blocks) {
    ({ appHash } = await source.block(txs, { seconds: BigInt(seconds) }));
    if (source.height === 10n) await awaitSnapshot(source.app, 10n);
  }
  snapshot = await awaitSnapshot(source.app, HEIGHT);
  chunks = await Promise.all(
    Array.from({ length: snapshot.chunks }, async (_, i) => loadChunk(source.app, snapshot, i)),
  );
});

afterAll(async () => {
  await source.close();
  for (const node of opened) await node.close();
  rmSync(folder, { recursive: true, force: true });
});

const info = async ({ application }: NodeApplication) => application.info(create(RequestInfoSchema, {}));

describe("a node that makes snapshots", () => {
  it("lists them and hands out their chunks; what it does not have it says to be missing", async () => {
    expect(snapshot).toMatchObject({ height: HEIGHT, format: 1, chunks: chunks.length });
    for (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0);
    expect(await loadChunk(source.app, snapshot, chunks.length)).toHaveLength(0);
    expect(await loadChunk(source.app, { ...snapshot, height: 7n }, 0)).toHaveLength(0);
    expect(await loadChunk(source.app, { ...snapshot, height: 1n << 60n }, 0)).toHaveLength(0);
    expect(await loadChunk(source.app, { ...snapshot, format: 2 }, 0)).toHaveLength(0);
  });

  it("does not hand out a chunk whose file was damaged", async () => {
    const file = join(snapshots, "10", "1", "1");
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]));
    const other = await awaitSnapshot(source.app, 10n);
    expect(await loadChunk(source.app, other, 1)).toHaveLength(0);
    expect((await loadChunk(source.app, other, 0)).length).toBeGreaterThan(0);
    writeFileSync(file, bytes);
  });
});

describe("a fresh node", () => {
  it("restores a snapshot, and goes on with the same app hashes as a node that executed every block", async () => {
    const node = await fresh("good");
    const { application: app } = node;
    expect(await offer(app, snapshot, appHash)).toBe(OfferVerdict.ACCEPT);
    for (const [i, chunk] of chunks.entries()) {
      expect((await info(node)).lastBlockHeight).toBe(0n);
      expect((await applyChunk(app, i, chunk)).result).toBe(ChunkVerdict.ACCEPT);
    }
    expect(await info(node)).toMatchObject({ lastBlockHeight: HEIGHT, lastBlockAppHash: appHash });

    const sender = await TestSigner.named("actor 0");
    const receiver = await TestSigner.named("new");
    for (let i = 1n; i <= 5n; i++) {
      const amount = [{ denom: "ucptm", amount: "7" }];
      // Unordered, since the sequence after a random run is not known here.
      const body = { unordered: true, timeoutTimestamp: { seconds: source.time + 100n, nanos: Number(i) } };
      const tx = await sender.sign(
        [message(MsgSendSchema, { fromAddress: sender.address, toAddress: receiver.address, amount })],
        { body, sequence: 0n },
      );
      const time = { seconds: source.time + 1n, nanos: 0 };
      const proposerAddress = new Uint8Array(20).fill(1);
      const mine = await app.finalizeBlock(
        create(RequestFinalizeBlockSchema, { height: HEIGHT + i, time, txs: [tx], proposerAddress }),
      );
      await app.commit(create(RequestCommitSchema, {}));
      const its = await source.block([tx]);
      expect(mine.txResults.map(({ code }) => code)).toEqual([0]);
      expect(mine.appHash).toEqual(its.appHash);
    }
    // A state that is there is never replaced.
    await expect(async () => offer(app, snapshot, appHash)).rejects.toThrow("is committed");
  });

  it("asks others for a chunk that is not what was announced, and names who sent it", async () => {
    const node = await fresh("wrong chunks");
    const { application: app } = node;
    expect(await offer(app, snapshot, appHash)).toBe(OfferVerdict.ACCEPT);
    for (const [i, chunk] of chunks.entries()) {
      const wrong = Uint8Array.from(chunk);
      wrong[(i * 31) % wrong.length]! ^= 0x10;
      for (const bytes of [wrong, new Uint8Array(0), new Uint8Array(16_000_000)]) {
        expect(await applyChunk(app, i, bytes, `liar ${i}`)).toEqual({
          result: ChunkVerdict.RETRY,
          refetchChunks: [i],
          rejectSenders: [`liar ${i}`],
        });
      }
      expect((await applyChunk(app, i, chunk)).result).toBe(ChunkVerdict.ACCEPT);
    }
    expect((await info(node)).lastBlockHeight).toBe(HEIGHT);
  });

  it("refuses offers that cannot be: of another format, with numbers or hashes that do not fit, of another state, of another chain", async () => {
    const node = await fresh("offers");
    const { application: app } = node;
    const verdict = async (change: Partial<Snapshot>) => offer(app, { ...snapshot, ...change }, appHash);
    expect(await verdict({ format: 2 })).toBe(OfferVerdict.REJECT_FORMAT);
    expect(await verdict({ chunks: 0 })).toBe(OfferVerdict.REJECT_SENDER);
    expect(await verdict({ chunks: 4_000_000_000 })).toBe(OfferVerdict.REJECT_SENDER);
    expect(await verdict({ metadata: new Uint8Array(0) })).toBe(OfferVerdict.REJECT_SENDER);
    expect(await verdict({ hash: new Uint8Array(32) })).toBe(OfferVerdict.REJECT_SENDER);
    expect((await applyChunk(app, 0, chunks[0]!)).result).toBe(ChunkVerdict.ABORT);

    expect(await offer(app, snapshot, new Uint8Array(32))).toBe(OfferVerdict.ACCEPT);
    expect(await applyChunk(app, 0, chunks[0]!, "forger")).toEqual({
      result: ChunkVerdict.REJECT_SNAPSHOT,
      rejectSenders: ["forger"],
    });
    expect(await verdict({ height: HEIGHT + 1n })).toBe(OfferVerdict.ACCEPT);
    expect((await applyChunk(app, 0, chunks[0]!)).result).toBe(ChunkVerdict.REJECT_SNAPSHOT);

    const other = await fresh("other chain", "other-1");
    expect(await offer(other.application, snapshot, appHash)).toBe(OfferVerdict.ACCEPT);
    expect((await applyChunk(other.application, 0, chunks[0]!)).result).toBe(ChunkVerdict.REJECT_SNAPSHOT);
  });

  it("begins anew with another offer, after a restart, or with the blocks from genesis, and keeps nothing of what it had begun", async () => {
    let node = await fresh("interrupted");
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await offer(node.application, snapshot, appHash)).toBe(OfferVerdict.ACCEPT);
      for (const i of chunks.keys()) {
        if (i + 1 < chunks.length) await applyChunk(node.application, i, chunks[i]!);
      }
      expect((await info(node)).lastBlockHeight).toBe(0n);
      if (attempt === 1) {
        await opened.splice(opened.indexOf(node), 1)[0]!.close();
        node = await fresh("interrupted");
      }
    }
    expect(await offer(node.application, snapshot, appHash)).toBe(OfferVerdict.ACCEPT);
    for (const [i, chunk] of chunks.entries()) await applyChunk(node.application, i, chunk);
    expect(await info(node)).toMatchObject({ lastBlockHeight: HEIGHT, lastBlockAppHash: appHash });
  });
});
