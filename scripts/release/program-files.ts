import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import type { LockedPackage } from "./lockfile.js";
import { unpackPackage } from "./npm-package.js";
import type { Platform } from "./platforms.js";

/** What the node is compiled from. */
const SOURCE_FOLDERS = ["core", "modules", "abci-app"];
const NOT_SHIPPED = /\.(test|fuzz|test-support|d)\.ts$/;
/** Parts of npm packages that nothing runs. */
const NOT_RUN = /\.(md|markdown|map|ts|mts|cts|c|cc|cpp|h|hpp|gyp|gypi)$/;
/** Folders of npm packages that nothing runs. */
const FOLDERS_NOT_RUN = ["test", "tests", "bench", "benchmark", "benchmarks", "docs", "example", "examples", ".github"];
const LICENCE = /^(licen[sc]e|notice|copying)/i;

/** Copies the compiled program: exactly one file for each source file, so that nothing stale in dist/ comes along. */
export function copyProgram(root: string, lib: string): void {
  for (const folder of SOURCE_FOLDERS) {
    for (const source of filesBelow(join(root, folder))) {
      if (!source.endsWith(".ts") || NOT_SHIPPED.test(source)) continue;
      const compiled = relative(root, source).replace(/\.ts$/, ".js");
      copyTo(join(root, "dist", compiled), join(lib, "dist", compiled));
    }
  }
  // Types of protobuf messages: a workspace, so npm has only a link to it.
  const proto = join(lib, "node_modules/@computronium/proto");
  for (const file of filesBelow(join(root, "proto/gen"))) {
    if (file.endsWith(".js")) copyTo(file, join(proto, relative(join(root, "proto"), file)));
  }
  copyTo(join(root, "proto/package.json"), join(proto, "package.json"));
  writeFileSync(join(lib, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
}

/** Copies the npm packages as they are installed; what is of another platform than this machine's is fetched. */
export function copyPackages(
  root: string,
  lib: string,
  options: { readonly packages: readonly LockedPackage[]; readonly platform: Platform; readonly cache: string },
): void {
  const { packages, platform, cache } = options;
  for (const { path, name, version, integrity } of packages) {
    const target = join(lib, path);
    const installed = join(root, path);
    if (existsSync(installed)) {
      cpSync(installed, target, {
        recursive: true,
        // Nested packages are in the list by themselves.
        filter: (file) => file === installed || basename(file) !== "node_modules",
      });
    } else if (integrity !== undefined) {
      unpackPackage({ name, version, integrity }, target, cache);
    } else {
      throw new Error(`${name}@${version} is not installed, and package-lock.json has no checksum to fetch it by`);
    }
    for (const folder of FOLDERS_NOT_RUN) rmSync(join(target, folder), { recursive: true, force: true });
    for (const file of filesBelow(target)) {
      if (NOT_RUN.test(file) && !LICENCE.test(basename(file))) rmSync(file);
    }
    prunePrebuilds(join(target, "prebuilds"), platform);
  }
}

/** Native addons of other platforms (the layout of node-gyp-build). */
function prunePrebuilds(folder: string, { name }: Platform): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    if (entry !== name) rmSync(join(folder, entry), { recursive: true });
  }
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

export function copyTo(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
