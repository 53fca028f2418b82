import { readFileSync } from "node:fs";

import type { z } from "zod";

import { APP_TOML, AppConfigSchema } from "../node/app-config.js";
import { ClientConfigSchema, clientToml } from "../node/client-config.js";
import type { Home } from "../node/home.js";

/** A file of settings in the home folder. */
export interface ConfigFile {
  readonly path: string;
  /** Of ours: what may stand in it, and how a new one looks. CometBFT checks its own. */
  readonly own?: { readonly schema: z.ZodType; readonly template: string };
}

/** The file that a name stands for. Throws an Error for one that is none. */
export function fileOf(home: Home, name: string): ConfigFile {
  switch (name.replace(/\.toml$/, "")) {
    case "app":
      return { path: home.appToml, own: { schema: AppConfigSchema, template: APP_TOML } };
    case "client":
      return { path: home.clientToml, own: { schema: ClientConfigSchema, template: clientToml("", "cptm") } };
    case "config":
      return { path: home.configToml };
    default:
      throw new Error(`there is no file ${name}: app, client and config are there`);
  }
}

/** Throws an Error where there is no such file. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read; computroniumd init makes it`, { cause: error });
  }
}

/** What stands under a dotted key. */
export function at(value: unknown, key: string): unknown {
  let current = value;
  for (const part of key.split(".")) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[part];
  }
  return current;
}
