// Tier: test. Budget: 60 s. What is seen of a running node from outside, and that dashboard and alerts ask for what is there.
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { QueryBalanceRequestSchema } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import {
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { nodeId } from "../../abci-app/node/keys.js";
import { create, toBinary } from "../../core/codec/protobuf.js";
import { GrpcRpc } from "../api/grpc-rpc.js";
import { order, register } from "../market/actors.js";
import { appStateWith } from "../kit/app-state.js";
import { freePorts } from "../kit/ports.js";
import type { Sample } from "../kit/prometheus.js";
import { parseSamples, readExpression } from "../kit/prometheus.js";
import { until } from "../kit/rpc.js";
import { message, TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { dashboardExpressions, readAlerts, readDashboard, ROOT } from "./deployment-files.js";

const AMOUNT = 1_000_000_000n;
const SNAPSHOT_INTERVAL = 5;
const SEND = "/cosmos.bank.v1beta1.MsgSend";
const BALANCE = "/cosmos.bank.v1beta1.Query/Balance";

let node: TestNode;
let telemetry: string;
let cometMetrics: string;

async function get(path: string): Promise<Response> {
  return fetch(`${telemetry}${path}`);
}

async function scrape(url = `${telemetry}/metrics`): Promise<Sample[]> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return parseSamples(await response.text());
}

/** The one series with these labels, among others; undefined when there is none. */
function value(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
  );
  if (found.length > 1) throw new Error(`${found.length} series are ${name} ${JSON.stringify(labels)}`);
  return found[0]?.value;
}

beforeAll(async () => {
  const [port, cometPort] = await freePorts(2);
  telemetry = `http://127.0.0.1:${port}`;
  cometMetrics = `http://127.0.0.1:${cometPort}/metrics`;
  const [tenant, provider] = await Promise.all([
    TestSigner.named("tenant", { accountNumber: 0n }),
    TestSigner.named("provider", { accountNumber: 1n }),
  ]);
  node = await TestNode.start({
    comet: { "instrumentation.prometheus": true, "instrumentation.prometheus_listen_addr": `127.0.0.1:${cometPort}` },
    api: true,
    args: [
      ...["--telemetry.enabled", "true", "--telemetry.address", `127.0.0.1:${port}`],
      ...["--state-sync.snapshot-interval", String(SNAPSHOT_INTERVAL)],
    ],
    env: { COMPUTRONIUMD_TELEMETRY_GLOBAL_LABELS: "network=testing" },
    genesis: ({ app_state: state }) => {
      const funded = appStateWith([tenant, provider].map(({ address }) => ({ address, amount: AMOUNT })));
      for (const [name, part] of Object.entries(funded)) Object.assign(state[name] as object, part);
    },
  });
  const pay = (amount: string) =>
    message(MsgSendSchema, {
      fromAddress: tenant.address,
      toAddress: provider.address,
      amount: [{ denom: "ucptm", amount }],
    });
  const txs = [
    await tenant.sign([pay("5")]),
    // More than there is: in the block with code 5.
    await tenant.sign([pay(String(10n * AMOUNT))]),
    await tenant.sign([message(MsgPostOrderSchema, order(tenant.address))]),
    await provider.sign([message(MsgRegisterProviderSchema, register(provider.address))]),
  ];
  const hashes: string[] = [];
  for (const tx of txs) {
    const { code, hash, log } = await node.rpc.broadcast(tx);
    if (code !== 0) throw new Error(log);
    hashes.push(hash);
  }
  await Promise.all(hashes.map((hash) => node.rpc.tx(hash)));
  // Refused by the mempool: the sequence is an old one.
  await node.rpc.broadcast(await tenant.sign([pay("6")], { sequence: 0n }));
  const { address } = tenant;
  const balance = create(QueryBalanceRequestSchema, { address, denom: "ucptm" });
  await node.rpc.query(BALANCE, toBinary(QueryBalanceRequestSchema, balance));
  await node.rpc.query("/made.up/Path", new Uint8Array(0));
  const grpc = new GrpcRpc(node.grpcAddress);
  await grpc.call(BALANCE, toBinary(QueryBalanceRequestSchema, balance));
  await expect(grpc.call(BALANCE, new Uint8Array(0))).rejects.toThrow();
  grpc.close();
  for (const path of [`/cosmos/bank/v1beta1/balances/${address}/by_denom?denom=ucptm`, "/made/up"]) {
    await (await fetch(`${node.restUrl}${path}`)).text();
  }
});

