import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { StateStore } from "../../../core/store/state-store.js";
import { provideCometBft } from "../../node/cometbft-binary.js";
import type { Home } from "../../node/home.js";

export interface RollbackOptions {
  readonly home: Home;
  /** Whether CometBFT removes the last block too. */
  readonly hard: boolean;
  readonly open: () => StateStore;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (message: string) => void;
}

/**
 * Takes CometBFT's state back by one height, with CometBFT's own command, and then the application's to the same one. That
 * the application can go there is looked at before anything changes.
 */
export async function rollBack(options: RollbackOptions): Promise<{ height: number; appHash: string }> {
  const { home, hard, env, say } = options;
  const binary = await provideCometBft({ env, say });
  const store = options.open();
  try {
    if (store.version <= store.earliestVersion) {
      throw new Error(
        `the application keeps no height before ${store.version}: it cannot go back. A backup or state sync can`,
      );
    }
    const args = ["rollback", "--home", home.root, ...(hard ? ["--hard"] : [])];
    const { stdout } = await promisify(execFile)(binary, args).catch((error: { stderr?: string }) => {
      throw new Error(`CometBFT could not go back: ${error.stderr?.trim() ?? ""}`);
    });
    const height = Number(/to height (\d+)/.exec(stdout)?.[1]);
    if (!Number.isSafeInteger(height)) throw new Error(`CometBFT did not say where it went back to: ${stdout}`);
    // A crash after Commit and before CometBFT wrote its state leaves both at the same height already.
    if (height < store.version) store.rollback(height);
    await store.flush();
    return { height, appHash: Buffer.from(store.appHash).toString("hex").toUpperCase() };
  } finally {
    await store.close();
  }
}
