// Tier: test. Budget: 10 s. A stranger who reaches the ABCI socket of a running node.
import { afterEach, expect, it } from "@jest/globals";
import { statSync } from "node:fs";

import { socketPath } from "../../abci-app/node/home.js";
import { AbciClient } from "../kit/abci-client.js";
import { Load } from "../kit/load.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { expectNothingLost } from "./nothing-lost.js";

let load: Load | undefined;
const strangers: AbciClient[] = [];
afterEach(async () => {
  for (const stranger of strangers) stranger.destroy();
  await load?.stop();
  await removeAllNodes();
});

it("A stranger at the ABCI socket of a running node gets no block decided, and whatever he sends harms nobody", async () => {
  load = await Load.create(2);
  const node = await TestNode.create({ genesis: load.genesis });
  node.launch();
  load.start(node.rpc);
  await node.waitForHeight(3);
  const path = socketPath(node.home);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const join = async (): Promise<AbciClient> => {
    const stranger = await AbciClient.connect({ kind: "unix", path });
    strangers.push(stranger);
    return stranger;
  };
  const stranger = await join();
  for (let i = 0; i < 20; i++) {
    const height = BigInt(await node.rpc.height());
    // A block of his own, for the next heights; the genesis once more; a Commit of CometBFT's block; proposals; a snapshot.
    for (const next of [height, height + 1n, height + 2n]) {
      const time = { seconds: 1n, nanos: 0 };
      for (const name of ["prepareProposal", "processProposal", "finalizeBlock"] as const) {
        expect(await stranger.call({ case: name, value: { height: next, time } })).toMatchObject({ case: "exception" });
      }
    }
    expect(await stranger.call({ case: "initChain", value: { chainId: "mine-1", initialHeight: 1n } })).toMatchObject({
      case: "exception",
    });
    expect(await stranger.call({ case: "commit", value: {} })).toMatchObject({ case: "exception" });
    expect(await stranger.call({ case: "offerSnapshot", value: {} })).toMatchObject({ case: "exception" });
    const vandal = await join();
    vandal.socket.write(Buffer.alloc(4_096, 0xff));
    await vandal.closed();
  }
  await node.waitForHeight((await node.rpc.height()) + 2);
  expect(node.output).toContain("call out of order refused");
  expect(node.output).not.toContain('"level":"fatal"');
  await expectNothingLost(node, load);
  expect(load.accepted).toBeGreaterThan(0);
  expect(await node.stop()).toBe(0);
});
