// Tier: make test. Budget: 25 s.
// The worker with its real sandbox, store and transfer server. The chain's market is a small ledger in memory that keeps
// the rules of proto/computronium/marketplace/v1; with the real chain the demo runs the same worker.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { pino } from "pino";

import { hashContent, type ContentHash } from "../content-hash.js";
import { assemble, sampleJob } from "../sample-jobs.js";
import { DEFAULT_LIMITS } from "../sandbox/limits.js";
import { processTree } from "../sandbox/process-tree.js";
import { Sandbox } from "../sandbox/sandbox.js";
import {
  announceJobUrl,
  fetchResult,
  uploadJob,
  type ProviderEndpoint,
  type SignClaim,
} from "../transfer/buyer-client.js";
import { ContentStore } from "../transfer/content-store.js";
import { encodeBundle } from "../transfer/job-bundle.js";
import { accountAddress, signRequest } from "../transfer/request-signature.js";
import { TransferServer } from "../transfer/server.js";
import { LeaseBook } from "./lease-book.js";
import { MemoryMarket } from "./memory-market.js";
import { Slots } from "./slots.js";
import { ComputeWorker } from "./worker.js";

const KEY = createHash("sha256").update("tenant").digest();
const TENANT = accountAddress(secp256k1.getPublicKey(KEY), "cptm");
const sign: SignClaim = (claim) => signRequest(claim, KEY, "cptm");
const logger = pino({ level: process.env["LOG_LEVEL"] ?? "silent" });
const LOOP = `(module (memory (export "memory") 1 1) (func (export "run") (result i32) (loop (br 0)) (i32.const 0)))`;

const sieve = async (limit: number, limits = DEFAULT_LIMITS): Promise<Uint8Array> => {
  const input = Buffer.alloc(4);
  input.writeUInt32LE(limit);
  return encodeBundle({ wasm: await sampleJob("prime-sieve"), input, limits });
};

/** Processes of this suite's making; what suites before it in the same jest worker left is not its business. */
const earlier = new Set(processTree(process.pid));
const children = (): number[] => processTree(process.pid).filter((pid) => !earlier.has(pid));

