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
