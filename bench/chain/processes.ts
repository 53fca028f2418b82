import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { sleep } from "../load/blocks.js";
import { RpcClient } from "../load/rpc.js";
import type { RunningChain } from "./chain.js";

/** Runs a command to its end; its standard output. Fails with what it wrote to standard error. */
export function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr ?? "";
    throw new Error(`${command} ${args.slice(0, 3).join(" ")}: ${stderr.trim().split("\n").slice(-5).join("\n")}`);
  }
}

export interface NodeProcess {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly rpc: string;
  /** Both output streams go there. */
  readonly logFile: string;
}

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 60_000;

/** Starts a node and waits for its first two blocks. */
export async function startNode(node: NodeProcess): Promise<RunningChain> {
  const log = openSync(node.logFile, "w");
  const environment = { ...process.env, ...node.environment };
  const child = spawn(node.command, node.args, { stdio: ["ignore", log, log], env: environment });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.once("error", () => undefined);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${node.command} could not be started`);
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(late);
    process.removeListener("exit", kill);
  };
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await hasHeight(node.rpc, 2))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`${node.command} did not start:\n${lastLines(node.logFile)}`);
    }
    await sleep(200);
  }
  return { pid, stop };
}

async function hasHeight(rpc: string, height: number): Promise<boolean> {
  const client = new RpcClient(rpc, 1);
  try {
    const status = await client.call<{ sync_info: { latest_block_height: string } }>("status");
    return Number(status.sync_info.latest_block_height) >= height;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

function lastLines(path: string): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}
