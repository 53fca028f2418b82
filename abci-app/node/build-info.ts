import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { wantedVersion } from "./cometbft-version.js";

/** Beside the compiled code of a release; a checkout has none. */
const RELEASE_FILE = join(import.meta.dirname, "../../../release.json");
const ReleaseSchema = z.looseObject({ commit: z.string() });

/** What this program was built from and runs on. */
export interface BuildInfo {
  readonly version: string;
  /** Of the repository; empty where nobody knows. */
  readonly commit: string;
  readonly node: string;
  readonly platform: string;
  readonly cometbft: string;
}

export function buildInfo(version: string, env: NodeJS.ProcessEnv): BuildInfo {
  return {
    version,
    commit: sourceCommit(),
    node: process.version,
    platform: `${process.platform}/${process.arch}`,
    cometbft: wantedVersion(env),
  };
}

/** Commit of the release, or of the checkout that this runs from; empty where nobody knows. */
export function sourceCommit(): string {
  try {
    return ReleaseSchema.parse(JSON.parse(readFileSync(RELEASE_FILE, "utf8"))).commit;
  } catch {
    // no release
  }
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
