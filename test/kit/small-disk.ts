import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FILLER = "filler";
const BLOCK_BYTES = 4096;
const disks = new Set<SmallDisk>();

// What a crashing test leaves behind.
process.on("exit", () => {
  for (const disk of disks) disk.remove();
});

/** A disk of a few bytes that a test can fill up: a real file system (tmpfs), which answers ENOSPC as any other does. */
export class SmallDisk {
  /** The folder where it is mounted. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts a disk, or gives undefined where this process may not mount any: only root may. */
  static mount(bytes: number): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), "computronium-disk-"));
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]);
    if (status !== 0) {
      rmSync(path, { recursive: true });
      return undefined;
    }
    const disk = new SmallDisk(path);
    disks.add(disk);
    return disk;
  }

  /** Takes what is free but for about so many bytes, as anything else on the disk might. */
  fill(leftBytes = 0): void {
    const file = openSync(join(this.path, FILLER), "w");
    const block = Buffer.alloc(BLOCK_BYTES);
    try {
      while (this.freeBytes > leftBytes && writeSync(file, block) === block.length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Gives back what {@link fill} took. */
  makeRoom(): void {
    rmSync(join(this.path, FILLER), { force: true });
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Unmounts it, even while something has files open on it, and all that is on it is gone. */
  remove(): void {
    if (!disks.delete(this)) return;
    spawnSync("umount", ["-l", this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}
