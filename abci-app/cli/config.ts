import { renameSync, writeFileSync } from "node:fs";

import type { Command } from "commander";
import { parse } from "smol-toml";

import type { CometSettings } from "../node/comet-config.js";
import { patchToml } from "../node/comet-config.js";
import { fromText, keysOf, nearest, readConfig } from "../node/config-file.js";
import { addOutputFlag } from "./client/client-flags.js";
import type { OutputFormat } from "./client/output.js";
import { formatted } from "./client/output.js";
import type { ConfigFile } from "./config-files.js";
import { at, fileOf, readText } from "./config-files.js";
import { addConfigMigrateCommands } from "./config-migrate.js";
import { withEmpty } from "./config-text.js";
import type { ToolContext } from "./options.js";
import { homeFor } from "./options.js";

export function addConfigCommands(program: Command, context: ToolContext): void {
  const config = program.command("config").description("read and change the settings in the home folder");

  config
    .command("home")
    .description("print the home folder")
    .action((_options, command: Command) => context.out(homeFor(command).root));

  const view = config
    .command("view")
    .argument("[file]", "app, client or config (CometBFT's)", "client")
    .description("print a file of settings, with its comments; as JSON with -o json")
    .addHelpText("after", "\nExample:\n  computroniumd config view app");
  addOutputFlag(view).action(async (name: string) => {
    const { path } = fileOf(homeFor(view), name);
    const text = readText(path);
    context.out(
      view.opts<{ output?: OutputFormat }>().output === "json" ? await formatted(parse(text), "json") : text.trimEnd(),
    );
  });

  const get = config
    .command("get")
    .argument("<file>", "app, client or config (CometBFT's)")
    .argument("<key>", "such as pruning or p2p.laddr")
    .description("print one setting of a file, or its default where the file does not have it")
    .addHelpText("after", "\nExample:\n  computroniumd config get app minimum-gas-prices");
  addOutputFlag(get).action(async (name: string, key: string) => {
    const file = fileOf(homeFor(get), name);
    const value =
      at(parse(readText(file.path)), key) ?? (file.own === undefined ? undefined : at(file.own.schema.parse({}), key));
    if (value === undefined) throw new Error(unknownKey(file, key));
    const format = get.opts<{ output?: OutputFormat }>().output ?? "text";
    context.out(typeof value === "string" && format === "text" ? value : await formatted(value, format));
  });

  config
    .command("set")
    .argument("<file>", "app, client or config (CometBFT's)")
    .argument("<key>", "such as pruning or p2p.laddr")
    .argument("<value>")
    .description("change one setting of a file; comments stay, and what does not fit is refused")
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd config set client keyring-backend file\n  computroniumd config set app pruning nothing",
    )
    .action((name: string, key: string, value: string, _options, command: Command) => {
      const file = fileOf(homeFor(command), name);
      const text = readText(file.path);
      const changed = withSetting(file, text, { key, value });
      const fresh = `${file.path}.new`;
      writeFileSync(fresh, changed, { mode: 0o600 });
      // The file as it would be is read as a node reads it, before it counts.
      if (file.own !== undefined) readConfig(file.own.schema, { file: fresh, warn: context.err });
      renameSync(fresh, file.path);
    });

  addConfigMigrateCommands(config, context);
}

function unknownKey({ path, own }: ConfigFile, key: string): string {
  const near = own === undefined ? undefined : nearest(key, [...keysOf(own.schema).keys()]);
  return `${path}: nothing is called ${key}${near === undefined ? "" : `; is ${near} meant?`}`;
}

/** The text with one setting changed; a known one that the file lacks is added. */
function withSetting(
  file: ConfigFile,
  text: string,
  { key, value }: { readonly key: string; readonly value: string },
): string {
  const old = at(parse(text), key);
  const kind = file.own === undefined ? kindOf(old) : keysOf(file.own.schema).get(key);
  if (kind === undefined) throw new Error(unknownKey(file, key));
  const setting = fromText(value, kind) as CometSettings[string];
  if (old !== undefined) return patchToml(text, { [key]: setting });
  return patchToml(withEmpty(text, key), { [key]: setting });
}

function kindOf(value: unknown): "text" | "list" | "other" | undefined {
  if (value === undefined || (typeof value === "object" && !Array.isArray(value))) return undefined;
  return typeof value === "string" ? "text" : Array.isArray(value) ? "list" : "other";
}
