// Tier: test. Budget: 10 s.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { RequestCheckTx, RequestQuery } from "@computronium/proto/tendermint/abci/types_pb.js";
import { pino } from "pino";

import { AbciClient } from "../../test/kit/abci-client.js";
import { KvApplication } from "../../test/kit/kv-application.js";
import type { AbciApplication } from "./application.js";
import type { ListenAddress } from "./listen-address.js";
import { AbciServer } from "./server.js";

let folder: string;
let logs: Record<string, unknown>[];
let servers: AbciServer[];
let clients: AbciClient[];
let faults: unknown[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "abci-"));
  logs = [];
  servers = [];
  clients = [];
  faults = [];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

const log = pino(
  { level: "debug" },
  { write: (line: string) => logs.push(JSON.parse(line) as Record<string, unknown>) },
);

function address(): ListenAddress {
  return { kind: "unix", path: join(folder, "abci.sock") };
}

async function serve(app: AbciApplication, at: ListenAddress = address()): Promise<AbciServer> {
  const server = new AbciServer({ app, address: at, committedHeight: 0n, log, onFault: (error) => faults.push(error) });
  await server.listen();
  servers.push(server);
  return server;
}

async function client(at: ListenAddress = address()): Promise<AbciClient> {
  const connected = await AbciClient.connect(at);
  clients.push(connected);
  return connected;
}

const tx = (text: string) => Buffer.from(text);
const checkTx = (text: string) => ({ case: "checkTx" as const, value: { tx: tx(text) } });
const query = (key: string) => ({ case: "query" as const, value: { path: "/kv", data: tx(key) } });
const block = (height: bigint, ...txs: string[]) => ({
  case: "finalizeBlock" as const,
  value: { height, txs: txs.map(tx) },
});
const GENESIS = { case: "initChain" as const, value: { chainId: "c", initialHeight: 1n } };
const COMMIT = { case: "commit" as const, value: {} };
const INFO = { case: "info" as const, value: {} };

