/**
 * Runs in a trial child, as {@link ./runner.ts} does for a job, without Node's permission model: what it cannot do, the
 * operating system forbids. It tries, and says on stdout what it found.
 */
import { readdirSync, writeSync } from "node:fs";
import { networkInterfaces } from "node:os";

export interface ProbeFacts {
  readonly userId: number;
  readonly parentProcessId: number;
  readonly rootEntries: readonly string[];
  readonly networkInterfaces: readonly string[];
  readonly canBecomeRoot: boolean;
  /** Soft limits by Node's names, e.g. `data_seg_size_kbytes`; a number or "unlimited". */
  readonly limits: Readonly<Record<string, number | string>>;
}

function canBecomeRoot(): boolean {
  try {
    process.setuid?.(0);
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

const { userLimits } = process.report.getReport() as unknown as {
  userLimits: Record<string, { soft: number | string }>;
};
const facts: ProbeFacts = {
  userId: process.getuid?.() ?? 0,
  parentProcessId: process.ppid,
  rootEntries: readdirSync("/"),
  networkInterfaces: Object.keys(networkInterfaces()),
  limits: Object.fromEntries(Object.entries(userLimits).map(([name, { soft }]) => [name, soft])),
  canBecomeRoot: canBecomeRoot(),
};
writeSync(1, JSON.stringify(facts));
