import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";

/** One way to start a child; the strongest that works on this machine is used. */
export interface Mechanism {
  readonly name: string;
  /** Commands before the shell: drop privileges, enter new namespaces. */
  readonly prefix: readonly string[];
  readonly shell: string;
  readonly path: string;
  /** How the script enters the child's root folder; `plain` leaves the file system as it is. */
  readonly enter: "chroot" | "unshare" | "plain";
  readonly enterTool: string;
  /** An existing folder over which the child's root is mounted, seen by the child only. */
  readonly rootFolder: string;
  /** The files shown in it, read-only: Node and the libraries it is linked to. */
  readonly files: readonly string[];
  /** User and group id of the child where the provider runs as root. */
  readonly userId: number;
}

const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
/** Folders that every Linux system has, one of which lies above none of the files to show. */
const ROOT_FOLDERS = ["/mnt", "/media", "/srv", "/opt", "/tmp", "/var/tmp", "/run"];

/**
 * The ways that this machine's tools allow, strongest first. Whether the kernel (or a container's rules) permits them
 * only a trial shows: see protections.ts.
 */
export function mechanisms(userId: number): Mechanism[] {
  const path = [...SYSTEM_FOLDERS, ...(process.env["PATH"] ?? "").split(delimiter)].filter(Boolean).join(delimiter);
  const tool = (name: string): string | undefined =>
    path
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find((file) => isExecutable(file));
  const shell = tool("sh") ?? "/bin/sh";
  const [setpriv, unshare, chroot] = [tool("setpriv"), tool("unshare"), tool("chroot")];
  const files = filesOfNode();
  const rootFolder = ROOT_FOLDERS.find(
    (folder) => existsSync(folder) && !files.some((f) => f.startsWith(`${folder}/`)),
  );
  const root = process.getuid?.() === 0;
  const common = { shell, path, rootFolder: rootFolder ?? "/", userId, enterTool: setpriv ?? "-" };

  // No new privileges through set-user-id programs; and the child dies with this process, however that ends.
  const privileges = setpriv ? [setpriv, "--no-new-privs", "--pdeathsig", "KILL"] : [];
  const asNobody = root && setpriv ? [`--reuid=${userId}`, `--regid=${userId}`, "--clear-groups"] : [];
  const spaces = ["--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];
  const ofUser = ["--user", "--map-root-user", ...spaces];

  const found: Mechanism[] = [];
  if (unshare && rootFolder !== undefined) {
    if (root && chroot)
      found.push({
        ...common,
        name: "root: namespaces, own root folder, own user",
        prefix: [...privileges, unshare, ...spaces],
        enter: "chroot",
        enterTool: chroot,
        files,
      });
    found.push({
      ...common,
      name: "user namespace: namespaces, own root folder",
      prefix: [...privileges, unshare, ...ofUser],
      enter: "unshare",
      enterTool: unshare,
      files,
    });
  }
  if (unshare)
    found.push({
      ...common,
      name: "namespaces without a root folder",
      prefix: [...privileges, ...asNobody, unshare, ...ofUser],
      enter: "plain",
      files: [],
    });
  if (asNobody.length > 0)
    found.push({ ...common, name: "own user", prefix: [...privileges, ...asNobody], enter: "plain", files: [] });
  found.push({ ...common, name: "process limits only", prefix: privileges, enter: "plain", files: [] });
  if (setpriv)
    found.push({ ...common, name: "process limits only", prefix: [], enter: "plain", enterTool: "-", files: [] });
  return found;
}

/** Node's binary and the shared libraries that it really loaded, by the names under which the loader looks for them. */
function filesOfNode(): string[] {
  const report = process.report.getReport() as unknown as { sharedObjects: string[] };
  const libraries = report.sharedObjects.filter(
    (name) => name.startsWith("/") && existsSync(name) && !name.endsWith(".node"),
  );
  const cache = "/etc/ld.so.cache"; // for libraries outside the loader's default folders
  return [...new Set([process.execPath, ...libraries, ...(existsSync(cache) ? [cache] : [])])];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(realpathSync(file), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
