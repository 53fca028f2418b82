// Tier: test. Budget: 2 s.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

import { indexUseful } from "../abci/index-rule.js";
import { APP_TOML, indexRule, readAppConfig } from "./app-config.js";
import { clientToml, readClientConfig } from "./client-config.js";
import { patchToml, rpcUrl } from "./comet-config.js";
import { parseLine } from "./comet-log.js";
import type { Sources } from "./config-file.js";
import { homeOf, socketPath } from "./home.js";
import { humanLine, Logs, parseLevels } from "./logging.js";

let folder: string;
let file: string;
let warnings: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
  file = join(folder, "app.toml");
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function app(toml: string, more: Partial<Sources> = {}) {
  writeFileSync(file, toml);
  return readAppConfig({ file, warn: (message) => warnings.push(message), ...more });
}

describe("app.toml", () => {
  it("as init writes it says the defaults, and nothing unknown", () => {
    expect(app(APP_TOML)).toEqual(app(""));
    expect(warnings).toEqual([]);
  });

  it("yields to the environment, which yields to flags", () => {
    const toml = 'halt-height = 1\npruning = "nothing"\n[state]\ncache-bytes = 20000000\n';
    const env = {
      COMPUTRONIUMD_HALT_HEIGHT: "2",
      COMPUTRONIUMD_STATE_CACHE_BYTES: "30000000",
      COMPUTRONIUMD_INDEX_EVENTS: "tx.fee, message.action",
    };
    expect(app(toml)).toMatchObject({ "halt-height": 1, pruning: "nothing", state: { "cache-bytes": 20_000_000 } });
    expect(app(toml, { env })).toMatchObject({
      "halt-height": 2,
      pruning: "nothing",
      state: { "cache-bytes": 30_000_000 },
      "index-events": ["tx.fee", "message.action"],
    });
    expect(app(toml, { env, flags: { "halt-height": "3", pruning: undefined } })).toMatchObject({
      "halt-height": 3,
      pruning: "nothing",
    });
  });

  it("takes numbers as text where Cosmos writes them so", () => {
    const toml = 'pruning = "custom"\npruning-keep-recent = "100"\npruning-interval = "10"\nquery-gas-limit = "0"\n';
    expect(app(toml)).toMatchObject({ "pruning-keep-recent": 100, "pruning-interval": 10 });
  });

  it.each([
    ['pruning = "often"', "pruning: Invalid option"],
    ['pruning = "custom"', "pruning-keep-recent: at least 2"],
    ["halt-height = -1", "halt-height: Too small"],
    ["halt-height = 1.5", "halt-height: Invalid input"],
    ['minimum-gas-prices = "cheap"', "minimum-gas-prices: expected prices such as"],
    ['index-events = ["action"]', "index-events: expected type.key"],
    ["[query]\nworkers = 0", "query.workers: Too small"],
    ["[state]\ncache-bytes = 1000", "state.cache-bytes: at least 16 MiB"],
    ["[state\n", "line 1: "],
  ])("is refused with file, key and reason: %s", (toml, reason) => {
    expect(() => app(toml)).toThrow(`${file}: ${reason}`);
  });

  it("names the environment variable or the flag that is wrong", () => {
    expect(() => app("", { env: { COMPUTRONIUMD_HALT_HEIGHT: "soon" } })).toThrow(
      "environment: COMPUTRONIUMD_HALT_HEIGHT: ",
    );
    expect(() => app("", { flags: { pruning: "often" } })).toThrow("flag: --pruning: ");
  });

  it("warns of keys that nobody knows, with the nearest", () => {
    app('prunning = "nothing"\nfavourite-colour = "blue"\n[state]\ncache-byte = 1\n[__proto__]\nx = 1\n');
    expect(warnings).toEqual([
      `${file}: nothing is called prunning; is pruning meant? It has no effect.`,
      `${file}: nothing is called favourite-colour. It has no effect.`,
      `${file}: nothing is called state.cache-byte; is state.cache-bytes meant? It has no effect.`,
      `${file}: nothing is called __proto__.x. It has no effect.`,
    ]);
  });

  it("indexes what is of use when the list is empty, and else the listed", () => {
    expect(indexRule(app(""))).toBe(indexUseful);
    const tx = { type: "tx", attributes: [] };
    const some = indexRule(app('index-events = ["tx.fee"]'))(tx, "transaction");
    expect([some("fee"), some("acc_seq")]).toEqual([true, false]);
  });
});

