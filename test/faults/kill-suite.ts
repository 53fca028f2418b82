import { afterEach, describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";

import { FEE_AMOUNT, Load, readBlock, START_AMOUNT } from "../kit/load.js";
import { SeededRandom } from "../kit/random.js";
import { until } from "../kit/rpc.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const DAEMON = resolve(import.meta.dirname, "../kit/dying-daemon.js");
const SEED = 9;
/** Bound of a hang: ten starts of a node on a busy machine. */
const SECONDS_PER_ROUND = 240;
const MAX_WAIT_MILLISECONDS = 500;

type Killing = "before Commit" | "after Commit" | "at any moment" | "with CometBFT at any moment";

/** Of each ten kills, three hit between FinalizeBlock and Commit. */
const KILLINGS: readonly Killing[] = [
  "before Commit",
  "at any moment",
  "with CometBFT at any moment",
  "after Commit",
  "before Commit",
  "at any moment",
  "with CometBFT at any moment",
  "at any moment",
  "before Commit",
  "at any moment",
];

/** Kills one node under load, `10 * rounds` times, and asks afterwards whether anything was lost or changed. */
export function describeKills(rounds: number): void {
  afterEach(removeAllNodes);

  describe(`A node that is killed ${10 * rounds} times under load`, () => {
    it(
      "loses nothing that it reported, changes nothing, and counts every coin",
      async () => {
        const random = new SeededRandom(SEED);
        const load = await Load.create();
        const node = await TestNode.create({ daemon: DAEMON, genesis: load.genesis });
        load.start(node.rpc);
        for (let round = 0; round < rounds; round++) {
          for (const killing of KILLINGS) await startAndKill(node, { killing, load, random });
        }
        node.launch();
        await node.waitForHeight(load.recorded.size + 2);
        await load.stop();
        const height = await emptied(node);

        // Enough happened that a loss could have been seen.
        const recorded = [...load.recorded];
        expect(recorded.length).toBeGreaterThan(10 * rounds);
        expect(recorded.filter(([, { codes }]) => codes.includes(0)).length).toBeGreaterThan(5 * rounds);

        let paid = 0n;
        let charged = 0n;
        for (let at = 1; at <= height; at++) {
          const block = await readBlock(node.rpc, at);
          if (load.recorded.has(at)) expect([at, block]).toEqual([at, load.recorded.get(at)]);
          paid += BigInt(block.codes.filter((code) => code === 0).length);
          charged += BigInt(block.codes.length);
        }
        expect(await load.balance(load.receiver.address)).toBe(paid);
        let left = 0n;
        for (const { address } of load.senders) left += await load.balance(address);
        expect(left).toBe(BigInt(load.senders.length) * START_AMOUNT - paid - FEE_AMOUNT * charged);
        expect(await node.stop()).toBe(0);
      },
      SECONDS_PER_ROUND * rounds * 1_000,
    );
  });
}

/** The height after which no transaction is waiting any more. */
async function emptied(node: TestNode): Promise<number> {
  await until("an empty mempool", 30_000, async () => {
    const { n_txs: waiting } = await node.rpc.call<{ n_txs: string }>("num_unconfirmed_txs");
    expect(waiting).toBe("0");
  });
  // A block in progress may have taken the last ones.
  return node.waitForHeight((await node.rpc.height()) + 2);
}

async function startAndKill(
  node: TestNode,
  { killing, load, random }: { readonly killing: Killing; readonly load: Load; readonly random: SeededRandom },
): Promise<void> {
  if (killing === "before Commit" || killing === "after Commit") {
    const moment = killing === "before Commit" ? "before" : "after";
    node.launch({ DIE_AT_COMMIT: `${moment}:${1 + random.below(3)}` });
    expect(await node.ended()).toMatchObject({ signal: "SIGKILL" });
    return;
  }
  const { accepted } = load;
  node.launch();
  // One of three is killed while it starts, the others when blocks have transactions.
  if (random.below(3) > 0) {
    await until("transactions", 30_000, async () => {
      expect(load.accepted).toBeGreaterThan(accepted + load.senders.length);
      return Promise.resolve();
    });
  }
  await sleep(random.below(MAX_WAIT_MILLISECONDS));
  const comet = /"pid":(\d+)/.exec(node.output)?.[1];
  if (killing === "with CometBFT at any moment" && comet !== undefined) {
    node.signal("SIGSTOP");
    process.kill(Number(comet), "SIGKILL");
  }
  await node.kill();
}
