import { readFileSync } from "node:fs";

import { SandboxUnavailableError } from "./errors.js";
import { runChild, type ChildLimits } from "./launch.js";
import { mechanisms, type Mechanism } from "./mechanisms.js";
import type { ProbeFacts } from "./probe.js";

/**
 * What the operating system keeps a job from, each found by trying it in a trial child:
 * - `limits`: CPU time, memory, file size, open files and core dumps are limited by the kernel
 * - `network`: a network namespace without any interface
 * - `files`: a root folder of its own, with nothing but Node and its libraries, read-only
 * - `processes`: a process namespace: other processes can be neither seen nor signalled, and all die with the job
 * - `privileges`: another user than root, and no way back
 */
export const PROTECTIONS = ["limits", "network", "files", "processes", "privileges"] as const;
export type Protection = (typeof PROTECTIONS)[number];

export interface ProtectionReport {
  readonly mechanism: Mechanism;
  readonly active: readonly Protection[];
  readonly missing: readonly Protection[];
  /** Why stronger ways were not taken: one line each. */
  readonly refused: readonly string[];
}

const TRIAL: ChildLimits = { cpuSeconds: 5, wallMilliseconds: 15_000, dataBytes: 160 << 20, stdoutBytes: 64 << 10 };

/**
 * Tries this machine's ways to start a child, strongest first, until one gives every required protection.
 * Throws {@link SandboxUnavailableError}, with what each way lacked, when none does.
 */
export async function findMechanism(required: readonly Protection[], userId: number): Promise<ProtectionReport> {
  const source = readFileSync(new URL("./probe.js", import.meta.url), "utf8");
  const refused: string[] = [];
  let best: ProtectionReport | undefined;
  for (const mechanism of mechanisms(userId)) {
    const active = await tryMechanism(mechanism, source).catch((error: unknown) => {
      refused.push(`${mechanism.name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
    if (!active || (best && active.length <= best.active.length)) continue;
    const missing = PROTECTIONS.filter((protection) => !active.includes(protection));
    best = { mechanism, active, missing, refused };
    if (missing.length === 0) break;
  }
  const lacking = required.filter((protection) => !best?.active.includes(protection));
  if (best && lacking.length === 0) return best;
  throw new SandboxUnavailableError(
    `this machine does not give ${best ? `the required protections (${lacking.join(", ")})` : "any way to start a job"}; allow user namespaces, or run as ` +
      "root with CAP_SYS_ADMIN, or list fewer under [sandbox] require if you accept that only WebAssembly and Node's " +
      `permission model stand there instead.${refused.map((line) => `\n  ${line}`).join("")}`,
  );
}

async function tryMechanism(mechanism: Mechanism, source: string): Promise<Protection[]> {
  const end = await runChild(mechanism, { source, stdin: new Uint8Array(), limits: TRIAL, permissionModel: false });
  if (end.status !== 0)
    throw new Error(`the trial ended with status ${end.status ?? end.killedFor}: ${firstWords(end.stderr)}`);
  const facts = JSON.parse(end.stdout.toString("utf8")) as ProbeFacts;
  return PROTECTIONS.filter((protection) => holds(protection, facts, mechanism));
}

/** What an engine says at its death is long; its first line with words tells enough. */
function firstWords(stderr: string): string {
  return stderr.split("\n").find((line) => /\w/.test(line)) ?? "";
}

function holds(protection: Protection, facts: ProbeFacts, mechanism: Mechanism): boolean {
  switch (protection) {
    case "limits":
      return (
        facts.limits["cpu_time_seconds"] === TRIAL.cpuSeconds &&
        Number(facts.limits["data_seg_size_kbytes"] ?? facts.limits["data_seg_size_bytes"]) > 0 &&
        Number(facts.limits["virtual_memory_kbytes"] ?? facts.limits["virtual_memory_bytes"]) > 0 &&
        Number(facts.limits["file_size_blocks"]) === 0 &&
        Number(facts.limits["core_file_size_blocks"]) === 0 &&
        Number(facts.limits["open_files"]) <= 64
      );
    case "network":
      // A namespace that was just made has a loopback interface that is down, which the list leaves out.
      return mechanism.prefix.includes("--net") && facts.networkInterfaces.length === 0;
    case "files": {
      const shown = new Set(mechanism.files.map((file) => file.split("/")[1]));
      return mechanism.files.length > 0 && facts.rootEntries.every((entry) => shown.has(entry));
    }
    case "processes":
      // The script is process 1 of the new namespace, and the parent of the child.
      return mechanism.prefix.includes("--pid") && facts.parentProcessId === 1;
    case "privileges":
      return facts.userId !== 0 && !facts.canBecomeRoot;
  }
}
