// Tier: make test. Budget: 35 s. SIGKILL, a disk that takes no more, power cuts: what is on the disk is a whole height.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, describe, expect, it } from "@jest/globals";
import { open } from "lmdb";

import type { ByteString } from "../bytes.js";
import { openTemporary } from "./open-temporary.js";
import { StateStore } from "./state-store.js";

const STORES = ["acc", "bank"];
const MODULE = pathToFileURL(join(process.cwd(), "dist/core/store/state-store.js")).href;

/** Commits blocks until it is killed; each height's changes follow from the height. Says when a commit returned. */
const WRITER = `
  const { StateStore } = await import(process.argv[1]);
  const store = StateStore.open({ path: process.argv[2], storeNames: ["acc", "bank"], pruning: { keepRecent: 4, interval: 2 } });
  const stop = Number(process.argv[3] ?? Infinity);
  while (store.version < stop) {
    const version = store.version + 1;
    const changes = (salt) => Array.from({ length: 120 }, (_, i) => ["key " + ((version * 37 + i * 11 + salt) % 700), i % 9 === 0 ? undefined : Buffer.from("value " + version)]);
    store.prepare(new Map([["acc", changes(1)], ["bank", changes(2)]]), { version, meta: "m" + version });
    store.commit();
    process.stdout.write("\\n" + version + "\\n");
    await new Promise((done) => setImmediate(done));
  }
  await store.close();
`;

function changesOf(version: number): Map<string, [ByteString, Uint8Array | undefined][]> {
  const changes = (salt: number): [ByteString, Uint8Array | undefined][] =>
    Array.from({ length: 120 }, (_, i) => [
      `key ${(version * 37 + i * 11 + salt) % 700}` as ByteString,
      i % 9 === 0 ? undefined : Buffer.from(`value ${version}`),
    ]);
  return new Map([
    ["acc", changes(1)],
    ["bank", changes(2)],
  ]);
}

