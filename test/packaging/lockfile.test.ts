// Tier: test. Budget: 2 s. What is installed is what was looked at: pinned, with checksums, without scripts (row 40 of docs/reliability.md).
import { readFileSync } from "node:fs";

import { describe, expect, it } from "@jest/globals";

interface Locked {
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly hasInstallScript?: boolean;
}

/**
 * The dependencies that have an install script, and what it does. None of them is run (`ignore-scripts`), and all of them
 * work without: a new one has to be read before it is put here.
 */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  "@parcel/watcher": "compiles, if asked to by a variable; of jest, which does not watch here",
  esbuild: "makes the command faster to start, or fetches a binary that npm left out; the optional package is enough",
  lmdb: "compiles where there is no prebuilt binary; the optional package is enough",
  "msgpackr-extract": "compiles where there is no prebuilt binary; optional, below lmdb",
  protobufjs: "warns about version schemes; of @confio/ics23, in tests",
  secp256k1: "compiles where there is no prebuilt binary; they are in the package",
};

const PLATFORM_PACKAGES = /^@(msgpackr-extract\/msgpackr-extract|unrs\/resolver-binding)-/;

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const lock = JSON.parse(read("package-lock.json")) as { packages: Readonly<Record<string, Locked>> };
/** What comes from the registry, by path in node_modules. */
const packages = Object.entries(lock.packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

describe("the lockfile", () => {
  it("names no registry, so that everybody's own is asked", () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it("has a strong checksum for every package that is installed on Linux for x64 or arm64", () => {
    const unchecked = packages.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""));
    // The registry that the lockfile was made against lacks these: binaries for machines that nothing here was tried on.
    for (const [path, { optional, os, cpu }] of unchecked) {
      const isElsewhere = os?.includes("linux") !== true || !cpu?.some((name) => name === "x64" || name === "arm64");
      expect({ path, optional, isElsewhere, known: PLATFORM_PACKAGES.test(nameOf(path)) }).toEqual({
        path,
        optional: true,
        isElsewhere: true,
        known: true,
      });
    }
    expect(unchecked.length).toBeLessThanOrEqual(21);
  });

  it("has install scripts in known packages alone, and npm is told to run none", () => {
    const withScripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect([...new Set(withScripts)].sort()).toEqual(Object.keys(INSTALL_SCRIPTS).sort());
    expect(read(".npmrc").split("\n")).toContain("ignore-scripts=true");
  });
});

describe("what the packages of this repository depend on", () => {
  it.each(["package.json", "client/package.json", "provider/package.json", "proto/package.json"])(
    "has one exact version in %s",
    (path) => {
      const { dependencies, devDependencies } = JSON.parse(read(path)) as {
        dependencies?: Readonly<Record<string, string>>;
        devDependencies?: Readonly<Record<string, string>>;
      };
      const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
        ([, version]) => !/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
      );
      expect(loose).toEqual([]);
    },
  );
});
