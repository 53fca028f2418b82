/**
 * A small process that ends the processes of a network when the one who started them dies, however it dies. Its standard
 * input is a pipe from there, with a line for each thing to watch:
 *
 *   add PID       the leader of a process group to end
 *   drop PID      it has ended by itself
 *   remove PATH   a folder to remove afterwards
 *   keep PATH     the folder has been dealt with
 *
 * When the pipe closes, every group that is still there gets SIGTERM, and SIGKILL after a grace.
 */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { isAlive, signalGroup } from "./process-group.js";

const GRACE_MS = 10_000;
const POLL_MS = 50;

const groups = new Set<number>();
const folders = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...rest] = line.split(" ");
  const operand = rest.join(" ");
  if (verb === "add") groups.add(Number(operand));
  else if (verb === "drop") groups.delete(Number(operand));
  else if (verb === "remove") folders.add(operand);
  else if (verb === "keep") folders.delete(operand);
}

for (const pid of groups) signalGroup(pid, "SIGTERM");
for (const end = Date.now() + GRACE_MS; Date.now() < end && [...groups].some(isAlive);) await sleep(POLL_MS);
for (const pid of groups) signalGroup(pid, "SIGKILL");
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
