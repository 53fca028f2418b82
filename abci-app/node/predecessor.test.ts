// Tier: test. Budget: 1 s. Which processes still hold their files although they have no command line any more.
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

import { commandOf, isEnding } from "./predecessor.js";

/** The line of a process in a state, with flags of the kernel. */
const line = (state: string, flags: number): string =>
  `4242 (comet) R (bft) ${state} 1 4242 4242 0 -1 ${flags} 102 0 0`;
const EXITING = 0x4;
const FORKED_NOT_EXECUTED = 0x40;

describe("A process without a command line", () => {
  it("is ending as long as it has not become a zombie", () => {
    expect(isEnding(line("R", EXITING | FORKED_NOT_EXECUTED))).toBe(true);
    expect(isEnding(line("D", EXITING))).toBe(true);
    expect(isEnding(line("Z", EXITING))).toBe(false);
    expect(isEnding(line("X", EXITING))).toBe(false);
    expect(isEnding(line("S", FORKED_NOT_EXECUTED))).toBe(false);
  });

  it("is gone where the system says nothing of it", () => {
    expect(isEnding("")).toBe(false);
    expect(commandOf(2 ** 30)).toBe("");
  });

  it("is not this one", () => {
    expect(commandOf(process.pid)).not.toBe("");
    if (process.platform === "linux") expect(isEnding(readFileSync("/proc/self/stat", "utf8"))).toBe(false);
  });
});
