// Tier: test. Budget: 15 s. docs/economics.md and its plots are what the command makes of the rules as they are now.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { axisTicks } from "../../scripts/economics/plot.js";

const folder = mkdtempSync(join(tmpdir(), "computronium-economics-"));
const DOCS = resolve("docs");
let names: readonly string[];

beforeAll(async () => {
  const program = resolve("dist/scripts/economics/main.js");
  await promisify(execFile)(process.execPath, ["--no-warnings", program, folder]);
  names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(md|svg)$/.test(name));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("The economics page", () => {
  it("is what `make economics` makes of the rules as they are now", () => {
    expect(names.length).toBe(8);
    for (const name of names) {
      expect([name, readFileSync(join(DOCS, name), "utf8")]).toEqual([name, readFileSync(join(folder, name), "utf8")]);
    }
  });

  it("shows every plot", () => {
    const page = readFileSync(join(DOCS, "economics.md"), "utf8");
    for (const name of names.filter((each) => each.endsWith(".svg"))) expect(page).toContain(`(${name})`);
  });
});

describe("An axis", () => {
  it.each([
    [0, 8.3, [0, 2, 4, 6, 8, 10]],
    [970, 1_430, [900, 1_000, 1_100, 1_200, 1_300, 1_400, 1_500]],
    [0, 0.0123, [0, 0.005, 0.01, 0.015]],
    [5, 5, [5, 6]],
  ])("from %d to %d has round marks around them", (low, high, expected) => {
    expect(axisTicks(low, high)).toEqual(expected);
  });
});
