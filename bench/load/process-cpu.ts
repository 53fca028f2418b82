import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessUsage {
  /** Processor time used so far by the processes and all of their descendants, user and system, in seconds. */
  readonly cpuSeconds: number;
  /** Memory resident now, summed over the processes, in bytes. */
  readonly residentBytes: number;
}

/** What a process and its descendants used, from /proc; undefined where there is no /proc (not Linux). */
export function processTreeUsage(roots: readonly number[]): ProcessUsage | undefined {
  const stats = readAll();
  if (stats === undefined) return undefined;
  const tree = new Set(roots);
  for (let grew = true; grew;) {
    grew = false;
    for (const [pid, stat] of stats) {
      if (!tree.has(pid) && tree.has(stat.parent)) {
        tree.add(pid);
        grew = true;
      }
    }
  }
  let cpuSeconds = 0;
  let residentBytes = 0;
  for (const pid of tree) {
    const stat = stats.get(pid);
    cpuSeconds += (stat?.ticks ?? 0) / TICKS_PER_SECOND;
    residentBytes += (stat?.residentPages ?? 0) * 4096;
  }
  return { cpuSeconds, residentBytes };
}

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  readonly residentPages: number;
}

function readAll(): Map<number, Stat> | undefined {
  const stats = new Map<number, Stat>();
  try {
    for (const name of readdirSync("/proc")) {
      if (!/^[0-9]+$/.test(name)) continue;
      const stat = readStat(name);
      if (stat !== undefined) stats.set(Number(name), stat);
    }
  } catch {
    return undefined;
  }
  return stats;
}

/** Fields of proc(5), counted after the command name, which may itself hold spaces and brackets. */
function readStat(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      residentPages: Number(fields[21]),
    };
  } catch {
    return undefined; // it ended meanwhile
  }
}
