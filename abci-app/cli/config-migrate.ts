import { renameSync, writeFileSync } from "node:fs";

import type { Command } from "commander";
import { parse } from "smol-toml";

import { flatten, keysOf, readConfig } from "../node/config-file.js";
import { patchToml } from "../node/comet-config.js";
import type { CometSettings } from "../node/comet-config.js";
import { at, fileOf, readText } from "./config-files.js";
import { withEmpty } from "./config-text.js";
import type { ToolContext } from "./options.js";
import { homeFor } from "./options.js";

/** How a file differs from one that this version writes. */
interface Difference {
  readonly key: string;
  readonly kind: "changed" | "missing" | "unknown";
  /** Undefined where the file has none. */
  readonly value: unknown;
  /** Undefined where this version knows none. */
  readonly usual: unknown;
}

export function addConfigMigrateCommands(config: Command, context: ToolContext): void {
  config
    .command("diff")
    .argument("[file]", "app or client", "app")
    .description("show how a file differs from the one that this version writes: changed, missing and unknown settings")
    .addHelpText("after", "\nExample:\n  computroniumd config diff app")
    .action((name: string, _options, command: Command) => {
      const { text, own } = ownFile(command, name);
      for (const { key, kind, value, usual } of differences(text, own)) {
        if (kind === "changed") context.out(`~ ${key} = ${shown(value)} (usual: ${shown(usual)})`);
        if (kind === "missing") context.out(`- ${key} = ${shown(usual)} (not in the file; this is used)`);
        if (kind === "unknown") context.out(`+ ${key} = ${shown(value)} (has no effect)`);
      }
    });

  config
    .command("migrate")
    .argument("[file]", "app or client", "app")
    .option("--dry-run", "print the file as it would be, and leave it as it is", false)
    .description(
      "write a file anew as this version does, with the settings that it has: new ones get their usual values, unknown ones go. The old file stays as <file>.bak",
    )
    .addHelpText("after", "\nExample:\n  computroniumd config migrate app --dry-run")
    .action((name: string, _options, command: Command) => {
      const { path, text, own } = ownFile(command, name);
      let migrated = own.template;
      for (const { key, kind, value } of differences(text, own)) {
        if (kind === "unknown") context.err(`warning: ${path}: nothing is called ${key}; it is left out`);
        if (kind === "changed") migrated = withValue(migrated, key, value);
      }
      if (command.opts<{ dryRun: boolean }>().dryRun) return context.out(migrated.trimEnd());
      const fresh = `${path}.new`;
      writeFileSync(fresh, migrated, { mode: 0o600 });
      // Read as a node reads it, before it counts.
      readConfig(own.schema, { file: fresh, warn: context.err });
      renameSync(path, `${path}.bak`);
      renameSync(fresh, path);
      context.err(`${path} is written anew; the old one is ${path}.bak`);
    });
}

function ownFile(command: Command, name: string) {
  const { path, own } = fileOf(homeFor(command), name);
  if (own === undefined)
    throw new Error(`${path} is CometBFT's: what changed in it, CometBFT's own notes on a release say`);
  return { path, own, text: readText(path) };
}

function differences(
  text: string,
  { schema, template }: { readonly schema: Parameters<typeof keysOf>[0]; readonly template: string },
): Difference[] {
  const known = keysOf(schema);
  const file: unknown = parse(text);
  const usual: unknown = parse(template);
  const found: Difference[] = [];
  for (const key of known.keys()) {
    const pair = { value: at(file, key), usual: at(usual, key) ?? at(schema.parse({}), key) };
    if (pair.value === undefined) {
      // What a new file does not have either, it need not have.
      if (at(usual, key) !== undefined) found.push({ key, kind: "missing", ...pair });
    } else if (JSON.stringify(pair.value) !== JSON.stringify(pair.usual)) found.push({ key, kind: "changed", ...pair });
  }
  for (const [key, value] of flatten(file as Record<string, unknown>, known)) {
    if (!known.has(key)) found.push({ key, kind: "unknown", value, usual: undefined });
  }
  return found;
}

function withValue(text: string, key: string, value: unknown): string {
  const hasPlace = at(parse(text), key) !== undefined;
  return patchToml(hasPlace ? text : withEmpty(text, key), { [key]: value as CometSettings[string] });
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