describe("the ABCI server", () => {
  it("takes an application from genesis through blocks on four connections", async () => {
    await serve(new KvApplication());
    const [consensus, mempool, queries, snapshots] = await Promise.all([client(), client(), client(), client()]);
    expect(await queries!.call({ case: "echo", value: { message: "hello" } })).toMatchObject({
      value: { message: "hello" },
    });
    expect(await queries!.call({ case: "flush", value: {} })).toMatchObject({ case: "flush" });
    expect(await consensus!.call(GENESIS)).toMatchObject({ case: "initChain" });
    expect(await mempool!.call(checkTx("a=1"))).toMatchObject({ value: { code: 0, gasWanted: 1n } });
    expect(await mempool!.call(checkTx("nonsense"))).toMatchObject({ value: { code: 2, log: "expected key=value" } });
    expect(
      await consensus!.call({ case: "prepareProposal", value: { height: 1n, txs: [tx("a=1"), tx("x")] } }),
    ).toMatchObject({
      value: { txs: [Uint8Array.from(tx("a=1"))] },
    });
    const done = await consensus!.call(block(1n, "a=1", "x"));
    expect(done).toMatchObject({ case: "finalizeBlock", value: { txResults: [{ code: 0 }, { code: 2 }] } });
    expect(done).toMatchObject({
      value: { txResults: [{ events: [{ attributes: [{ key: "key", index: true }] }] }, {}] },
    });
    expect(await consensus!.call(COMMIT)).toMatchObject({ case: "commit" });
    expect(await queries!.call(query("a"))).toMatchObject({ value: { value: Uint8Array.from(tx("1")), height: 1n } });
    expect(await queries!.call(INFO)).toMatchObject({ value: { lastBlockHeight: 1n } });
    expect(await snapshots!.call({ case: "listSnapshots", value: {} })).toMatchObject({ value: { snapshots: [] } });
    expect(faults).toEqual([]);
  });

  it("keeps the order of responses, however long each takes", async () => {
    class Slow extends KvApplication {
      override query(request: RequestQuery): never {
        const key = Buffer.from(request.data).toString();
        const answer = { value: tx(key) };
        return (
          key.startsWith("slow") ? sleep(20, answer) : key.startsWith("later") ? Promise.resolve(answer) : answer
        ) as never;
      }
    }
    await serve(new Slow());
    const one = await client();
    const order: string[] = [];
    const keys = Array.from({ length: 300 }, (_, i) => `${["slow", "later", "now"][i % 3]}${i}`);
    const answers = keys.map(async (key) => {
      const response = await one.call(query(key));
      order.push(response.case === "query" ? Buffer.from(response.value.value).toString() : String(response.case));
    });
    await Promise.all(answers);
    expect(order).toEqual(keys);
  });

  it("answers queries and CheckTx while a block is executed", async () => {
    const seen: string[] = [];
    class Watched extends KvApplication {
      override checkTx(request: RequestCheckTx) {
        seen.push("check");
        return super.checkTx(request);
      }
      override async finalizeBlock(request: never) {
        seen.push("begin");
        const result = await super.finalizeBlock(request);
        seen.push("end");
        return result;
      }
    }
    await serve(new Watched());
    const [consensus, mempool] = await Promise.all([client(), client()]);
    await consensus!.call(GENESIS);
    const running = consensus!.call(block(1n, ...Array.from({ length: 3000 }, (_, i) => `k${i}=v`)));
    const checks = Array.from({ length: 3000 }, (_, i) => mempool!.call(checkTx(`c${i}=v`)));
    await Promise.all([running, ...checks]);
    const between = seen.slice(seen.indexOf("begin"), seen.indexOf("end")).filter((what) => what === "check").length;
    expect(between).toBeGreaterThan(0);
    expect(await consensus!.call(COMMIT)).toMatchObject({ case: "commit" });
  });

  it("finishes a block before a flood of CheckTx that came ahead of it is through", async () => {
    const flood = 4000;
    let checked = 0;
    let checkedAtEnd = -1;
    class Busy extends KvApplication {
      override checkTx(request: RequestCheckTx) {
        checked++;
        // About what a signature costs.
        for (const end = performance.now() + 0.1; performance.now() < end;);
        return super.checkTx(request);
      }
      override async finalizeBlock(request: never) {
        const result = await super.finalizeBlock(request);
        checkedAtEnd = checked;
        return result;
      }
    }
    await serve(new Busy());
    const [consensus, mempool] = await Promise.all([client(), client()]);
    await consensus!.call(GENESIS);
    const checks = Array.from({ length: flood }, (_, i) => mempool!.call(checkTx(`c${i}=v`)));
    await checks[0];
    await consensus!.call(block(1n, ...Array.from({ length: 20 }, (_, i) => `k${i}=v`)));
    await Promise.all(checks);
    expect(checked).toBe(flood);
    expect(checkedAtEnd).toBeGreaterThan(0);
    expect(checkedAtEnd).toBeLessThan(flood);
  });

  it("refuses calls out of order with an Exception and leaves the state alone", async () => {
    const app = new KvApplication();
    await serve(app);
    const [consensus, stranger] = await Promise.all([client(), client()]);
    expect(await stranger!.call(COMMIT)).toMatchObject({
      case: "exception",
      value: { error: "call out of order: Commit came without FinalizeBlock" },
    });
    await consensus!.call(GENESIS);
    await consensus!.call(block(1n, "a=1"));
    expect(await stranger!.call(COMMIT)).toMatchObject({ case: "exception" });
    expect(await consensus!.call(block(2n))).toMatchObject({ case: "exception" });
    expect(app.height).toBe(0);
    expect(await consensus!.call(COMMIT)).toMatchObject({ case: "commit" });
    expect(app.calls).toEqual(["initChain", "finalizeBlock 1", "commit"]);
    expect(logs.filter(({ msg }) => msg === "call out of order refused")).toHaveLength(3);
    expect(faults).toEqual([]);
  });

  it("does not begin a pipelined Commit before the block that was sent ahead of it is done", async () => {
    const app = new KvApplication();
    await serve(app);
    const one = await client();
    const answers = await Promise.all([
      one.call(GENESIS),
      one.call(block(1n, "a=1", "b=2")),
      one.call(COMMIT),
      one.call(block(2n)),
    ]);
    expect(answers.map(({ case: name }) => name)).toEqual(["initChain", "finalizeBlock", "commit", "finalizeBlock"]);
  });

  it("closes the connection of a malformed frame, says why, and serves the others", async () => {
    await serve(new KvApplication());
    const good = await client();
    const bad: [bytes: number[], reason: string][] = [
      [[0xff, 0xff, 0xff, 0xff, 0x01], "the length of a frame takes more than 4 bytes"],
      [[0x81, 0x80, 0x80, 0x32], "a frame of 104857601 bytes was announced; the most is 104857600"],
      [[0x02, 0x42, 0x7f], ""],
      [[0x03, 0xff, 0xff, 0xff], ""],
    ];
    for (const [bytes, reason] of bad) {
      logs.length = 0;
      const connection = await client();
      connection.socket.write(Uint8Array.from(bytes));
      await connection.closed();
      const warning = logs.find(({ level }) => level === 40);
      expect(warning?.["msg"]).toMatch(/connection closed$/);
      if (reason !== "") expect(warning?.["reason"]).toBe(reason);
    }
    expect(await good.call(INFO)).toMatchObject({ case: "info" });
    expect(await good.call(GENESIS)).toMatchObject({ case: "initChain" });
    expect(faults).toEqual([]);
  });

  it("answers an empty request, which is no call, with an Exception", async () => {
    await serve(new KvApplication());
    const one = await client();
    expect(await one.send(Uint8Array.of(0))).toMatchObject({ case: "exception" });
    expect(await one.call(INFO)).toMatchObject({ case: "info" });
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError("x is undefined");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("x is undefined"))],
    ["answers what cannot be encoded", () => ({ txResults: [{ gasUsed: 0.5 }], appHash: new Uint8Array(0) })],
  ])("stops the node when the application %s: nothing is called or committed any more", async (_, finalizeBlock) => {
    class Faulty extends KvApplication {
      override finalizeBlock = finalizeBlock as never;
    }
    const app = new Faulty();
    await serve(app);
    const [consensus, other] = await Promise.all([client(), client()]);
    await consensus!.call(GENESIS);
    const answer = await consensus!.call(block(1n));
    expect(answer).toMatchObject({
      case: "exception",
      value: { error: expect.stringMatching(/^fault of the engine: /) },
    });
    expect(await consensus!.call(COMMIT)).toMatchObject({ case: "exception" });
    expect(await other!.call(query("a"))).toMatchObject({ case: "exception" });
    expect(app.calls).toEqual(["initChain"]);
    expect(faults).toHaveLength(1);
    expect(logs.filter(({ level }) => level === 60)).toHaveLength(1);
  });

  it("keeps the unix socket to its user, replaces a dead one, and never one in use or another file", async () => {
    const path = join(folder, "abci.sock");
    await serve(new KvApplication());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(serve(new KvApplication())).rejects.toThrow("is this node running already?");
    await servers.pop()!.close();
    const other = join(folder, "other");
    writeFileSync(other, "");
    await expect(serve(new KvApplication(), { kind: "unix", path: other })).rejects.toThrow("is no socket");
    await serve(new KvApplication());
    expect(await (await client()).call(INFO)).toMatchObject({ case: "info" });
  });

  it("listens on TCP too, and tells the port that it got", async () => {
    const server = await serve(new KvApplication(), { kind: "tcp", host: "127.0.0.1", port: 0 });
    const port = Number(/^tcp:\/\/127\.0\.0\.1:(\d+)$/.exec(server.address)?.[1]);
    const one = await client({ kind: "tcp", host: "127.0.0.1", port });
    expect(await one.call(INFO)).toMatchObject({ case: "info" });
  });

  it("refuses a seventeenth connection", async () => {
    const server = await serve(new KvApplication());
    await Promise.all(Array.from({ length: 16 }, async () => (await client()).call(INFO)));
    const late = await client();
    await late.closed();
    expect(server.connectionCount).toBe(16);
  });
});
