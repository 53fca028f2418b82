import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/**
 * Packs a folder so that the same files give the same bytes: sorted names, one time, one owner, modes that depend on nothing but
 * whether a file is executable. Needs GNU tar.
 *
 * @param time of every file, in seconds since 1970
 */
export async function packFolder(folder: string, archive: string, time: number): Promise<void> {
  const version = execFileSync("tar", ["--version"], { encoding: "utf8" });
  if (!version.includes("GNU tar")) throw new Error("the tar on PATH is not GNU tar");
  const flags = ["--format=gnu", "--sort=name", `--mtime=@${time}`, "--owner=0", "--group=0", "--numeric-owner"];
  const tar = spawn("tar", [...flags, "--mode=u+rw,go+r-w,a+X", "-C", folder, "-cf", "-", "."], {
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(tar, "close");
  await pipeline(tar.stdout, createGzip({ level: 9 }), createWriteStream(archive));
  const [status] = (await closed) as [number | null];
  if (status !== 0) throw new Error(`tar ended with status ${status}`);
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
