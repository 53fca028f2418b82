// Tier: test. Budget: 10 s. Binaries here are shell scripts that answer `version`: what is tested is where they come from.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

import { cacheFolder, provideCometBft } from "./cometbft-binary.js";

let folder: string;
let said: string[];
/** Only what the scripts need, so that no real Go or CometBFT is found. */
let tools: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "provision-"));
  tools = join(folder, "tools");
  said = [];
  mkdirSync(tools);
  for (const tool of ["sh", "sleep", "tar", "gzip", "cp", "chmod"]) {
    const path = execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
    script(join(tools, tool), `exec ${path} "$@"`);
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(path: string, body: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

function env(...path: string[]): NodeJS.ProcessEnv {
  return { PATH: [...path, tools].join(delimiter), COMPUTRONIUM_CACHE: join(folder, "cache"), HOME: folder };
}

const say = (message: string) => void said.push(message);
const cached = (version = "0.38.26") => join(folder, "cache", "cometbft", version, "cometbft");

/** A Go that "builds" a script which reports that version, and counts how often it is asked to. */
function fakeGo(reported: string): string {
  const bin = join(folder, "go-bin");
  script(
    join(bin, "go"),
    `echo "$@" >> ${folder}/go-calls\nsleep 1\nprintf '#!/bin/sh\\necho ${reported}\\n' > "$GOBIN/cometbft"\nchmod +x "$GOBIN/cometbft"`,
  );
  return bin;
}

const goCalls = () => readFileSync(join(folder, "go-calls"), "utf8").trim().split("\n");

describe("CometBFT's binary", () => {
  it("is the one that COMETBFT_BINARY names, or none at all", async () => {
    const named = join(folder, "named");
    script(named, "echo 0.38.26");
    script(join(folder, "bin", "cometbft"), "echo 0.38.26");
    const given = (path: string) => ({ env: { ...env(join(folder, "bin")), COMETBFT_BINARY: path }, say });
    expect(await provideCometBft(given(named))).toBe(named);
    script(named, "echo 0.38.25");
    await expect(provideCometBft(given(named))).rejects.toThrow("is not CometBFT 0.38.26");
    await expect(provideCometBft(given(join(folder, "nowhere")))).rejects.toThrow("COMETBFT_BINARY");
  });

  it("is the one on PATH when its version is the pinned one", async () => {
    script(join(folder, "a", "cometbft"), "echo 0.38.26+abcdef");
    expect(await provideCometBft({ env: env(join(folder, "a")), say })).toBe(join(folder, "a", "cometbft"));
    expect(existsSync(join(folder, "cache"))).toBe(false);
  });

  it("is built by go install when PATH has another version, once, and found in the cache afterwards", async () => {
    script(join(folder, "a", "cometbft"), "echo 0.38.17");
    const path = env(join(folder, "a"), fakeGo("0.38.26"));
    expect(await provideCometBft({ env: path, say })).toBe(cached());
    expect(await provideCometBft({ env: path, say })).toBe(cached());
    expect(goCalls()).toEqual(["install github.com/cometbft/cometbft/cmd/cometbft@v0.38.26"]);
    expect(readdirSync(join(cached(), ".."))).toEqual(["cometbft"]);
  });

  it("is built once by two that need it at the same time", async () => {
    const path = env(fakeGo("0.38.26"));
    const made = await Promise.all([provideCometBft({ env: path, say }), provideCometBft({ env: path, say })]);
    expect(made).toEqual([cached(), cached()]);
    expect(goCalls()).toHaveLength(1);
  });

  it("is provided although a process died while it held the lock", async () => {
    const gone = execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }).trim();
    mkdirSync(join(cached(), ".."), { recursive: true });
    writeFileSync(join(cached(), "..", ".lock"), gone);
    expect(await provideCometBft({ env: env(fakeGo("0.38.26")), say })).toBe(cached());
  });

  it("may call itself 0.39.0 when it is 0.40.0, but not if it is just any on PATH", async () => {
    script(join(folder, "a", "cometbft"), "echo 0.39.0");
    const path = { ...env(join(folder, "a"), fakeGo("0.39.0")), COMETBFT_VERSION: "0.40.0" };
    expect(await provideCometBft({ env: path, say })).toBe(cached("0.40.0"));
  });

  it("is downloaded where there is no Go, and only if its checksum is the pinned one", async () => {
    script(join(folder, "release", "cometbft"), "echo 0.38.26");
    execFileSync("tar", ["-czf", "../release.tar.gz", "cometbft"], { cwd: join(folder, "release") });
    const archive = readFileSync(join(folder, "release.tar.gz"));
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end(archive);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const releasesUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const sum = createHash("sha256").update(archive).digest("hex");
      const wrong = { ...env(), COMETBFT_SHA256: "00".repeat(32) };
      await expect(provideCometBft({ env: wrong, say, releasesUrl })).rejects.toThrow(
        `has the SHA-256 ${sum}, not the pinned 0000`,
      );
      expect(existsSync(cached())).toBe(false);
      const right = { ...env(), COMETBFT_SHA256: sum };
      expect(await provideCometBft({ env: right, say, releasesUrl })).toBe(cached());
      expect(asked[0]).toMatch(/^\/v0\.38\.26\/cometbft_0\.38\.26_[a-z0-9]+_[a-z0-9]+\.tar\.gz$/);
    } finally {
      server.close();
    }
  });

  it("cannot be had without Go, checksum and PATH: the error says what was tried and what to do", async () => {
    await expect(provideCometBft({ env: env(), say })).rejects.toThrow(
      /CometBFT 0\.38\.26 is needed.*\n.*no cometbft on PATH\n.*no go on PATH.*\n.*no checksum is pinned.*\nInstall it from/,
    );
    script(join(folder, "bad", "go"), "echo 'go: no network' >&2; exit 1");
    await expect(provideCometBft({ env: env(join(folder, "bad")), say })).rejects.toThrow("failed: go: no network");
    await expect(provideCometBft({ env: { ...env(), COMETBFT_VERSION: "latest" }, say })).rejects.toThrow(
      '"latest" is no version',
    );
  });

  it("is cached where the operator or the system says", () => {
    expect(cacheFolder({ COMPUTRONIUM_CACHE: "/c", XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/c");
    expect(cacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/x/computronium");
    expect(cacheFolder({ HOME: "/h" })).toBe("/h/.cache/computronium");
  });
});