describe("client.toml", () => {
  it("as init writes it is read back", () => {
    writeFileSync(file, clientToml('x"-1', "abc"));
    const config = readClientConfig({ file, warn: (message) => warnings.push(message) });
    expect(config).toMatchObject({ "chain-id": 'x"-1', "bech32-prefix": "abc", node: "tcp://localhost:26657" });
    expect(warnings).toEqual([]);
  });
});

describe("CometBFT's settings", () => {
  it("are changed in place, in their section, with all comments kept", () => {
    const text = '# top\nmoniker = "a" # old\n[rpc]\nladdr = "x"\n[p2p]\n# where\nladdr = "y"\npex = true\n';
    expect(patchToml(text, { "p2p.laddr": 'q"uote', "p2p.pex": false, moniker: "b" })).toBe(
      '# top\nmoniker = "b"\n[rpc]\nladdr = "x"\n[p2p]\n# where\nladdr = "q\\"uote"\npex = false\n',
    );
    expect(() => patchToml(text, { "rpc.pex": true })).toThrow("config.toml has no rpc.pex");
  });

  it("tell where a client reaches the RPC", () => {
    expect(rpcUrl("tcp://0.0.0.0:26657")).toBe("http://127.0.0.1:26657");
    expect(rpcUrl("https://rpc.example.org")).toBe("https://rpc.example.org");
  });
});

describe("logs", () => {
  it("have levels per component", () => {
    expect(() => parseLevels("loud")).toThrow('log level "loud": expected one of trace');
    expect(() => parseLevels("abci:")).toThrow("or component:level");
    expect(() => parseLevels("*:info,abic:debug")).toThrow("the components are node, chain, abci");
    const lines: string[] = [];
    const logs = new Logs({
      level: "*:warn,abci:debug",
      format: "json",
      destination: { write: (line) => void lines.push(line) },
    });
    logs.of("abci").debug({ n: 1 }, "seen");
    logs.of("node").info("unseen");
    logs.of("node").warn("seen too");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: "debug", component: "abci", n: 1, msg: "seen" },
      { level: "warn", component: "node", msg: "seen too" },
    ]);
  });

  it("for people are one line each, whatever a peer puts into a field", () => {
    const line = JSON.stringify({
      time: "2026-01-01T10:20:30.456Z",
      level: "warn",
      component: "abci",
      msg: "bad",
      peer: "a\nFTL fake",
    });
    expect(humanLine(line)).toBe('10:20:30.456 WRN abci      bad peer="a\\nFTL fake"\n');
  });

  it("take over CometBFT's lines, and panics that are none", () => {
    expect(
      parseLine('{"level":"info","module":"consensus","_msg":"finalizing","height":5,"ts":"x","err":"e"}'),
    ).toEqual({
      method: "info",
      message: "finalizing",
      fields: { module: "consensus", height: 5, error: "e" },
    });
    for (const line of ["panic: no", "{", "null", '{"level":"odd","_msg":"x"}', '{"level":"info"}']) {
      expect(parseLine(line)).toBeUndefined();
    }
  });
});

describe("the ABCI socket's path", () => {
  it("is in the data folder, or short where that would be too long", () => {
    expect(socketPath(homeOf("/h"))).toBe("/h/data/abci.sock");
    const long = socketPath(homeOf(`/${"h".repeat(100)}`));
    expect(Buffer.byteLength(long)).toBeLessThan(100);
    expect(long).not.toBe(socketPath(homeOf(`/${"h".repeat(101)}`)));
  });
});
