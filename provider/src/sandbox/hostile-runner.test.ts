// Tier: make test. Budget: 15 s.
// Here the guest is taken to have broken out of WebAssembly: arbitrary code runs in the child in place of the runner,
// without Node's permission model. What it can't do then, the operating system forbids.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";

import { runChild, type ChildEnd, type ChildLimits } from "./launch.js";
import { findMechanism, type Protection, type ProtectionReport } from "./protections.js";

const LIMITS: ChildLimits = { cpuSeconds: 2, wallMilliseconds: 10_000, dataBytes: 160 << 20, stdoutBytes: 4096 };

/** Stands in the command line of every process that this suite starts, so that orphans are found as well. */
const MARK = `mark-${process.pid}-${Math.random()}`;
/** Their command lines, arguments apart by zero bytes. */
const marked = (): string[] =>
  readdirSync("/proc").flatMap((entry) => {
    try {
      const line = /^\d+$/.test(entry) ? readFileSync(`/proc/${entry}/cmdline`, "utf8") : "";
      return line.includes(MARK) ? [line] : [];
    } catch {
      return []; // ended in between
    }
  });

describe("a child that broke out of WebAssembly", () => {
  let report: ProtectionReport;
  let secret: Server;
  let port: number;

  beforeAll(async () => {
    report = await findMechanism(["limits"], 65534);
    secret = createServer((_, response) => response.end("secret"));
    await new Promise<void>((resolve) => secret.listen(0, "127.0.0.1", resolve));
    port = (secret.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => secret.close(resolve)));
  afterEach(() => expect(marked()).toEqual([]));

  const run = (source: string, permissionModel = false, limits = LIMITS): Promise<ChildEnd> =>
    runChild(report.mechanism, { source: `/* ${MARK} */ ${source}`, stdin: new Uint8Array(), limits, permissionModel });
  /** Runs an expression (with top-level await) in the child and gives its value, or the code of its error. */
  const evaluate = async (expression: string, permissionModel = false): Promise<unknown> => {
    const { stdout, stderr } = await run(
      `import { writeSync } from "node:fs";
       let value; try { value = await (${expression}); } catch (error) { value = error.code ?? error.message; }
       writeSync(1, JSON.stringify(value ?? null));`,
      permissionModel,
    );
    if (stdout.length === 0) throw new Error(stderr);
    return JSON.parse(stdout.toString("utf8"));
  };
  /** Says which protections this machine lacks instead of passing silently: the test then shows the degraded way. */
  const where = (protection: Protection): boolean => report.active.includes(protection);

  it("finds no file of the host", async () => {
    const read = `(await import("node:fs")).readFileSync("/etc/passwd", "utf8").length`;
    if (where("files")) {
      expect(await evaluate(read)).toBe("ENOENT");
      expect(await evaluate(`(await import("node:fs")).existsSync("/proc")`)).toBe(false);
    }
    expect(await evaluate(read, true)).toBe("ERR_ACCESS_DENIED");
  });

  it("writes no file", async () => {
    // Even where the folder can be written: RLIMIT_FSIZE is 0.
    const write = `(await import("node:fs")).writeFileSync("/tmp/computronium-escape-" + process.pid, "x")`;
    const { status } = await run(`const fs = await import("node:fs");
      let where = "/"; for (const f of ["/tmp", "/mnt", "/"]) try { fs.accessSync(f, 2); where = f; break; } catch {}
      const file = where + "/escape"; try { fs.writeFileSync(file, "x"); process.exitCode = 3 } catch { process.exitCode = 4 }
      finally { try { fs.unlinkSync(file) } catch {} }`);
    expect([4, 128 + 25 /* SIGXFSZ */]).toContain(status);
    expect(await evaluate(write, true)).toBe("ERR_ACCESS_DENIED");
  });

  it("reaches neither a server on the host nor the internet", async () => {
    const get = (url: string): string =>
      `fetch("${url}", { signal: AbortSignal.timeout(3000) }).then((r) => r.text(), (e) => e.cause?.code ?? e.name)`;
    if (!where("network")) return expect(report.missing).toContain("network");
    expect(await evaluate(get(`http://127.0.0.1:${port}/`))).not.toBe("secret");
    expect(await evaluate(get("http://192.0.2.1/"))).toBe("ENETUNREACH");
    expect(await evaluate(`Object.keys((await import("node:os")).networkInterfaces())`)).toEqual([]);
  });

  it("does not see, and can't signal, this process", async () => {
    if (!where("processes")) return expect(report.missing).toContain("processes");
    expect(await evaluate(`process.kill(${process.pid}, 0)`)).toBe("ESRCH");
  });

  it("is not root and can't become it", async () => {
    if (!where("privileges")) return expect(report.missing).toContain("privileges");
    expect(await evaluate(`process.getuid()`)).not.toBe(0);
    expect(await evaluate(`process.setuid(0)`)).toBe("EPERM");
  });

  it("starts no program and no thread under the permission model", async () => {
    expect(await evaluate(`(await import("node:child_process")).execFileSync(process.execPath, ["-v"])`, true)).toBe(
      "ERR_ACCESS_DENIED",
    );
    expect(await evaluate(`new (await import("node:worker_threads")).Worker("1", { eval: true })`, true)).toBe(
      "ERR_ACCESS_DENIED",
    );
  });

  it("has an empty environment and no descriptor of its parent's", async () => {
    expect(await evaluate(`Object.keys(process.env).filter((name) => name !== "_")`)).toEqual([]);
    // 3 carries the script's report; what is open there now is Node's own (an epoll or event descriptor), no pipe.
    expect(await evaluate(`(await import("node:fs")).writeSync(3, "exit 0")`)).not.toBe(6);
  });

  it("is ended by the kernel when it takes more memory than its limit", async () => {
    const { status, stderr } = await run(
      `const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1)); // 1 MiB at a time`,
    );
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/Array buffer allocation failed|out of memory/i);
  });

  it("takes everything that it started with it when it is killed", async () => {
    // Without a process namespace only the permission model stops it from starting any.
    if (!where("processes")) return expect(report.missing).toContain("processes");
    const { killedFor, stdout } = await run(
      `const { spawn } = await import("node:child_process");
       const { writeSync } = await import("node:fs");
       for (let i = 0; i < 3; i++) {
         const child = spawn(process.execPath, ["-e", "/* ${MARK} */ setInterval(() => 0, 1000)"], { detached: true, stdio: "inherit" });
         child.on("spawn", () => writeSync(1, "started "));
       }
       setInterval(() => 0, 1000);`,
      false,
      { ...LIMITS, wallMilliseconds: 2000 },
    );
    expect(killedFor).toBe("wall");
    expect(stdout.toString()).toBe("started started started ");
  });

  it("dies with its parent, also when that is killed", async () => {
    const { mechanism } = report;
    if (!mechanism.prefix.includes("--pdeathsig")) return expect(mechanism.prefix).toEqual([]);
    const task = {
      source: `/* ${MARK} */ setInterval(() => 0, 1000)`,
      limits: { ...LIMITS, wallMilliseconds: 600_000 },
      permissionModel: true,
    };
    const parent = spawn(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { runChild } from ${JSON.stringify(new URL("./launch.js", import.meta.url).href)};
       await runChild(${JSON.stringify(mechanism)}, { ...${JSON.stringify(task)}, stdin: new Uint8Array() });`,
    ]);
    const ended = new Promise((resolve) => parent.once("close", resolve));
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    // The engine itself is there, and not only the commands before it.
    await until(() => marked().some((line) => line.startsWith(`${process.execPath}\0--disable-wasm`)));
    parent.kill("SIGKILL");
    await ended;
    await until(() => marked().length === 0);
  });

  it("is killed when it floods stdout", async () => {
    const { killedFor, stdout } = await run(
      `import { writeSync } from "node:fs"; const b = Buffer.alloc(1024); for (;;) writeSync(1, b);`,
    );
    expect(killedFor).toBe("stdout");
    expect(stdout.length).toBe(LIMITS.stdoutBytes);
  });
});
