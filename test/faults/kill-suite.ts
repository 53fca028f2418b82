import { afterEach, describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { resolve } from "node:path";

import { Load } from "../kit/load.js";
import { SeededRandom } from "../kit/random.js";
import { until } from "../kit/rpc.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { expectNothingLost } from "./nothing-lost.js";

const DAEMON = resolve(import.meta.dirname, "../kit/dying-daemon.js");
const SEED = 9;
/** Bound of a hang: ten starts of a node on a busy machine. */
const SECONDS_PER_ROUND = 240;
const MAX_WAIT_MILLISECONDS = 500;
/** A start on a machine that has no time for it; only a hang takes longer. */
const START_PATIENCE_MILLISECONDS = 120_000;

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
  let load: Load | undefined;
  // After a failure, too.
  afterEach(async () => {
    await load?.stop();
    await removeAllNodes();
  });

  describe(`A node that is killed ${10 * rounds} times under load`, () => {
    it(
      "loses nothing that it reported, changes nothing, and counts every coin",
      async () => {
        const random = new SeededRandom(SEED);
        load = await Load.create();
        const node = await TestNode.create({ daemon: DAEMON, genesis: load.genesis });
        load.start(node.rpc);
        for (let round = 0; round < rounds; round++) {
          for (const killing of KILLINGS) await startAndKill(node, { killing, load, random });
        }
        node.launch();
        await node.waitForHeight(load.recorded.size + 2);
        await expectNothingLost(node, load);

        // Enough happened that a loss could have been seen.
        const recorded = [...load.recorded];
        expect(recorded.length).toBeGreaterThan(10 * rounds);
        expect(recorded.filter(([, { codes }]) => codes.includes(0)).length).toBeGreaterThan(5 * rounds);
        expect(await node.stop()).toBe(0);
      },
      SECONDS_PER_ROUND * rounds * 1_000,
    );
  });
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
    await until("transactions", START_PATIENCE_MILLISECONDS, async () => {
      expect(load.accepted).toBeGreaterThan(accepted + load.senders.length);
      return Promise.resolve();
    });
  }
  await sleep(random.below(MAX_WAIT_MILLISECONDS));
  const { cometPid } = node;
  if (killing === "with CometBFT at any moment" && cometPid !== undefined) {
    node.signal("SIGSTOP");
    process.kill(cometPid, "SIGKILL");
  }
  await node.kill();
}
