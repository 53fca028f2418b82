import { statfsSync } from "node:fs";

import { RegisteredError } from "../errors.js";
import { StateNotWritten } from "./errors.js";

/**
 * LMDB maps its lock file, whose pages the file system hands out when they are first touched: where it has none left, that
 * ends the process without a word. Making the tables takes a few pages, too.
 */
const ROOM_TO_OPEN_BYTES = 1 << 20;
/** What is free when a write came back short, which LMDB calls an input/output error: less than any block takes. */
const FULL_BYTES = 64 << 10;
/** Errno of Linux and macOS: no space, quota exceeded (which they number differently). */
const NO_SPACE: ReadonlySet<unknown> = new Set([28, 69, 122]);

/** Throws StateNotWritten when the disk of an existing folder has no room to open a database for writing. */
export function assertRoom(path: string): void {
  if (freeBytes(path) < ROOM_TO_OPEN_BYTES) throw notWritten(path, "the disk is full");
}

/** What a failed LMDB transaction is to the rest of the program: StateNotWritten for an error of LMDB, any other as it is. */
export function asWriteFault(path: string, error: unknown): unknown {
  if (error instanceof RegisteredError) return error;
  // LMDB's errors alone have a number, that of the operating system or its own.
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== "number") return error;
  const isFull = NO_SPACE.has(code) || freeBytes(path) < FULL_BYTES;
  return notWritten(path, isFull ? "the disk is full" : String(message), error);
}

function notWritten(path: string, reason: string, cause?: unknown): StateNotWritten {
  const free = Math.floor(freeBytes(path) / (1 << 10));
  return new StateNotWritten(
    `the state cannot be written to ${path}: ${reason} (${free} KiB are free). Nothing is lost: make room, or mend the disk or its limits, and start the node again; it goes on from its last height`,
    { cause },
  );
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
