import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Logger } from "pino";

import type { Home } from "./home.js";

/** CometBFT ends by itself soon after its application is gone; this long it may take. */
const GRACE_MILLISECONDS = 10_000;

function pidFile(home: Home): string {
  return join(home.data, "cometbft.pid");
}

export function notePid(home: Home, pid: number): void {
  writeFileSync(pidFile(home), `${pid}\n`);
}

export function forgetPid(home: Home): void {
  rmSync(pidFile(home), { force: true });
}

/**
 * Waits for the CometBFT of a predecessor that was killed, which still has the databases locked, and ends it when it does
 * not go.
 */
export async function awaitPredecessor(home: Home, log: Logger): Promise<void> {
  if (!existsSync(pidFile(home))) return;
  const pid = Number(readFileSync(pidFile(home), "utf8"));
  const end = Date.now() + GRACE_MILLISECONDS;
  let told = false;
  while (Number.isInteger(pid) && pid > 1 && commandOf(pid).includes(home.root)) {
    if (!told) log.warn({ pid }, "the CometBFT of a process that was killed is ending; waiting for it");
    told = true;
    if (Date.now() > end) {
      log.warn({ pid }, "it does not end; killing it");
      process.kill(pid, "SIGKILL");
    }
    await sleep(100);
  }
  forgetPid(home);
}

/** The command line of a process, so that another one with the same number is not mistaken for it; empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}
