// Tier: test. Budget: 120 s. The commands for the state of a node, on a real node: each leaves a chain that goes on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { homeOf } from "../../abci-app/node/home.js";
import { copyState, verifyState } from "../../core/store/copy.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { runCommand } from "../kit/command.js";
import { Load } from "../kit/load.js";
import { message, TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const folder = mkdtempSync(join(tmpdir(), "computronium-operator-"));
const file = (name: string): string => join(folder, name);
let node: TestNode;
let load: Load;

beforeAll(async () => {
  load = await Load.create(2);
  node = await TestNode.create({ genesis: load.genesis, comet: { "consensus.timeout_commit": "500ms" } });
  node.launch();
  await node.waitForHeight(1);
  const [sender] = load.senders;
  for (let i = 0; i < 5; i++) {
    const amount = [{ denom: "ucptm", amount: "7" }];
    const sent = message(MsgSendSchema, {
      fromAddress: sender!.address,
      toAddress: load.receiver.address,
      amount,
    });
    expect((await node.rpc.broadcast(await sender!.sign([sent]))).code).toBe(0);
  }
  await node.waitForHeight(12);
});
afterAll(async () => {
  await removeAllNodes();
  rmSync(folder, { recursive: true, force: true });
});

const out = async (...args: string[]): Promise<string> => runCommand(node.home.root, ...args);
const applied = (text: string): number => Number(/height (\d+)/.exec(text)![1]);

describe("while the node runs", () => {
  it("its state is copied, whole and checked, and snapshots are made, written to a file and read back", async () => {
    const height = applied(await out("backup", file("backup"), "--verify"));
    expect(height).toBeGreaterThanOrEqual(12);
    await expect(out("backup", file("backup"))).rejects.toThrow("is not empty");

    const made = applied(await out("snapshots", "export"));
    expect(await out("snapshots", "list")).toMatch(
      new RegExp(`^local snapshots:\nheight: ${made} format: 1 chunks: \\d+$`),
    );
    const archive = file("snapshot.tar.gz");
    await out("snapshots", "dump", String(made), "1", "-o", archive);
    await out("snapshots", "delete", String(made), "1");
    expect(await out("snapshots", "list")).toBe("local snapshots:");
    await expect(out("snapshots", "dump", String(made), "1")).rejects.toThrow("there is none at all");

    const bytes = readFileSync(archive);
    writeFileSync(file("cut.tar.gz"), bytes.subarray(0, bytes.length / 2));
    await expect(out("snapshots", "load", file("cut.tar.gz"))).rejects.toThrow("is no archive of a snapshot");
    expect(await out("snapshots", "list")).toBe("local snapshots:");
    expect(await out("snapshots", "load", archive)).toContain(`height ${made}`);
    expect(new SnapshotFolder(node.home.snapshots).list().map(({ height }) => height)).toEqual([made]);
  });

  it("what would write to its state is refused", async () => {
    for (const command of [
      ["verify"],
      ["prune", "everything"],
      ["rollback"],
      ["compact"],
      ["snapshots", "restore", "1", "1"],
    ]) {
      await expect(out(...command)).rejects.toThrow("is this node running already?");
    }
  });
});

describe("while the node is stopped", () => {
  beforeAll(async () => {
    expect(await node.stop()).toBe(0);
  });

  it("its state is checked, pruned and compacted", async () => {
    expect(await out("verify")).toMatch(/is sound: \d+ heights, \d+ nodes/);
    expect(await out("prune", "custom", "--pruning-keep-recent", "5")).toMatch(/^heights \d+ to \d+ are kept/);
    expect(await out("compact")).toMatch(/\d+ bytes were, \d+ are/);
    expect((await verifyState(node.home.applicationDb)).heights).toBe(6);
    await expect(out("prune", "often")).rejects.toThrow("Allowed choices are");
  });

  it("it goes back by one height, CometBFT and application together, and executes the block again", async () => {
    const before = (await copyState({ from: node.home.applicationDb, to: file("before") })).height;
    expect(applied(await out("rollback"))).toBe(before - 1);
    expect((await copyState({ from: node.home.applicationDb, to: file("back") })).height).toBe(before - 1);
    node.launch();
    await node.waitForHeight(before + 2);
    expect(await node.stop()).toBe(0);
  });

  it("it goes back with the block too", async () => {
    const before = (await copyState({ from: node.home.applicationDb, to: file("hard") })).height;
    expect(applied(await out("rollback", "--hard"))).toBe(before - 1);
    // This validator is alone and has signed the block that it is to make anew; its owner knows what he does.
    writeFileSync(node.home.validatorState, JSON.stringify({ height: "0", round: 0, step: 0 }));
    node.launch();
    await node.waitForHeight(before + 2);
    expect(await node.stop()).toBe(0);
  });

  it("a backup takes the place of its state, and CometBFT brings the blocks that came after it", async () => {
    const { height } = await copyState({ from: file("back"), to: file("again") });
    const latest = (await copyState({ from: node.home.applicationDb, to: file("latest") })).height;
    expect(height).toBeLessThan(latest);
    rmSync(node.home.applicationDb, { recursive: true });
    await copyState({ from: file("again"), to: node.home.applicationDb });
    node.launch();
    await node.waitForHeight(latest + 1);
    expect(await node.stop()).toBe(0);
  });

  it("another node goes on from its exported genesis: same balances, next height", async () => {
    const genesisFile = file("genesis.json");
    await out("export", "--output-document", genesisFile);
    const genesis = JSON.parse(readFileSync(genesisFile, "utf8")) as { initial_height: string; app_state: object };
    const printed = JSON.parse(
      await out("export", "--for-zero-height", "--modules-to-export", "bank"),
    ) as typeof genesis;
    expect(Object.keys(printed.app_state)).toEqual(["bank"]);
    expect(printed.initial_height).toBe("1");
    const first = Number(genesis.initial_height);
    const other = await TestNode.create({
      genesis: (fresh) => {
        // Its own validator in place of the other's.
        const { validators } = fresh;
        Object.assign(fresh, genesis, { validators });
      },
    });
    await runCommand(other.home.root, "genesis", "validate");
    other.launch();
    await other.waitForHeight(first + 2);
    const balancesOf = async (home: string): Promise<unknown> => {
      const text = await runCommand(home, "export", "--modules-to-export", "bank");
      return (JSON.parse(text) as { app_state: { bank: { balances: unknown } } }).app_state.bank.balances;
    };
    const balances = await balancesOf(other.home.root);
    expect(balances).toEqual(await balancesOf(node.home.root));
    expect(JSON.stringify(balances)).toContain(load.receiver.address);
    await other.remove();
  });

  it("its snapshot makes the state of an empty node, when it has the app hash that is expected", async () => {
    const [manifest] = new SnapshotFolder(node.home.snapshots).list();
    const height = String(manifest!.height);
    await out("snapshots", "dump", height, "1", "--output", file("for-other.tar.gz"));
    const home = homeOf(file("other"));
    await runCommand(home.root, "snapshots", "load", file("for-other.tar.gz"));
    const restore = async (...options: string[]) =>
      runCommand(home.root, "snapshots", "restore", height, "1", ...options);
    await expect(restore("--app-hash", "00".repeat(32))).rejects.toThrow("do not have the app hash");
    expect(await restore()).toMatch(new RegExp(`height ${height} is restored; its app hash is [0-9A-F]{64}`));
    expect((await verifyState(home.applicationDb)).heights).toBe(1);
    await expect(restore()).rejects.toThrow("has a state of height");
  });

  it("a copy of it becomes a test network of another name, with the same state and an operator who is rich", async () => {
    const { address } = await TestSigner.named("operator");
    const fork = await TestNode.create({ home: file("fork") });
    const state = await copyState({ from: node.home.applicationDb, to: fork.home.applicationDb });
    const testnet = async (...args: string[]) => runCommand(fork.home.root, "in-place-testnet", ...args);
    await expect(testnet("fork-1", address)).rejects.toThrow("--skip-confirmation says");
    await expect(testnet("fork-1", "cptm1nobody", "--skip-confirmation")).rejects.toThrow("cptm1nobody");
    expect(await testnet("fork-1", address, "--skip-confirmation")).toContain(`its first block is ${state.height + 2}`);
    fork.launch();
    await fork.waitForHeight(state.height + 4);
    expect((await fork.rpc.status()).node_info.network).toBe("fork-1");
    const operator = await TestSigner.named("operator", { accountNumber: await accountNumberOf(fork, address) });
    const amount = [{ denom: "ucptm", amount: "1000000000" }];
    const sent = message(MsgSendSchema, { fromAddress: address, toAddress: load.receiver.address, amount });
    const { code, log } = await fork.rpc.broadcast(await operator.sign([sent], { chainId: "fork-1" }));
    expect({ code, log }).toEqual({ code: 0, log: "" });
    await fork.restart();
    await fork.waitForHeight(state.height + 7);
    await fork.remove();
  });
});

async function accountNumberOf({ home }: TestNode, address: string): Promise<bigint> {
  const text = await runCommand(home.root, "export", "--modules-to-export", "auth");
  const { accounts } = (JSON.parse(text) as { app_state: { auth: { accounts: Record<string, string>[] } } }).app_state
    .auth;
  return BigInt(accounts.find((account) => account["address"] === address)!["account_number"]!);
}