/** App hashes of an undisturbed store, by height. */
const expected: string[] = [""];
const reference = openTemporary(STORES);
function appHashOf(version: number): string {
  while (expected.length <= version) {
    reference.store.prepare(changesOf(expected.length), { version: expected.length });
    expected.push(Buffer.from(reference.store.commit().appHash).toString("hex"));
  }
  return expected[version] as string;
}
const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "computronium-crash-"));
  folders.push(folder);
  return folder;
}
afterAll(async () => {
  await reference.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs the writer for a while; returns the last height whose commit returned. */
async function writeAndKill(path: string, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, MODULE, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => (output += text));
  await once(child.stdout, "data");
  await new Promise((done) => setTimeout(done, milliseconds));
  child.kill("SIGKILL");
  await once(child, "close");
  const heights = output.split("\n").filter((line) => line !== "");
  return Number(heights.at(-1));
}

describe("after the end of the process at any moment", () => {
  it("the state is a whole height, at least the last whose commit returned, with the right app hash", async () => {
    const path = newFolder();
    for (let kill = 0; kill < 10; kill++) {
      const committed = await writeAndKill(path, 5 + 17 * kill);
      const store = StateStore.open({ path, storeNames: STORES, pruning: { keepRecent: 4, interval: 2 } });
      expect(store.version).toBeGreaterThanOrEqual(committed);
      expect(Buffer.from(store.appHash).toString("hex")).toBe(appHashOf(store.version));
      expect(store.meta).toBe(`m${store.version}`);
      store.verify();
      await store.close();
    }
  });
});

describe("when the disk does not take a commit", () => {
  /** In a process whose files may not grow beyond some size: an honest write error, wherever the test may not mount a disk. */
  async function writeBounded(path: string, kibibytes: number): Promise<{ committed: number; stderr: string }> {
    const command = `ulimit -f ${kibibytes * 2} && exec "$0" "$@"`;
    const args = [process.execPath, "--input-type=module", "-e", WRITER, MODULE, path];
    const child = spawn("sh", ["-c", command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    expect(status).toBe(1);
    return { committed: Number(stdout.trim().split("\n").at(-1)), stderr };
  }

  function expectWhole(store: StateStore, version: number): void {
    expect(store.version).toBe(version);
    expect(Buffer.from(store.appHash).toString("hex")).toBe(appHashOf(version));
    store.verify();
  }

  it("it is an error that says so, and the state is that of the height before, from which it goes on", async () => {
    const path = newFolder();
    for (const kibibytes of [700, 1_500]) {
      const { committed, stderr } = await writeBounded(path, kibibytes);
      expect(stderr).toContain("StateNotWritten: the state cannot be written to ");
      const store = StateStore.open({ path, storeNames: STORES, pruning: { keepRecent: 4, interval: 2 } });
      expectWhole(store, committed);
      store.prepare(changesOf(committed + 1));
      store.commit();
      expectWhole(store, committed + 1);
      await store.close();
    }
  });

  it("a database whose making was cut short is made anew, and no other is taken for one", async () => {
    const tables = ["meta", "commits", "nodes", "orphans", "dead"];
    for (let made = 0; made <= tables.length; made++) {
      const path = newFolder();
      const root = open({ path, noSubdir: false, keyEncoding: "binary", encoding: "binary" });
      for (const name of tables.slice(0, made)) root.openDB({ name, keyEncoding: "binary", encoding: "binary" });
      await root.close();
      const store = StateStore.open({ path, storeNames: STORES });
      store.prepare(changesOf(1));
      store.commit();
      expectWhole(store, 1);
      await store.close();
    }
    for (const [name, key] of [
      ["meta", "theirs"],
      ["other", undefined],
    ] as const) {
      const path = newFolder();
      const root = open({ path, noSubdir: false, keyEncoding: "binary", encoding: "binary" });
      const table = root.openDB<Buffer, Buffer>({ name, keyEncoding: "binary", encoding: "binary" });
      if (key !== undefined) table.putSync(Buffer.from(key), Buffer.from("x"));
      await root.close();
      expect(() => StateStore.open({ path, storeNames: STORES })).toThrow("of another program");
    }
  });
});

describe("after a power cut", () => {
  // What a disk may hold then: everything up to the last flush, and of what was written since any part in any order.
  it("a file with any part of an unflushed commit opens with safeRestore at the height before, and goes on", async () => {
    const path = newFolder();
    let store = StateStore.open({ path, storeNames: STORES });
    for (let version = 1; version <= 20; version++) {
      store.prepare(changesOf(version), { version });
      store.commit();
    }
    await store.flush();
    const flushed = readFileSync(join(path, "data.mdb"));
    store.prepare(changesOf(21), { version: 21 });
    store.commit();
    const after = readFileSync(join(path, "data.mdb"));
    await store.close();
    const PAGE = 4096;
    const changed = Array.from({ length: Math.ceil(after.length / PAGE) }, (_, page) => page).filter(
      (page) =>
        !after.subarray(page * PAGE, (page + 1) * PAGE).equals(flushed.subarray(page * PAGE, (page + 1) * PAGE)),
    );
    expect(changed.length).toBeGreaterThan(4);
    for (let round = 0; round < 6; round++) {
      const torn = newFolder();
      writeFileSync(join(torn, "data.mdb"), flushed);
      const file = openSync(join(torn, "data.mdb"), "r+");
      // A different part of the data pages each time.
      for (const [i, page] of changed.entries()) {
        if (page >= 2 && (i * 7 + round * 5) % 6 < round) {
          writeSync(file, after, page * PAGE, Math.min(PAGE, after.length - page * PAGE), page * PAGE);
        }
      }
      if (round % 2 === 1) {
        // The heads of the new transaction arrived too, without the mark (second half of page 0) that it was flushed.
        writeSync(file, after, 0, PAGE / 2, 0);
        writeSync(file, after, PAGE, PAGE, PAGE);
      }
      closeSync(file);
      store = StateStore.open({ path: torn, storeNames: STORES, safeRestore: true });
      expect(store.version).toBe(20);
      expect(Buffer.from(store.appHash).toString("hex")).toBe(appHashOf(20));
      store.verify();
      // And the block can be done again.
      store.prepare(changesOf(21), { version: 21 });
      expect(Buffer.from(store.commit().appHash).toString("hex")).toBe(appHashOf(21));
      store.verify();
      await store.close();
    }
  });
});
