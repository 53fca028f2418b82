import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { VERSION } from "../../abci-app/version.js";
import { cacheFolder } from "../../abci-app/node/cometbft-binary.js";
import { COMETBFT_VERSION } from "../../abci-app/node/cometbft-version.js";
import { packFolder, sha256 } from "./archive.js";
import { billOfMaterials } from "./bill-of-materials.js";
import { buildCometBft, cometBftSource, goModules } from "./cometbft.js";
import type { LockedPackage } from "./lockfile.js";
import { productionPackages } from "./lockfile.js";
import { unpackPackage } from "./npm-package.js";
import type { Platform } from "./platforms.js";
import { NODE_VERSION } from "./platforms.js";
import { copyPackages, copyProgram, copyTo, filesBelow } from "./program-files.js";

export interface ReleaseOptions {
  /** The checkout, built. */
  readonly root: string;
  /** Where the archives go. */
  readonly target: string;
  readonly platforms: readonly Platform[];
  readonly say: (message: string) => void;
}

/** Makes an archive for each platform, and the checksums of all of them. Returns the paths of the archives. */
export async function makeRelease({ root, target, platforms, say }: ReleaseOptions): Promise<string[]> {
  mkdirSync(target, { recursive: true });
  const source = readSource(root);
  const archives: string[] = [];
  for (const platform of platforms) {
    say(`${platform.name}: Node ${NODE_VERSION}, CometBFT ${COMETBFT_VERSION}`);
    const work = mkdtempSync(join(tmpdir(), "computronium-release-"));
    try {
      const folder = join(work, "release");
      layOut({ root, work, folder, platform, commit: source.commit });
      const archive = join(target, `computroniumd-${VERSION}-${platform.name}.tar.gz`);
      await packFolder(folder, archive, source.time);
      archives.push(archive);
    } finally {
      // Go leaves its own files read-only.
      execFileSync("chmod", ["-R", "u+w", work]);
      rmSync(work, { recursive: true, force: true });
    }
  }
  const sums = await Promise.all(archives.map(async (file) => `${await sha256(file)}  ${basename(file)}\n`));
  writeFileSync(join(target, "SHA256SUMS"), sums.join(""));
  return archives;
}

/** All files of a release, as they are unpacked. */
function layOut(options: {
  readonly root: string;
  readonly work: string;
  readonly folder: string;
  readonly platform: Platform;
  readonly commit: string;
}): void {
  const { root, work, folder, platform, commit } = options;
  const cache = join(cacheFolder(process.env), "release");
  const lib = join(folder, "lib");
  const packages = productionPackages(root, platform);
  copyProgram(root, lib);
  copyPackages(root, lib, { packages, platform, cache });

  const node = join(work, "node");
  const name = `node-${platform.name}`;
  unpackPackage({ name, version: NODE_VERSION, integrity: platform.nodeIntegrity }, node, cache);
  copyExecutable(join(node, "bin/node"), join(folder, "libexec/node"));
  const cometbft = join(work, "cometbft");
  buildCometBft(platform, join(work, "go"), cometbft);
  copyExecutable(cometbft, join(folder, "libexec/cometbft"));

  const flags = readFileSync(join(root, "scripts/node-flags"), "utf8").trim();
  const launcher = readFileSync(join(root, "scripts/release/launcher.sh"), "utf8").replace("@NODE_FLAGS@", flags);
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/computroniumd"), launcher);
  chmodSync(join(folder, "bin/computroniumd"), 0o755);

  const about = { version: VERSION, commit, platform: platform.name, node: NODE_VERSION, cometbft: COMETBFT_VERSION };
  writeJson(join(lib, "release.json"), about);
  writeJson(
    join(folder, "sbom.cdx.json"),
    billOfMaterials({ version: VERSION, packages, goModules: goModules(cometbft) }),
  );
  copyLicences({ root, node, lib, packages, target: join(folder, "licenses") });
}

function copyLicences(options: {
  readonly root: string;
  readonly node: string;
  readonly lib: string;
  readonly packages: readonly LockedPackage[];
  readonly target: string;
}): void {
  const { root, node, lib, packages, target } = options;
  copyTo(join(root, "LICENSE"), join(target, "computronium/LICENSE"));
  copyTo(join(node, "LICENSE"), join(target, "node/LICENSE"));
  copyTo(join(cometBftSource(), "LICENSE"), join(target, "cometbft/LICENSE"));
  for (const { path, name } of packages) {
    for (const file of filesBelow(join(lib, path))) {
      const isOwn = dirname(file) === join(lib, path);
      if (isOwn && /^(licen[sc]e|notice|copying)/i.test(basename(file))) {
        copyTo(file, join(target, "npm", name.replace("/", "__"), basename(file)));
      }
    }
  }
}

/** Commit and its time: of the checkout, or nothing of it where it is none. SOURCE_DATE_EPOCH goes before (reproducible-builds.org). */
function readSource(root: string): { readonly commit: string; readonly time: number } {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const given = process.env["SOURCE_DATE_EPOCH"];
  if (!existsSync(join(root, ".git"))) return { commit: "", time: Number(given ?? 0) };
  const isDirty = git("status", "--porcelain") !== "";
  return {
    commit: `${git("rev-parse", "HEAD")}${isDirty ? "-dirty" : ""}`,
    time: Number(given ?? git("log", "-1", "--format=%ct")),
  };
}

function copyExecutable(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
