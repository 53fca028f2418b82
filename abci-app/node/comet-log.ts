import type { Readable } from "node:stream";
import { createInterface } from "node:readline";

import type { Logger } from "pino";

type Method = "debug" | "info" | "warn" | "error";
const METHODS: Readonly<Record<string, Method>> = { debug: "debug", info: "info", error: "error", warn: "warn" };

/** Passes the lines that CometBFT prints on to a logger. What is not of its JSON format (a panic) is passed on as an error. */
export function passOnCometLog(stream: Readable, log: Logger): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
    if (line.trim() === "") return;
    const entry = parseLine(line);
    if (entry === undefined) log.error(line);
    else log[entry.method](entry.fields, entry.message);
  });
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
