import { readdirSync, readFileSync } from "node:fs";

/**
 * True while a process of the group that this one leads runs. One that has ended and waits for its parent to notice does
 * not count: in a container, process 1 may never do so.
 */
export function isAlive(pid: number): boolean {
  if (!signalGroup(pid, 0)) return false;
  if (process.platform !== "linux") return true;
  return readdirSync("/proc").some((entry) => /^\d+$/.test(entry) && runsInGroup(entry, pid));
}

/** Sends a signal to all processes of a group. False when there is none any more. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function runsInGroup(process: string, group: number): boolean {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${process}/stat`, "latin1");
  } catch {
    return false; // It ended meanwhile.
  }
  // proc(5): pid (command) state ppid pgrp …; the command may hold anything, parentheses too.
  const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(processGroup) === group && state !== "Z" && state !== "X";
}