describe("the compute worker", () => {
  let folder: string;
  let market: MemoryMarket;
  let stopAll: () => Promise<void>;
  let endpoint: ProviderEndpoint;

  /** Starts a provider over the same folder and market, as a restart would. */
  const start = async (): Promise<void> => {
    const store = await ContentStore.open(folder, 1 << 24);
    const fetch = { maxBytes: 1 << 24, timeoutMilliseconds: 5000, allowPrivateAddresses: true };
    const book = new LeaseBook({ market, store, logger, fetch });
    const { chainId, address: provider } = market;
    const server = new TransferServer({ chainId, provider, store, leases: book, logger, description: {} });
    const worker = new ComputeWorker({
      market,
      store,
      book,
      logger,
      sandbox: await Sandbox.open({ require: ["limits"] }),
      slots: new Slots(1),
      limits: DEFAULT_LIMITS,
      startMarginSeconds: 1,
      jobWaitSeconds: 5,
      usageIntervalSeconds: 0.3,
      heartbeatIntervalSeconds: 0.2,
    });
    endpoint = { url: `http://127.0.0.1:${await server.listen(0, "127.0.0.1")}`, chainId, provider };
    const ended = worker.run();
    stopAll = async () => {
      worker.stop();
      await ended;
      await server.close();
    };
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provider-test-"));
    market = new MemoryMarket("cptm1provider");
    await start();
  });
  afterEach(async () => {
    await stopAll();
    expect(children()).toEqual([]);
    await rm(folder, { recursive: true });
  });

  /** Posts an order, waits for the worker's bid and accepts it. */
  const match = async (jobHash: ContentHash, startWindowSeconds = 30): Promise<bigint> => {
    const orderId = market.postOrder({ owner: TENANT, jobHash, isWasm: true });
    await market.until(() => market.bids.has(orderId));
    return market.accept(orderId, startWindowSeconds);
  };
  const settled = (leaseId: bigint): Promise<void> =>
    market.until(() => ["over", "closing"].includes(market.view(leaseId).phase));

  it("bids for WebAssembly orders of others only, and keeps its offer alive", async () => {
    const container = market.postOrder({ owner: TENANT, jobHash: hashContent(Buffer.from("x")), isWasm: false });
    const own = market.postOrder({ owner: "cptm1provider", jobHash: hashContent(Buffer.from("x")), isWasm: true });
    const wasm = market.postOrder({ owner: TENANT, jobHash: hashContent(Buffer.from("x")), isWasm: true });
    await market.until(() => market.bids.has(wasm) && market.heartbeats > 1);
    expect([market.offers, market.bids.has(container), market.bids.has(own)]).toEqual([1, false, false]);
  });

  it("runs an uploaded job, delivers its hash, and gives the tenant the result", async () => {
    const bundle = await sieve(1000);
    const leaseId = await match(hashContent(bundle));
    await uploadJob(endpoint, leaseId, bundle, sign);
    await settled(leaseId);
    const { resultHash, claims } = market.view(leaseId);
    if (!resultHash) throw new Error("no result");
    const result = Buffer.from(await fetchResult(endpoint, leaseId, resultHash, sign));
    expect([result.readUInt32LE(0), result.readBigUInt64LE(4)]).toEqual([168, 76_127n]);
    expect(claims.at(-1)?.seconds).toBeGreaterThanOrEqual(1n);
  });

  it("fetches a job from the URL that the tenant announces", async () => {
    const bundle = await sieve(100);
    const buyer: Server = createServer((request, response) =>
      request.url === "/job" ? response.end(bundle) : response.writeHead(404).end(),
    );
    await new Promise<void>((resolve) => buyer.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(buyer.address() as AddressInfo).port}`;
    try {
      const leaseId = await match(hashContent(bundle));
      await announceJobUrl(endpoint, leaseId, `${base}/elsewhere`, sign);
      // The first fetch fails; the tenant may announce again.
      await market.until(async () => {
        if (market.view(leaseId).resultHash) return true;
        if (market.view(leaseId).phase === "pending") await announceJobUrl(endpoint, leaseId, `${base}/job`, sign);
        return false;
      });
      expect(market.view(leaseId).resultHash).toBeDefined();
    } finally {
      await new Promise((resolve) => buyer.close(resolve));
    }
  });

  it("claims nothing for a job that it refuses, and says why", async () => {
    for (const [bundle, reason] of [
      [Buffer.from("no bundle"), /begins with/],
      [await sieve(10, { ...DEFAULT_LIMITS, memoryBytes: 2 ** 31 }), /asks for memoryBytes/],
      [
        encodeBundle({ wasm: await assemble("(module)"), input: Buffer.alloc(0), limits: DEFAULT_LIMITS }),
        /does not export its memory/,
      ],
    ] as const) {
      const leaseId = await match(hashContent(bundle));
      await uploadJob(endpoint, leaseId, bundle, sign);
      await settled(leaseId);
      expect(market.view(leaseId)).toMatchObject({ resultHash: undefined, phase: "over", penalised: false });
      expect(market.view(leaseId).claims).toEqual([{ seconds: 0n, seq: 1n }]);
      const zero = hashContent(Buffer.alloc(0));
      await expect(fetchResult(endpoint, leaseId, zero, sign)).rejects.toMatchObject({
        code: "job-failed",
        message: expect.stringMatching(reason),
      });
    }
  });

  it("claims the time of a job that its limit ended, and delivers nothing", async () => {
    const limits = { ...DEFAULT_LIMITS, wallMilliseconds: 1500 };
    const bundle = encodeBundle({ wasm: await assemble(LOOP), input: Buffer.alloc(0), limits });
    const leaseId = await match(hashContent(bundle));
    await uploadJob(endpoint, leaseId, bundle, sign);
    await settled(leaseId);
    const { claims, resultHash } = market.view(leaseId);
    expect(resultHash).toBeUndefined();
    expect(claims.length).toBeGreaterThan(1); // from time to time while it ran, and at the end
    expect(claims.at(-1)?.seconds).toBeGreaterThanOrEqual(1n);
    expect(claims.map(({ seq }) => seq)).toEqual(claims.map((_, index) => BigInt(index + 1)));
  });

  it("starts and gives up for free when no job comes, so that its bond does not pay for the tenant's silence", async () => {
    const leaseId = await match(hashContent(Buffer.from("never sent")), 2);
    await settled(leaseId);
    expect(market.view(leaseId)).toMatchObject({ penalised: false, claims: [{ seconds: 0n, seq: 1n }] });
  });

  it("stops a job whose lease the tenant closes", async () => {
    const bundle = encodeBundle({ wasm: await assemble(LOOP), input: Buffer.alloc(0), limits: DEFAULT_LIMITS });
    const leaseId = await match(hashContent(bundle));
    await uploadJob(endpoint, leaseId, bundle, sign);
    await market.until(() => market.view(leaseId).claims.length > 0);
    market.closeByTenant(leaseId);
    await market.until(() => market.view(leaseId).providerDone);
    await market.until(() => children().length === 0);
    expect(market.view(leaseId).resultHash).toBeUndefined();
  });

  it("goes on with its leases after a restart, and delivers the same result", async () => {
    const wasm = await sampleJob("sha256-chain");
    const input = Buffer.concat([Buffer.alloc(32), Buffer.from([0, 0, 0x40, 0])]); // 2^22 rounds: a second or so
    const bundle = encodeBundle({ wasm, input, limits: DEFAULT_LIMITS });
    const leaseId = await match(hashContent(bundle));
    await uploadJob(endpoint, leaseId, bundle, sign);
    await market.until(() => market.view(leaseId).phase === "active");
    await stopAll();
    expect(market.view(leaseId)).toMatchObject({ phase: "active", resultHash: undefined });
    await start();
    await settled(leaseId);
    const { resultHash } = market.view(leaseId);
    if (!resultHash) throw new Error("no result");
    expect(await fetchResult(endpoint, leaseId, resultHash, sign)).toHaveLength(32);
  });

  it("tries again when the chain can't be reached", async () => {
    const bundle = await sieve(50);
    const leaseId = await match(hashContent(bundle));
    await uploadJob(endpoint, leaseId, bundle, sign);
    market.failNext(3); // whatever the worker asks next: to start, for the lease, to claim, to deliver
    await market.until(() => market.view(leaseId).resultHash !== undefined);
  });
});
