// Tier: test. Budget: 140 s. Runs the commands of docs/operators as they stand, each page in a home folder and on ports of its own.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

import { freePorts } from "../kit/ports.js";
import { ROOT } from "./deployment-files.js";
import { readSteps, runPage } from "./page.js";

const FOLDER = join(ROOT, "docs/operators");
/** Default ports, and those that the pages give a second node. */
const PORTS = ["26656", "26657", "26660", "26661", "36656", "36657", "36660", "36661"];
/** Pages that begin with a node's home folder. */
const INIT = "computroniumd init my-node --chain-id my-chain-1 2>/dev/null";

describe("The operators' page", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "computronium-pages-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["run-a-node.md", ""],
    ["sentries-and-remote-signer.md", INIT],
    ["monitor.md", INIT],
    ["backup.md", INIT],
    ["recover.md", INIT],
    ["upgrade.md", INIT],
    ["state.md", INIT],
  ])("%s does what it says", async (page, prelude) => {
    const free = await freePorts(PORTS.length);
    const ports = new Map(PORTS.map((port, i) => [port, free[i]!]));
    await runPage(readFileSync(join(FOLDER, page), "utf8"), { folder, ports, prelude });
  });

  it("is in the list of pages and links to files that are there", () => {
    const pages = readdirSync(FOLDER).filter((name) => name !== "README.md");
    const index = readFileSync(join(FOLDER, "README.md"), "utf8");
    expect(pages.filter((name) => !index.includes(`(${name})`))).toEqual([]);
    for (const name of [...pages, "README.md"]) {
      const text = readFileSync(join(FOLDER, name), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        expect(() => readFileSync(join(FOLDER, target))).not.toThrow(/ENOENT/);
      }
      // A block that nobody runs must say that it is to be read only.
      const fences = [...text.matchAll(/^```(\S[^\n]*)$/gm)].map(([, info = ""]) => info);
      expect(
        fences.filter((info) => !/^(sh( fails| background| by-hand)?|console|toml|yaml|json|text|mermaid)$/.test(info)),
      ).toEqual([]);
    }
    expect(readSteps(readFileSync(join(FOLDER, "run-a-node.md"), "utf8")).length).toBeGreaterThan(5);
  });
});
