// Tier: test. Budget: 10 s.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

import { Children } from "./children.js";
import { isAlive, signalGroup } from "./process-group.js";

/** A shell with a child of its own; ends on SIGTERM unless told otherwise. */
const PARENT_AND_CHILD = ["sh", "-c", "sleep 600 & wait"] as const;
const DEAF = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"] as const;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

describe("processes of a network", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "computronium-children-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are stopped with all that they started", async () => {
    const children = new Children();
    const child = children.start({ name: "parent", command: PARENT_AND_CHILD, logFile: join(folder, "log") });
    expect(isAlive(child.pid)).toBe(true);
    await children.stopAll();
    expect(isAlive(child.pid)).toBe(false);
    expect(child.isStopping).toBe(true);
    children.close();
  });

  it("are killed when they do not listen", async () => {
    const children = new Children();
    const logFile = join(folder, "log");
    const child = children.start({ name: "deaf", command: DEAF, logFile });
    await until(() => readFileSync(logFile, "utf8").includes("ready"));
    await child.stop(200);
    expect((await child.ended).signal).toBe("SIGKILL");
    expect(isAlive(child.pid)).toBe(false);
    children.close();
  });

  it("end, and their folder goes, when the one who started them is killed", async () => {
    const module = fileURLToPath(new URL("./children.js", import.meta.url));
    const script = `
      import { Children } from ${JSON.stringify(module)};
      const children = new Children();
      children.removeAtEnd(${JSON.stringify(folder)});
      const child = children.start({ name: "x", command: ${JSON.stringify(PARENT_AND_CHILD)}, logFile: ${JSON.stringify(join(folder, "log"))} });
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: starter.stdout }), "line")) as [string];
    const pid = Number(line);
    try {
      expect(isAlive(pid)).toBe(true);
      starter.kill("SIGKILL");
      await until(() => !isAlive(pid) && !existsSync(folder));
    } finally {
      signalGroup(pid, "SIGKILL");
    }
  });

  it("say why they did not start", () => {
    const children = new Children();
    const command = [join(folder, "no-such-program")] as const;
    expect(() => children.start({ name: "ghost", command, logFile: join(folder, "log") })).toThrow(
      "ghost did not start",
    );
    children.close();
  });
});
