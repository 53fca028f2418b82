// Tier: test. Budget: 90 s. A fresh node joins a real network by state sync, and follows it with equal app hashes.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ComputroniumClient } from "@computronium/client";

import { homeOf } from "../../abci-app/node/home.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { Localnet } from "../../localnet/localnet.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { RpcClient, until } from "../kit/rpc.js";

const INTERVAL = 10;

describe("a fresh node on a network that makes snapshots", () => {
  let network: Localnet;

  beforeAll(async () => {
    network = await Localnet.start({
      validators: 2,
      timeoutCommitMs: 200,
      accounts: { alice: 1_000_000n, bob: 5n },
      appConfig: { "state-sync.snapshot-interval": INTERVAL, pruning: "everything" },
    });
  }, 120_000);

  afterAll(async () => {
    await removeAllNodes();
    await network.stop();
  });

  /** Peers of the network, as CometBFT's configuration names them. */
  function peers(): string {
    return network.nodes
      .map(({ home }) => {
        const config = readFileSync(join(home.path, "config", "config.toml"), "utf8");
        const port = /\[p2p\][^[]*?laddr = "tcp:\/\/127\.0\.0\.1:(\d+)"/s.exec(config)![1]!;
        return `${home.nodeId()}@127.0.0.1:${port}`;
      })
      .join(",");
  }

  it("starts at a snapshot's height, not at the beginning, and follows the chain with the same hashes and answers", async () => {
    const { signer, address: alice } = network.account("alice");
    const { address: bob } = network.account("bob");
    const client = await ComputroniumClient.connect(network.rpcUrl, { signer, gasPrice: network.gasPrice, pollMs: 50 });
    await client.bank.send(bob, "7ucptm");
    const folder = new SnapshotFolder(homeOf(network.node(0).home.path).snapshots);
    const height = await until("a snapshot of a height that light clients can verify", 60_000, async () => {
      const [newest] = folder.list();
      if (newest === undefined || (await network.node(0).height()) < newest.height + 2) throw new Error("none yet");
      return newest.height;
    });
    const rpc = new RpcClient(network.rpcUrl);
    const { block_id: trusted } = await rpc.call<{ block_id: { hash: string } }>("block", { height: "2" });

    const node = await TestNode.create({
      chainId: network.chainId,
      comet: {
        "p2p.persistent_peers": peers(),
        "statesync.enable": true,
        "statesync.rpc_servers": network.nodes.map(({ rpcUrl }) => rpcUrl).join(","),
        "statesync.trust_height": 2,
        "statesync.trust_hash": trusted.hash,
        "statesync.discovery_time": "5s",
      },
      genesis: (genesis) => {
        for (const name of Object.keys(genesis)) delete genesis[name];
        Object.assign(genesis, network.node(0).home.readGenesis());
      },
    });
    node.launch();
    const joined = await node.waitForHeight(height + 3);
    expect(node.output).toContain("the state is restored");
    const { sync_info: sync } = await node.rpc.call<{ sync_info: { earliest_block_height: string } }>("status");
    expect(Number(sync.earliest_block_height)).toBeGreaterThan(INTERVAL / 2);

    const { height: sent } = await client.bank.send(bob, "35ucptm");
    await node.waitForHeight(sent + 2);
    for (let at = joined; at <= sent + 1; at++) {
      const appHash = async (rpc: RpcClient): Promise<string> =>
        (await rpc.call<{ block: { header: { app_hash: string } } }>("block", { height: String(at) })).block.header
          .app_hash;
      expect({ at, hash: await appHash(node.rpc) }).toEqual({ at, hash: await appHash(rpc) });
    }
    const own = await ComputroniumClient.connect(node.rpc.url);
    expect(await own.bank.balance(bob, network.denom)).toBe(47n);
    expect(await own.bank.balance(alice, network.denom)).toBe(await client.bank.balance(alice, network.denom));
    own.disconnect();
    client.disconnect();

    // It is a node like any other after a restart.
    await node.restart();
    await node.waitForHeight(sent + 5);
  });
});
