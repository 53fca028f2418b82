import type { Readable } from "node:stream";
import { createInterface } from "node:readline";

import type { Logger } from "pino";

type Method = "debug" | "info" | "warn" | "error";
const METHODS: Readonly<Record<string, Method>> = { debug: "debug", info: "info", error: "error", warn: "warn" };

/**
 * What CometBFT logs when a panic has ended its consensus, such as a full disk under its write-ahead log (consensus/state.go,
 * receiveRoutine). The process goes on and answers RPC, but makes no block any more.
 */
const CONSENSUS_FAILURE = "CONSENSUS FAILURE!!!";

/**
 * Passes the lines that CometBFT prints on to a logger. What is not of its JSON format (a panic) is passed on as an error.
 *
 * @param onConsensusFailure it will make no block any more, for this reason
 */
export function passOnCometLog(stream: Readable, log: Logger, onConsensusFailure: (reason: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
    if (line.trim() === "") return;
    const entry = parseLine(line);
    if (entry === undefined) log.error(line);
    else log[entry.method](entry.fields, entry.message);
    if (entry?.message === CONSENSUS_FAILURE) onConsensusFailure(textOf(entry.fields["error"]));
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function parseLine(
  line: string,
): { readonly method: Method; readonly message: string; readonly fields: Record<string, unknown> } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { level, _msg: message, err, ...fields } = parsed as Record<string, unknown>;
  delete fields["ts"];
  // pino keeps `err` for Error objects.
  if (err !== undefined) fields["error"] = err;
  const method = METHODS[String(level)];
  if (method === undefined || typeof message !== "string") return undefined;
  return { method, message, fields };
}
