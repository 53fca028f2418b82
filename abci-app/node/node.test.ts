// Tier: test. Budget: 60 s. A real CometBFT (found on PATH, cached, or built) before the kv application.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "@jest/globals";

import { KV_DAEMON, removeAllNodes, TestNode } from "../../test/kit/test-node.js";
import { until } from "../../test/kit/rpc.js";
import { commandOf } from "./predecessor.js";

afterEach(removeAllNodes);

const kv = { daemon: KV_DAEMON };

async function set(node: TestNode, key: string, value: string): Promise<void> {
  const { code, hash } = await node.rpc.broadcast(Buffer.from(`${key}=${value}`));
  expect(code).toBe(0);
  expect((await node.rpc.tx(hash)).tx_result.code).toBe(0);
}

async function get(node: TestNode, key: string): Promise<string> {
  return (await node.rpc.query("/kv", Buffer.from(key))).value.toString();
}

/** Whether a process runs: one that has ended and that nobody waited for has no command line. */
function lives(pid: number): boolean {
  return commandOf(pid) !== "";
}

describe("a node behind CometBFT", () => {
  it("commits transactions, stops on SIGTERM with status 0, and goes on where it was", async () => {
    const node = await TestNode.start(kv);
    await set(node, "a", "1");
    const comet = node.cometPid!;
    const { stdout } = await node.run("status", "--node", node.rpc.url);
    expect(JSON.parse(stdout)).toMatchObject({ node_info: { network: "computronium-test-1", version: "0.38.26" } });
    const height = await node.rpc.height();
    expect(await node.stop()).toBe(0);
    expect(lives(comet)).toBe(false);
    node.launch();
    await node.waitForHeight(height + 2);
    expect(await get(node, "a")).toBe("1");
    await set(node, "b", "2");
  });

  it("recovers after SIGKILL, and CometBFT does not outlive the application", async () => {
    const node = await TestNode.start(kv);
    await set(node, "a", "1");
    const comet = node.cometPid!;
    await node.kill();
    node.launch();
    await node.waitForHeight(2);
    expect(lives(comet)).toBe(false);
    await set(node, "b", "2");
    expect(await get(node, "a")).toBe("1");
  });

  it("stops with status 1 and says so when CometBFT dies", async () => {
    const node = await TestNode.start(kv);
    process.kill(node.cometPid!, "SIGKILL");
    expect((await node.ended()).code).toBe(1);
    expect(node.output).toContain("CometBFT was ended by SIGKILL");
  });

  it("stops with status 1 before Commit at a fault of the application, and CometBFT with it", async () => {
    const node = await TestNode.start(kv);
    const comet = node.cometPid!;
    await node.rpc.broadcast(Buffer.from("panic=now"));
    expect((await node.ended()).code).toBe(1);
    expect(node.output).toContain("fault of the engine: Maximum call stack size exceeded");
    expect(lives(comet)).toBe(false);
  });

  it("hands CometBFT its fail points, and recovers from one between FinalizeBlock and Commit", async () => {
    const node = await TestNode.create(kv);
    // The seventh point that the first block of a single validator passes (state/execution.go): CometBFT has saved the
    // answer to FinalizeBlock and has not sent Commit.
    node.launch({ FAIL_TEST_INDEX: "6" });
    expect((await node.ended()).code).toBe(1);
    expect(node.output).toContain("CometBFT exited with status 1");
    node.launch();
    await node.waitForHeight(3);
  });

  it("stops after the block of halt-height, with status 0", async () => {
    const node = await TestNode.create({ ...kv, args: ["--halt-height", "3"] });
    node.launch();
    expect((await node.ended()).code).toBe(0);
    expect(node.output).toContain("halt-height 3 is reached");
    const saved = JSON.parse(readFileSync(join(node.home.applicationDb, "kv.json"), "utf8")) as { height: number };
    expect(saved.height).toBe(3);
  });

  it("stops at halt-height and no block later, however long its start takes", async () => {
    // REST and gRPC are started when blocks are made already.
    const node = await TestNode.create({ api: true, args: ["--halt-height", "2"] });
    node.launch();
    expect((await node.ended()).code).toBe(0);
    expect((await node.run("verify")).stdout).toContain("is sound: 2 heights");
  });

  it("uses a short path for its socket where the home folder's is too long", async () => {
    const deep = mkdtempSync(join(tmpdir(), `${"long".repeat(24)}-`));
    try {
      const node = await TestNode.start({ ...kv, home: deep });
      await set(node, "a", "1");
      expect(node.output).toMatch(/unix:\/\/[^"]*computroniumd-\d+\/[0-9a-f]{16}\.sock/);
      expect(await node.stop()).toBe(0);
    } finally {
      await removeAllNodes();
      rmSync(deep, { recursive: true });
    }
  });

  it("refuses a second node on the same home folder and leaves the first alone", async () => {
    const node = await TestNode.start(kv);
    await expect(node.run("start")).rejects.toThrow("is this node running already?");
    await expect(node.run("comet", "unsafe-reset-all")).rejects.toThrow("is this node running already?");
    await set(node, "a", "1");
  });

  it("refuses files that do not fit before it touches anything, saying where and what", async () => {
    const node = await TestNode.create(kv);
    const appToml = readFileSync(node.home.appToml, "utf8");
    writeFileSync(node.home.appToml, appToml.replace('pruning = "default"', 'pruning = "often"'));
    await expect(node.run("start")).rejects.toThrow(`${node.home.appToml}: pruning: Invalid option`);
    writeFileSync(node.home.appToml, appToml);

    const genesis = readFileSync(node.home.genesis, "utf8");
    writeFileSync(node.home.genesis, genesis.replace('"power": "10"', '"power": "0"'));
    await expect(node.run("start")).rejects.toThrow("validators.0.power: must be positive");
    writeFileSync(node.home.genesis, genesis.replace('"kv": {', '"vk": {'));
    await expect(node.run("start")).rejects.toThrow("app_state.kv: is missing");
    await expect(node.run("genesis", "validate")).rejects.toThrow("app_state.kv: is missing");
    writeFileSync(node.home.genesis, genesis.slice(1));
    await expect(node.run("start")).rejects.toThrow(node.home.genesis);
    expect(existsSync(node.home.applicationDb)).toBe(false);

    await expect(node.run("start", "--address", "tcp://0.0.0.0:1")).rejects.toThrow(
      "only loopback addresses are allowed",
    );
    await expect(node.run("start", "--halt-height", "soon")).rejects.toThrow("flag: --halt-height: ");
  });

  it("listens for a CometBFT of somebody else with --with-comet=false", async () => {
    const node = await TestNode.create({ ...kv, args: ["--with-comet=false", "--address", "tcp://127.0.0.1:0"] });
    node.launch();
    await until("the listener", 20_000, async () => {
      expect(node.output).toMatch(/tcp:\/\/127\.0\.0\.1:[1-9]\d*/);
      return Promise.resolve();
    });
    expect(node.output).not.toContain("CometBFT started");
    expect(await node.stop()).toBe(0);
  });
});