afterAll(removeAllNodes);

describe("A running node", () => {
  it("says that it lives, and that it is ready once it follows the chain", async () => {
    const health = await get("/health");
    expect([health.status, await health.json()]).toMatchObject([200, { alive: true }]);
    const ready = await get("/ready");
    const answer = (await ready.json()) as { height: string; secondsSinceCommit: number };
    expect([ready.status, answer]).toMatchObject([200, { ready: true, catchingUp: false, reasons: [] }]);
    expect(Number(answer.height)).toBeGreaterThan(0);
  });

  it("counts transactions, messages, checks, signatures and queries by what became of them", async () => {
    const samples = await scrape();
    expect(value(samples, "computronium_txs_total", { code: "0" })).toBe(3);
    expect(value(samples, "computronium_txs_total", { codespace: "sdk", code: "5" })).toBe(1);
    // What was found ahead of the block counts once, if the block took it over, and not at all where it did not hold.
    expect(value(samples, "computronium_messages_total", { type: SEND, result: "ok" })).toBe(1);
    expect(value(samples, "computronium_messages_total", { type: SEND, result: "failed" })).toBe(1);
    expect(value(samples, "computronium_messages_seconds_total", { type: SEND })).toBeGreaterThan(0);
    expect(value(samples, "computronium_ante_total", { mode: "finalize", type: SEND, result: "ok" })).toBe(2);
    const ahead = ["executed", "taken"].map((what) => value(samples, "computronium_ahead_txs_total", { what })!);
    expect(ahead[0]).toBeGreaterThanOrEqual(ahead[1]!);
    expect(ahead[1]).toBeLessThanOrEqual(4);
    expect(value(samples, "computronium_check_tx_total", { mode: "check", code: "0" })).toBe(4);
    expect(value(samples, "computronium_check_tx_total", { mode: "check", codespace: "sdk", code: "32" })).toBe(1);
    expect(value(samples, "computronium_check_tx_seconds_count", { mode: "check" })).toBe(5);
    // The blocks verified no signature again.
    expect(value(samples, "computronium_signature_checks_total", { result: "remembered" })).toBeGreaterThanOrEqual(4);
    expect(value(samples, "computronium_queries_total", { path: BALANCE, result: "ok" })).toBe(1);
    expect(value(samples, "computronium_queries_total", { path: "other", result: "refused" })).toBe(1);
    // The test kit has asked as well, whether the node answers.
    expect(value(samples, "computronium_query_seconds_count")).toBeGreaterThanOrEqual(2);
  });

  it("counts requests over gRPC and REST by method and status", async () => {
    const samples = await scrape();
    const requests = (labels: Record<string, string>): number | undefined =>
      value(samples, "computronium_api_requests_total", labels);
    expect(requests({ face: "grpc", method: BALANCE, status: "OK" })).toBe(1);
    expect(requests({ face: "grpc", method: BALANCE, status: "INVALID_ARGUMENT" })).toBe(1);
    expect(requests({ face: "rest", method: BALANCE, status: "200" })).toBe(1);
    // The kit asks for what is not there, until REST answers.
    expect(requests({ face: "rest", method: "other", status: "501" })).toBeGreaterThanOrEqual(2);
    expect(value(samples, "computronium_api_request_seconds_count", { face: "grpc", method: BALANCE })).toBe(2);
  });

  it("shows the snapshots that it makes", async () => {
    const samples = await until("a snapshot", 60_000, async () => {
      const found = await scrape();
      if (value(found, "computronium_snapshots_total", { result: "made" }) === 0) throw new Error("none made yet");
      return found;
    });
    expect(value(samples, "computronium_snapshot_height")! % SNAPSHOT_INTERVAL).toBe(0);
    expect(value(samples, "computronium_snapshot_bytes")).toBeGreaterThan(0);
    expect(value(samples, "computronium_snapshots_total", { result: "failed" })).toBe(0);
  });

  it("shows its height, its blocks and its state", async () => {
    const samples = await scrape();
    const height = value(samples, "computronium_height")!;
    expect(height).toBeGreaterThan(0);
    const blocks = value(samples, "computronium_block_execution_seconds_count")!;
    expect(blocks).toBe(height);
    expect(value(samples, "computronium_abci_call_seconds_count", { call: "commit" })).toBe(blocks);
    expect(value(samples, "computronium_store_file_bytes")).toBeGreaterThan(0);
    expect(value(samples, "computronium_store_cached_nodes")).toBeGreaterThan(0);
    expect(value(samples, "computronium_store_earliest_height")).toBe(1);
    expect(value(samples, "computronium_build_info", { version: "0.1.0", node: process.version })).toBe(1);
    expect(samples.every(({ labels }) => labels["network"] === "testing")).toBe(true);
  });

  it("shows what is in the market", async () => {
    const samples = await until("the count of the market", 30_000, async () => {
      const found = await scrape();
      if (value(found, "computronium_market_orders", { state: "OPEN" }) !== 1) throw new Error("not counted yet");
      return found;
    });
    expect(value(samples, "computronium_market_providers", { state: "ONLINE" })).toBe(1);
    expect(value(samples, "computronium_market_escrowed", { denom: "ucptm" })).toBe(36_000);
    expect(value(samples, "computronium_market_bonded", { denom: "ucptm" })).toBe(10_000_000);
    expect(value(samples, "computronium_market_leases", { state: "ACTIVE" })).toBe(0);
    expect(value(samples, "computronium_market_figures_complete")).toBe(1);
  });

  it("serves those pages and nothing else, for reading only", async () => {
    expect((await get("/")).status).toBe(404);
    expect((await get("/__proto__")).status).toBe(404);
    expect((await fetch(`${telemetry}/metrics`, { method: "POST", body: "x" })).status).toBe(405);
    const head = await fetch(`${telemetry}/health`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("refuses to start where its address is taken, and says which setting that is", async () => {
    const second = await TestNode.create({
      args: ["--telemetry.enabled", "true", "--telemetry.address", telemetry.slice("http://".length)],
    });
    second.launch();
    expect((await second.ended()).code).toBe(1);
    expect(second.output).toContain("telemetry.address");
    expect(second.output).toContain("EADDRINUSE");
  });
});

describe("Dashboard and alerts", () => {
  const dashboard = readDashboard();
  const alerts = readAlerts();
  const expressions = [...dashboardExpressions(dashboard), ...alerts.map(({ expr }) => expr)];
  /** Labels that Prometheus itself puts on what it scrapes. */
  const SCRAPED = ["job", "instance"];
  /** Metrics of Prometheus about its scrapes. */
  const OF_PROMETHEUS = ["up"];

  it("ask for metrics and labels that a running node exports", async () => {
    const peer = await TestNode.create({
      comet: { "p2p.persistent_peers": `${nodeId(node.home.nodeKey)}@127.0.0.1:${node.p2pPort}` },
    });
    copyFileSync(node.home.genesis, peer.home.genesis);
    peer.launch();
    const samples = await until("a peer and a signed block in CometBFT's metrics", 30_000, async () => {
      const comet = await scrape(cometMetrics);
      for (const name of ["cometbft_p2p_peers", "cometbft_consensus_validator_last_signed_height"]) {
        if (value(comet, name) === undefined) throw new Error(`no ${name} yet`);
      }
      return [...(await scrape()), ...comet];
    });
    const exported = new Map<string, Set<string>>();
    for (const { name, labels } of samples) {
      exported.set(name, new Set([...(exported.get(name) ?? []), ...Object.keys(labels), ...SCRAPED]));
    }
    const missing: string[] = [];
    for (const expression of expressions) {
      const { metrics, labels } = readExpression(expression);
      expect(metrics.length).toBeGreaterThan(0);
      const found = metrics.filter((name) => !OF_PROMETHEUS.includes(name));
      missing.push(...found.filter((name) => !exported.has(name)));
      const known = new Set([...SCRAPED, ...found.flatMap((name) => [...(exported.get(name) ?? [])])]);
      missing.push(...labels.filter((name) => !known.has(name)).map((name) => `${name} in ${expression}`));
    }
    expect(missing).toEqual([]);
    expect(expressions.length).toBeGreaterThan(40);
  });

  it("have panels and variables that fit together", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const variables = dashboard.templating.list.map(({ name }) => name);
    const used = new Set(
      [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)\}?/g)]
        .map(([, name]) => name ?? "")
        .filter((name) => !name.startsWith("__")),
    );
    expect([...used].filter((name) => !variables.includes(name))).toEqual([]);
    for (const { type, targets } of dashboard.panels) expect(type === "row" || (targets ?? []).length > 0).toBe(true);
  });

  it("have for each alert a place that says what to do", () => {
    const page = readFileSync(join(ROOT, "docs/operators/recover.md"), "utf8");
    expect(alerts.map(({ alert }) => alert).filter((alert) => !page.includes(`\`${alert}\``))).toEqual([]);
  });
});
