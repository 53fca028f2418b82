import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { RELEASE_SHA256, reportsItself, reportsVersion, wantedVersion } from "./cometbft-version.js";

const run = promisify(execFile);
const VERSION_TIMEOUT_MILLISECONDS = 20_000;
const BUILD_TIMEOUT_MILLISECONDS = 15 * 60_000;
/** The archives have about 20 MB. */
const MAX_ARCHIVE_BYTES = 200 << 20;
const LOCK_POLL_MILLISECONDS = 250;

export interface ProvisionOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Told before something that takes long. */
  readonly say: (message: string) => void;
  /** Where releases are; tests have their own. */
  readonly releasesUrl?: string;
  readonly releaseSha256?: typeof RELEASE_SHA256;
}

/** $COMPUTRONIUM_CACHE, $XDG_CACHE_HOME/computronium or ~/.cache/computronium. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env["COMPUTRONIUM_CACHE"]) return env["COMPUTRONIUM_CACHE"];
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "computronium");
}

/**
 * The path of an unmodified CometBFT of the wanted version: the one that COMETBFT_BINARY names, or from PATH, from the cache folder, built by `go install`, or
 * downloaded from the official release against a pinned checksum. Throws an error that says what was tried.
 */
export async function provideCometBft(options: ProvisionOptions): Promise<string> {
  const { env, say } = options;
  const version = wantedVersion(env);
  const tried: string[] = [];

  const given = env["COMETBFT_BINARY"];
  if (given) {
    if (await isWanted(given, version)) return given;
    throw new Error(`COMETBFT_BINARY: ${given} does not run, or is not CometBFT ${version}`);
  }
  const onPath = findOnPath("cometbft", env);
  if (onPath !== undefined && reportsItself(version)) {
    const printed = await printedVersion(onPath);
    if (reportsVersion(printed, version)) return onPath;
    tried.push(`${onPath} is version ${printed || "unknown"}`);
  } else if (onPath === undefined) tried.push("there is no cometbft on PATH");

  const folder = join(cacheFolder(env), "cometbft", version);
  const cached = join(folder, "cometbft");
  if (await isWanted(cached, version)) return cached;
  mkdirSync(folder, { recursive: true });
  return await locked(join(folder, ".lock"), say, async () => {
    // Another process may have finished it meanwhile.
    if (await isWanted(cached, version)) return cached;
    // Made in a folder of its own and renamed when whole, so that nobody ever runs half a binary.
    const work = mkdtempSync(join(folder, ".new-"));
    try {
      for (const attempt of [build, download]) {
        const made = await attempt(version, work, options).catch((error: unknown) => {
          tried.push(error instanceof Error ? error.message : String(error));
          return undefined;
        });
        if (made === undefined) continue;
        if (!(await isWanted(made, version))) {
          tried.push(`what was made reports another version than ${version}`);
          continue;
        }
        renameSync(made, cached);
        return cached;
      }
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    throw new Error(
      `CometBFT ${version} is needed and could not be had:\n${tried.map((line) => `  - ${line}`).join("\n")}\n` +
        `Install it from https://github.com/cometbft/cometbft/releases/tag/v${version} so that it is found on PATH, or install Go.`,
    );
  });
}

export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not there
    }
  }
  return undefined;
}

async function printedVersion(binary: string): Promise<string> {
  try {
    const { stdout } = await run(binary, ["version"], { timeout: VERSION_TIMEOUT_MILLISECONDS });
    return stdout.trim();
  } catch {
    return "";
  }
}

async function isWanted(binary: string, version: string): Promise<boolean> {
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    return false;
  }
  return reportsVersion(await printedVersion(binary), version);
}

async function build(version: string, work: string, { env, say }: ProvisionOptions): Promise<string> {
  const go = findOnPath("go", env);
  if (go === undefined) throw new Error("there is no go on PATH to build it with");
  say(`building CometBFT ${version} with ${go}; this takes a few minutes, once`);
  const module = `github.com/cometbft/cometbft/cmd/cometbft@v${version}`;
  try {
    // GOFLAGS of a developer's own (-mod=vendor and the like) do not apply here.
    await run(go, ["install", module], {
      env: { ...env, GOBIN: work, GOFLAGS: "", GO111MODULE: "on" },
      timeout: BUILD_TIMEOUT_MILLISECONDS,
      cwd: work,
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`go install ${module} failed: ${(stderr ?? String(error)).trim().split("\n").at(-1)}`, {
      cause: error,
    });
  }
  return join(work, "cometbft");
}

async function download(version: string, work: string, options: ProvisionOptions): Promise<string> {
  const arch: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64", arm: "arm" };
  const platform = `${process.platform}_${arch[process.arch] ?? process.arch}`;
  const expected = options.env["COMETBFT_SHA256"] ?? (options.releaseSha256 ?? RELEASE_SHA256)[version]?.[platform];
  if (expected === undefined) {
    throw new Error(
      `no checksum is pinned for the release ${version} on ${platform}, so it is not downloaded (COMETBFT_SHA256 gives one)`,
    );
  }
  const name = `cometbft_${version}_${platform}.tar.gz`;
  const url = `${options.releasesUrl ?? "https://github.com/cometbft/cometbft/releases/download"}/v${version}/${name}`;
  options.say(`downloading ${url}`);
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > MAX_ARCHIVE_BYTES) throw new Error(`${url} is larger than ${MAX_ARCHIVE_BYTES} bytes`);
  }
  const archive = Buffer.concat(chunks);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (actual !== expected.toLowerCase())
    throw new Error(`${name} has the SHA-256 ${actual}, not the pinned ${expected}`);
  writeFileSync(join(work, name), archive);
  await run("tar", ["-xzf", name, "cometbft"], { cwd: work });
  return join(work, "cometbft");
}

/** One process at a time. A lock whose process is gone is taken over. */
async function locked<T>(path: string, say: (message: string) => void, action: () => Promise<T>): Promise<T> {
  let told = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isAbandoned(path)) {
      // By renaming only one of those who wait can remove it.
      const stale = `${path}.${process.pid}`;
      try {
        renameSync(path, stale);
        rmSync(stale);
      } catch {
        // another was faster
      }
      continue;
    }
    if (!told) say(`another process is providing ${dirname(path)}; waiting for it`);
    told = true;
    await sleep(LOCK_POLL_MILLISECONDS);
  }
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

function isAbandoned(path: string): boolean {
  let owner: string;
  try {
    owner = readFileSync(path, "utf8");
  } catch {
    return false;
  }
  // Empty between creation and writing.
  if (!/^\d+$/.test(owner)) return false;
  try {
    process.kill(Number(owner), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
