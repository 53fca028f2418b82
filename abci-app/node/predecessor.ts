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
  while (Number.isInteger(pid) && pid > 1 && holdsDatabases(pid, home)) {
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

function holdsDatabases(pid: number, home: Home): boolean {
  const command = commandOf(pid);
  return command === "" ? isEnding(statOf(pid)) : command.includes(home.root);
}

/** Flag PF_EXITING of Linux (include/linux/sched.h). */
const EXITING = 0x4n;

/**
 * Whether a line of `/proc/PID/stat` (proc(5)) is of a process that is ending: it has no command line any more, but its files, and
 * the locks on them, until it is a zombie.
 */
export function isEnding(stat: string): boolean {
  // The name of the program, in brackets, may hold anything.
  const [state = "", , , , , , flags = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return /^\d+$/.test(flags) && (BigInt(flags) & EXITING) !== 0n && state !== "Z" && state !== "X";
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
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
