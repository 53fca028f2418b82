import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * A package of the npm registry, unpacked into `folder`: fetched once, and checked against its pinned checksum each time. None
 * of its scripts runs.
 */
export function unpackPackage(
  pinned: { readonly name: string; readonly version: string; readonly integrity: string },
  folder: string,
  cache: string,
): void {
  const { name, version, integrity } = pinned;
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  if (!existsSync(archive)) {
    const work = `${archive}.${process.pid}`;
    mkdirSync(work);
    execFileSync("npm", ["pack", "--silent", "--pack-destination", work, `${name}@${version}`], { stdio: "pipe" });
    const [file = ""] = readdirSync(work);
    renameSync(join(work, file), archive);
    rmSync(work, { recursive: true });
  }
  const actual = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (actual !== integrity) {
    rmSync(archive);
    throw new Error(`${name}@${version} has the checksum ${actual}, not the pinned ${integrity}`);
  }
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=1", "--no-same-owner"]);
}
