import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { UpgradePlan } from "../../core/runtime/upgrades.js";
import type { Home } from "./home.js";

/**
 * Writes `data/upgrade-info.json`, by which cosmovisor knows that another program has to go on, and which
 * (cosmossdk.io/x/upgrade/keeper, DumpUpgradeInfoToDisk). Whole or not at all: cosmovisor reads it as soon as it is there.
 */
export function writeUpgradeInfo(home: Home, { name, height, info }: UpgradePlan): void {
  const file = join(home.data, "upgrade-info.json");
  const text = JSON.stringify({ name, height: Number(height), ...(info === "" ? {} : { info }) });
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  const descriptor = openSync(`${file}.new`, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(`${file}.new`, file);
}

/** cosmovisor looks at the file every 300 ms, and asks the running node for its height before it believes what it says. */
const TAKE_OVER_MILLISECONDS = 10_000;

/**
 * Leaves a supervisor time to see what was written while the node still answers: cosmovisor takes one that has ended before for one that
 * crashed, and gives up. Ends sooner when it, or somebody else, stops the node.
 */
export async function waitForTakeOver(): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const signal of ["SIGTERM", "SIGINT"]) process.removeListener(signal, done);
      resolve();
    };
    const timer = setTimeout(done, TAKE_OVER_MILLISECONDS);
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, done);
  });
}
