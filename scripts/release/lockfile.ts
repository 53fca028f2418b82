import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { Platform } from "./platforms.js";

const PackageSchema = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const LockfileSchema = z.object({ packages: z.record(z.string(), PackageSchema) });

/** A package that the node needs at run time. */
export interface LockedPackage {
  /** Where npm puts it, such as `node_modules/lmdb`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Of the registry's archive; undefined where the lockfile does not say. */
  readonly integrity: string | undefined;
}

/** All that the root package needs at run time on a platform, as package-lock.json fixes it, in the order of their paths. */
export function productionPackages(root: string, platform: Platform): LockedPackage[] {
  const { packages } = LockfileSchema.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const found = new Map<string, LockedPackage>();
  const waiting = [""];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const { dependencies = {}, optionalDependencies = {} } = packages[from]!;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = resolve(packages, from, name);
      const isOptional = Object.hasOwn(optionalDependencies, name);
      if (path === undefined && isOptional) continue;
      const entry = path === undefined ? undefined : packages[path];
      if (path === undefined || entry === undefined) throw new Error(`package-lock.json: ${from} needs ${name}`);
      if (found.has(path) || !runsOn(entry, platform)) continue;
      const { version = "", license = "", integrity } = entry;
      found.set(path, { path, name, version, license, integrity });
      waiting.push(path);
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As Node looks a package up: beside the one that needs it, then further up. */
function resolve(packages: Readonly<Record<string, unknown>>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (Object.hasOwn(packages, path)) return path;
    if (at === "") return undefined;
  }
}

function runsOn({ os, cpu }: z.infer<typeof PackageSchema>, platform: Platform): boolean {
  return (os?.includes(platform.os) ?? true) && (cpu?.includes(platform.cpu) ?? true);
}
