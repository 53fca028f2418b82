import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { Database } from "./database.js";
import { DatabaseError } from "./errors.js";
import { ReadonlyStateStore } from "./readonly-state-store.js";
import type { VerifyReport } from "./verify.js";
import { verifyDatabase } from "./verify.js";

const DATA = "data.mdb";

/** A copy that was made. */
export interface StateCopy {
  /** Its last height, 0 for a state without one. */
  readonly height: number;
  readonly bytes: number;
}

/**
 * Copies a state, of which blocks may go on being committed, into a new folder, without the free pages of its file. The copy
 * is one height, whole; the folder is there when the copy is, or not at all. LMDB keeps older pages while the copy is made.
 *
 * @throws DatabaseError when the target exists and is not empty
 */
export async function copyState({ from, to }: { readonly from: string; readonly to: string }): Promise<StateCopy> {
  if (existsSync(to) && readdirSync(to).length > 0) {
    throw new DatabaseError(`${to} is not empty: choose another folder for the copy`);
  }
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const database = Database.open({ path: from, readOnly: true });
  try {
    await database.copyTo(unfinished);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new DatabaseError(`the state could not be copied to ${to}: ${String(error)}`);
  } finally {
    await database.close();
  }
  flushFile(join(unfinished, DATA));
  const copy = await describe(unfinished);
  renameSync(unfinished, to);
  flushFile(dirname(to));
  return copy;
}

/**
 * Replaces the file of a state that nobody has open by a copy without free pages. A crash at any moment leaves the old file
 * or the new one: they change places in one step, when the new one is on the disk and was looked at.
 */
export async function compactState(path: string): Promise<{ readonly before: number; readonly after: number }> {
  const temporary = join(path, "compacted");
  rmSync(temporary, { recursive: true, force: true });
  const before = statSync(join(path, DATA)).size;
  const original = await describe(path);
  const copy = await copyState({ from: path, to: temporary });
  if (copy.height !== original.height) {
    throw new DatabaseError(`the copy is of height ${copy.height}, not ${original.height}: is the node running?`);
  }
  renameSync(join(temporary, DATA), join(path, DATA));
  flushFile(path);
  rmSync(temporary, { recursive: true, force: true });
  return { before, after: copy.bytes };
}

/** Checks everything in a state that nobody writes to. Throws CorruptDatabase. */
export async function verifyState(path: string): Promise<VerifyReport> {
  const database = Database.open({ path, readOnly: true });
  try {
    return verifyDatabase(database);
  } finally {
    await database.close();
  }
}

async function describe(path: string): Promise<StateCopy> {
  const store = ReadonlyStateStore.open({ path });
  try {
    const { version: height } = store;
    if (height > 0) store.at(height);
    return { height, bytes: statSync(join(path, DATA)).size };
  } finally {
    await store.close();
  }
}

function flushFile(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
