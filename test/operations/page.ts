import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { DAEMON } from "../kit/test-node.js";

/**
 * One step of an operators' page. Its fenced blocks say by their first line what they are:
 * - `sh` runs; `sh fails` runs and must end with another status than 0;
 * - `sh background` runs until the page is at its end, or at a comment `<!-- Ctrl-C -->`;
 * - `console` is what the block before it printed, among other lines; `…` stands for anything;
 * - anything else (`sh by-hand`, `toml`, …) is to be read only.
 */
type Step =
  | { readonly kind: "run" | "fails" | "background"; readonly text: string }
  | { readonly kind: "stop" }
  | { readonly kind: "printed"; readonly text: string };

const KINDS: Readonly<Record<string, "run" | "fails" | "background" | "printed">> = {
  sh: "run",
  "sh fails": "fails",
  "sh background": "background",
  console: "printed",
};

export function readSteps(page: string): Step[] {
  const steps: Step[] = [];
  for (const match of page.matchAll(/^```([^\n]*)\n(.*?)^```$|^<!-- Ctrl-C -->$/gms)) {
    const [whole, info, text = ""] = match;
    const kind = info === undefined ? undefined : KINDS[info];
    if (whole.startsWith("<!--")) steps.push({ kind: "stop" });
    else if (kind !== undefined) steps.push({ kind, text });
  }
  return steps;
}

export interface PageRun {
  /** Folder for HOME and all else. */
  readonly folder: string;
  /** Ports that the page names → free ones that are used in their place. */
  readonly ports: ReadonlyMap<string, number>;
  /** Commands before the page's own. */
  readonly prelude: string;
}

/** What the page promises and what the commands did. Throws with the output when a command ended otherwise. */
export async function runPage(page: string, { folder, ports, prelude }: PageRun): Promise<void> {
  const replaced = withPorts(page, ports);
  const steps = readSteps(replaced);
  const out = join(folder, "out");
  const bin = join(folder, "bin");
  for (const path of [out, bin, join(folder, "home")]) mkdirSync(path, { recursive: true });
  writeFileSync(join(bin, "computroniumd"), daemonScript(ports), { mode: 0o755 });
  const script = ["set -eu", "last=", 'trap "kill \\$(jobs -p) 2>/dev/null || true; wait" EXIT', prelude];
  for (const [i, step] of steps.entries()) {
    const log = `"${join(out, String(i))}"`;
    if (step.kind === "run") script.push(`echo "step ${i}"`, `{\n${step.text}} >${log} 2>&1`);
    if (step.kind === "fails") script.push(`echo "step ${i}"`, `if (\n${step.text}) >${log} 2>&1; then exit 1; fi`);
    // The job's process is the last command of the block: a signal reaches it and no shell before it.
    if (step.kind === "background") script.push(`(\nexec ${step.text.trim()}\n) >${log} 2>&1 & last="$! $last"`);
    if (step.kind === "stop") script.push('for pid in $last; do kill -TERM "$pid"; wait "$pid"; done; last=');
  }
  const file = join(folder, "page.sh");
  writeFileSync(file, `${script.join("\n")}\n`);
  const { code, output } = await bash(file, {
    ...process.env,
    HOME: join(folder, "home"),
    // Their default ports may be taken by whatever else runs here; the pages do not need them.
    COMPUTRONIUMD_API_ENABLE: "false",
    COMPUTRONIUMD_GRPC_ENABLE: "false",
    // CometBFT stays where this machine has it.
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? join(process.env["HOME"] ?? "", ".cache"),
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
  });
  const printed = (index: number): string => readFileSync(join(out, String(index)), "utf8");
  if (code !== 0) {
    const last = Number(/(\d+)\s*$/.exec(output)?.[1] ?? 0);
    throw new Error(`status ${code}: ${output}\n${last < steps.length ? printed(last).slice(-4000) : ""}`);
  }
  for (const [i, step] of steps.entries()) {
    if (step.kind !== "printed") continue;
    const text = printed(i - 1);
    for (const line of step.text.trimEnd().split("\n")) {
      const parts = line.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      if (!new RegExp(parts.join(".*")).test(text)) throw new Error(`"${line}" was not printed:\n${text.slice(-4000)}`);
    }
  }
}

function withPorts(text: string, ports: ReadonlyMap<string, number>): string {
  return text.replaceAll(/\b\d{5}\b/g, (port) => String(ports.get(port) ?? port));
}

/** The daemon of this checkout; what `init` writes gets the ports of this run. */
function daemonScript(ports: ReadonlyMap<string, number>): string {
  const edits = [...ports].map(([from, to]) => `-e 's/:${from}\\b/:${to}/'`).join(" ");
  return `#!/bin/sh
if [ "$1" != init ]; then exec "${process.execPath}" --no-warnings "${DAEMON}" "$@"; fi
"${process.execPath}" --no-warnings "${DAEMON}" "$@" || exit
home=$HOME/.computroniumd
while [ $# -gt 0 ]; do [ "$1" = --home ] && home=$2; shift; done
sed -i ${edits} -e 's/^pprof_laddr = .*/pprof_laddr = ""/' "$home"/config/*.toml
`;
}

async function bash(
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn("bash", [file], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}
