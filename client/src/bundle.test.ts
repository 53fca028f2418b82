// Tier: test. Budget: 5 s.
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";

import { beforeAll, describe, expect, it } from "@jest/globals";
import type { BuildResult } from "esbuild";
import { build } from "esbuild";

const entry = fileURLToPath(new URL("./index.js", import.meta.url));

type Bundle = BuildResult<{ write: false; metafile: true }>;

describe("the client in a browser", () => {
  let bundle: Bundle;

  beforeAll(async () => {
    bundle = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      platform: "browser",
      format: "iife",
      globalName: "computronium",
      minify: true,
      // An import that a browser cannot follow, such as node:fs, fails the build.
      logLevel: "silent",
    });
  });

  it("is bundled from its own files and libraries, without any module of Node", () => {
    const inputs = Object.keys(bundle.metafile.inputs);
    expect(inputs.filter((path) => path.includes("client/dist/")).length).toBeGreaterThan(10);
    expect(inputs.filter((path) => path.startsWith("node:"))).toEqual([]);
  });

  it("loads and works where there is nothing but what browsers have", () => {
    const { TextEncoder, TextDecoder, URL, AbortController, fetch, setTimeout, clearTimeout, crypto } = globalThis;
    const browser = { TextEncoder, TextDecoder, URL, AbortController, fetch, setTimeout, clearTimeout, crypto };
    const program = `globalThis.self = globalThis; ${bundle.outputFiles[0]?.text ?? ""}
      const { contentHash, hashToText, rate, costOf } = computronium;
      ({ hash: hashToText(contentHash(new TextEncoder().encode("abc"))), cost: costOf(rate("7ucptm", "hour"), 5400n) })`;
    expect(runInNewContext(program, { ...browser, console })).toEqual({
      // FIPS 180-2, appendix B.1.
      hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      cost: 10n,
    });
  });
});
