import { readFileSync, writeFileSync } from "node:fs";

import { parse } from "smol-toml";

/** Values of CometBFT's config.toml by `section.key`, or `key` before the first section. */
export type CometSettings = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Sets values in a TOML text and leaves everything else, comments too, as it is. A key that is not there is an error. */
export function patchToml(text: string, settings: CometSettings): string {
  const left = new Map(Object.entries(settings));
  let section = "";
  const lines = text.split("\n").map((line) => {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line);
    if (header !== null) section = `${header[1]}.`;
    const name = /^\s*([A-Za-z0-9_-]+)\s*=/.exec(line)?.[1];
    if (name === undefined) return line;
    const value = left.get(section + name);
    if (value === undefined) return line;
    left.delete(section + name);
    return `${name} = ${typeof value === "string" || typeof value === "object" ? JSON.stringify(value) : String(value)}`;
  });
  if (left.size > 0) throw new Error(`config.toml has no ${[...left.keys()].join(", ")}`);
  return lines.join("\n");
}

export function patchCometConfig(file: string, settings: CometSettings): void {
  writeFileSync(file, patchToml(readFileSync(file, "utf8"), settings));
}

/** Address of CometBFT's RPC as a client reaches it, such as `http://127.0.0.1:26657`. */
export function rpcUrl(laddr: string): string {
  return laddr
    .replace(/^tcp:\/\//, "http://")
    .replace(/\/\/0\.0\.0\.0:/, "//127.0.0.1:")
    .replace(/\/\/\[::\]:/, "//[::1]:");
}

/** `rpc.laddr` of a config.toml. */
export function rpcAddress(file: string): string {
  const config = parse(readFileSync(file, "utf8")) as { rpc?: { laddr?: unknown } };
  if (typeof config.rpc?.laddr !== "string") throw new Error(`${file}: rpc.laddr is missing`);
  return config.rpc.laddr;
}
