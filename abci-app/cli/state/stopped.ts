import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { assertSocketFree } from "../../abci/server.js";
import type { Home } from "../../node/home.js";
import { socketPath } from "../../node/home.js";
import { commandOf } from "../../node/predecessor.js";

/** Throws while a node runs on this home folder: its state has one writer. */
export async function assertStopped(home: Home): Promise<void> {
  await assertSocketFree(socketPath(home));
  const file = join(home.data, "cometbft.pid");
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (pid > 1 && commandOf(pid).includes(home.root)) {
    throw new Error(`CometBFT runs on ${home.root} (process ${pid}): stop the node first`);
  }
}

/** Throws where there is no state yet. */
export function assertHasState(home: Home): void {
  if (!existsSync(home.applicationDb))
    throw new Error(`${home.applicationDb} does not exist: this node has no state yet`);
}
