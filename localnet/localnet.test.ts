// Tier: test. Budget: 60 s. Four real validators.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ComputroniumClient } from "@computronium/client";

import { Localnet } from "./localnet.js";

describe("a network of four validators", () => {
  let network: Localnet;

  beforeAll(async () => {
    network = await Localnet.start({ timeoutCommitMs: 200, accounts: { alice: 1_000_000n, bob: 5n } });
  }, 120_000);

  afterAll(() => network.stop());

  async function connect(): Promise<ComputroniumClient> {
    const { signer } = network.account("alice");
    return ComputroniumClient.connect(network.rpcUrl, { signer, gasPrice: network.gasPrice, pollMs: 50 });
  }

  it("funds its accounts, and tells a shell how to reach them", async () => {
    const client = await connect();
    expect(await client.bank.balance(network.account("bob").address, network.denom)).toBe(5n);
    expect(await client.bank.supply(network.denom)).toBe(1_000_005n);
    client.disconnect();
    const shell = readFileSync(join(network.home, "localnet.env"), "utf8");
    expect(shell).toContain(`export RPC="${network.rpcUrl}"`);
    expect(shell).toContain(`export BOB_MNEMONIC="${network.account("bob").mnemonic}"`);
  });

  it("goes on when one validator crashes, which catches up afterwards; all have the same state at every height", async () => {
    const client = await connect();
    const { address: bob } = network.account("bob");
    await network.node(3).kill();
    expect(network.node(3).isRunning).toBe(false);
    for (let i = 0; i < 3; i++) await client.bank.send(bob, "7ucptm");
    network.node(3).start();
    const { height } = await client.bank.send(bob, "7ucptm");
    await network.waitForHeight(height + 1);
    for (let at = 1; at <= height + 1; at++) {
      const [first, ...others] = await Promise.all(network.nodes.map((node) => node.appHash(at)));
      expect({ at, others }).toEqual({ at, others: [first, first, first] });
    }
    // What the crashed one itself says of its state, not the block.
    const late = await ComputroniumClient.connect(network.node(3).rpcUrl);
    expect(await late.bank.balance(bob, network.denom, { height })).toBe(5n + 28n);
    late.disconnect();
    client.disconnect();
  });

  it("refuses a folder or a name that is taken, and numbers of validators and nodes that make no sense", async () => {
    await expect(Localnet.create({ home: network.home })).rejects.toThrow("is not empty");
    await expect(Localnet.create({ validators: 0 })).rejects.toThrow(RangeError);
    await expect(network.furtherNode({ name: "node0" })).rejects.toThrow("there is a node node0 already");
    await expect(network.furtherNode({ name: "twin", validatorKeyOf: 4 })).rejects.toThrow("there is no node 4");
  });

  it("leaves no process and no folder", async () => {
    const other = await Localnet.start({ validators: 1, timeoutCommitMs: 200 });
    const pid = other.node(0).pid ?? 0;
    expect(pid).toBeGreaterThan(0);
    await other.stop();
    expect(other.node(0).isRunning).toBe(false);
    expect(() => process.kill(-pid, 0)).toThrow("ESRCH");
    expect(existsSync(other.home)).toBe(false);
  });
});
