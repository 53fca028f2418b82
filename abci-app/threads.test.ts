// Tier: test. Budget: 20 s. Threads with native code end whatever they are at, and nothing else ends with them.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

import { afterAll, describe, expect, it } from "@jest/globals";

import { endThread } from "./threads.js";

const folder = mkdtempSync(join(tmpdir(), "computronium-threads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const moduleUrl = (path: string): string => new URL(path, import.meta.url).href;
const THREADS_PER_PROCESS = 24;
const AT_ONCE = 4;
/** More than it takes to load. */
const LATEST_MILLISECONDS = 200;

/** A process of its own: what is looked for would end this one. */
async function run(program: string): Promise<string> {
  const file = join(folder, `${randomBytes(6).toString("hex")}.mjs`);
  writeFileSync(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", file]);
  return stdout;
}

describe("A thread that verifies signatures", () => {
  it.each([
    ["while it loads", 0],
    ["while it works", 64],
  ])("ends %s, at any moment", async (_, batches) => {
    const program = `
      import { Worker } from "node:worker_threads";
      import { endThread } from ${JSON.stringify(moduleUrl("./threads.js"))};
      const questions = new Uint8Array(129 * 256).fill(2);
      let ended = 0;
      const one = async (i) => {
        const worker = new Worker(new URL(${JSON.stringify(moduleUrl("./driver/signature-thread.js"))}));
        for (let batch = 0; batch < ${batches}; batch++) worker.postMessage(questions);
        await new Promise((resolve) => setTimeout(resolve, (i * ${LATEST_MILLISECONDS}) / ${THREADS_PER_PROCESS}));
        await endThread(worker);
        if (worker.threadId === -1) ended++;
      };
      for (let i = 0; i < ${THREADS_PER_PROCESS}; i += ${AT_ONCE}) {
        await Promise.all(Array.from({ length: ${AT_ONCE} }, (_, k) => one(i + k)));
      }
      process.stdout.write(String(ended));`;
    expect(await run(program)).toBe(String(THREADS_PER_PROCESS));
  });
});

describe("A thread", () => {
  it("that does not listen is terminated, and one that has gone is not waited for", async () => {
    const file = join(folder, "deaf.mjs");
    writeFileSync(file, "for (;;);");
    const worker = new Worker(pathToFileURL(file));
    await endThread(worker, 100);
    expect(worker.threadId).toBe(-1);
    await endThread(worker);
  });

  it("that gives way is nicer than the others of its process, it alone; where threads have no priorities, nothing is", async () => {
    const program = `
      import { readFileSync, readdirSync } from "node:fs";
      import { Worker, isMainThread, parentPort } from "node:worker_threads";
      import { getPriority } from "node:os";
      import { giveWay } from ${JSON.stringify(moduleUrl("./threads.js"))};
      // The 19th field of proc(5); the 2nd may have spaces, within parentheses.
      const nice = (stat) => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
      const ofThread = (path) => nice(readFileSync(path + "/stat", "latin1"));
      const isLinux = process.platform === "linux";
      const own = () => (isLinux ? ofThread("/proc/thread-self") : getPriority());
      const all = () => (isLinux ? readdirSync("/proc/self/task").map((id) => ofThread("/proc/self/task/" + id)) : [own()]);
      if (isMainThread) {
        const before = own();
        new Worker(new URL(import.meta.url)).on("message", (reached) => {
          const nicer = all().filter((n) => n > before).length;
          process.stdout.write(JSON.stringify({ more: reached - before, main: own() - before, nicer }));
          process.exit();
        });
      } else {
        giveWay();
        parentPort.postMessage(own());
        setInterval(() => {}, 1000);
      }`;
    const [more, nicer] = process.platform === "linux" ? [10, 1] : [0, 0];
    expect(JSON.parse(await run(program))).toEqual({ more, main: 0, nicer });
  });
});
