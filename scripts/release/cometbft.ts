import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { COMETBFT_VERSION } from "../../abci-app/node/cometbft-version.js";
import type { Platform } from "./platforms.js";

const MODULE = "github.com/cometbft/cometbft";

/**
 * Builds the pinned CometBFT for a platform: without paths of this machine, without C, so that the same source and the same
 * Go give the same bytes. Go's checksum database vouches for the source.
 *
 * @param work a folder for what Go leaves beside the program
 */
export function buildCometBft(platform: Platform, work: string, target: string): void {
  mkdirSync(work, { recursive: true });
  const go = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
    execFileSync("go", args, { cwd: work, encoding: "utf8", env: { ...process.env, ...env } }).trim();
  const env = {
    // Where programs of another platform go cannot be said by GOBIN; modules and builds stay where they are.
    GOPATH: work,
    GOBIN: "",
    GOMODCACHE: go(["env", "GOMODCACHE"]),
    GOFLAGS: "",
    GO111MODULE: "on",
    CGO_ENABLED: "0",
    GOOS: platform.os,
    GOARCH: platform.goArch,
  };
  go(["install", "-trimpath", "-ldflags=-s -w", `${MODULE}/cmd/cometbft@v${COMETBFT_VERSION}`], env);
  const isNative = go(["env", "GOHOSTOS"]) === platform.os && go(["env", "GOHOSTARCH"]) === platform.goArch;
  copyFileSync(join(work, "bin", isNative ? "" : `${platform.os}_${platform.goArch}`, "cometbft"), target);
}

/** The Go modules in a program, as Go recorded them in it. */
export function goModules(binary: string): { readonly name: string; readonly version: string }[] {
  const listing = execFileSync("go", ["version", "-m", binary], { encoding: "utf8" });
  const modules = [...listing.matchAll(/^\t(?:mod|dep)\t(\S+)\t(\S+)/gm)];
  return modules.map(([, name = "", version = ""]) => ({ name, version }));
}

/** Folder of CometBFT's source, which has its licence. */
export function cometBftSource(): string {
  const listing = execFileSync("go", ["mod", "download", "-json", `${MODULE}@v${COMETBFT_VERSION}`], {
    encoding: "utf8",
  });
  return (JSON.parse(listing) as { readonly Dir: string }).Dir;
}
