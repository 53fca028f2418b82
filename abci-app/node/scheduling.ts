import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

import type { Logger } from "pino";

/** Fewer than so many of Go's processors let one timer of CometBFT starve everything else in it. */
const LEAST_GO_PROCESSORS = 4;

/**
 * GOMAXPROCS for CometBFT; what the operator has set is left alone.
 *
 * The flush timer of its ABCI socket client turns in a loop for as long as its sender is busy (abci/client/socket_client.go:
 * a period of 20 ms is taken as 20 ns), and each turn goes ahead of the goroutines that wait on the same of Go's processors.
 * With only two of them, half of what CometBFT does stands still meanwhile; with more of them the operating system,
 * which is fair, lets the others run. See docs/adr/005.
 */
export function goProcessors(env: NodeJS.ProcessEnv, cores: number = availableParallelism()): string {
  return env["GOMAXPROCS"] ?? String(Math.max(LEAST_GO_PROCESSORS, cores));
}

/**
 * Puts this process, all of its threads and its later children into the scheduling class `batch` of Linux (sched(7)):
 * its share of the processor stays the same, but when it wakes up it does not interrupt whoever is running. Otherwise,
 * on a machine with few cores, each transaction that CometBFT sends wakes this process in the middle of the sending.
 * Where there is no `chrt` (util-linux) everything works as well, a little slower.
 */
export async function scheduleAsBatch(log: Logger): Promise<void> {
  if (process.platform !== "linux") return;
  try {
    await promisify(execFile)("chrt", ["--all-tasks", "--batch", "--pid", "0", String(process.pid)]);
  } catch (error) {
    log.debug({ err: error }, "the scheduling class could not be set");
  }
}
