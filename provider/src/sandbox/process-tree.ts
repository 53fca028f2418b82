import { readdirSync, readFileSync } from "node:fs";

/** Kernel clock ticks per second in /proc/<pid>/stat; fixed at 100 for user space on every Linux architecture Node runs on. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  readonly cpuTicks: number;
}

/** Numbers of all running processes that this user may see, with parent and CPU time (own and waited-for children). */
function processes(): Map<number, Stat> {
  const found = new Map<number, Stat>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const text = readFileSync(`/proc/${entry}/stat`, "latin1");
      // Fields after the command name, which may itself hold spaces and parentheses (proc(5)).
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
      found.set(Number(entry), { parent: Number(fields[1]), cpuTicks: ticks });
    } catch {
      // ended in between
    }
  }
  return found;
}

/** The process ids of `root` and all its descendants, as they are now. */
export function processTree(root: number): number[] {
  const all = processes();
  const tree = all.has(root) ? [root] : [];
  for (let i = 0; i < tree.length; i++) for (const [pid, { parent }] of all) if (parent === tree[i]) tree.push(pid);
  return tree;
}

/** CPU time of a process and its descendants so far, milliseconds. */
export function treeCpuMilliseconds(root: number): number {
  const all = processes();
  const ticks = processTree(root).reduce((sum, pid) => sum + (all.get(pid)?.cpuTicks ?? 0), 0);
  return Math.ceil((ticks * 1000) / TICKS_PER_SECOND);
}
