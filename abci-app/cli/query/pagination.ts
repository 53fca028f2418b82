import type { DescMessage, JsonObject } from "@bufbuild/protobuf";
import type { Command } from "commander";
import { Option } from "commander";

const PAGE_REQUEST = "cosmos.base.query.v1beta1.PageRequest";

/** Name of a request's page field; undefined where it has none. */
export function pageField(request: DescMessage): string | undefined {
  return request.fields.find(({ message, fieldKind }) => fieldKind === "message" && message?.typeName === PAGE_REQUEST)
    ?.name;
}

/** Flags of the SDK since 0.50, and those of before, which are not shown. */
export function addPageFlags(command: Command): void {
  command
    .option("--page-limit <count>", "most entries of the page (default: 100)")
    .option("--page-key <key>", "next_key of the page before, in base64")
    .option("--page-offset <count>", "entries that are left out before it")
    .option("--page-count-total", "count all entries")
    .option("--page-reverse", "the last entries first")
    .addOption(new Option("--limit <count>").hideHelp())
    .addOption(new Option("--offset <count>").hideHelp())
    .addOption(new Option("--page <number>").hideHelp())
    .addOption(new Option("--count-total").hideHelp())
    .addOption(new Option("--reverse").hideHelp());
}

/** The JSON of a PageRequest; undefined when no flag asks for one. Throws an Error for values that are no numbers. */
export function readPage(command: Command): JsonObject | undefined {
  const given = command.opts<Record<string, unknown>>();
  const count = (...names: readonly [name: string, flag: string][]): string | undefined => {
    for (const [name, flag] of names) {
      const value = given[name];
      if (value === undefined) continue;
      if (!/^\d{1,19}$/.test(String(value)))
        throw new Error(`--${flag} is "${String(value)}": expected a whole number`);
      return String(value);
    }
    return undefined;
  };
  const limit = count(["pageLimit", "page-limit"], ["limit", "limit"]);
  const page = count(["page", "page"]);
  if (page === "0") throw new Error("--page counts from 1");
  const pageOffset = page === undefined ? undefined : ((BigInt(page) - 1n) * BigInt(limit ?? "100")).toString();
  const offset = count(["pageOffset", "page-offset"], ["offset", "offset"]) ?? pageOffset;
  const key = given["pageKey"];
  const json = {
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(typeof key === "string" ? { key } : {}),
    ...(given["pageCountTotal"] === true || given["countTotal"] === true ? { count_total: true } : {}),
    ...(given["pageReverse"] === true || given["reverse"] === true ? { reverse: true } : {}),
  };
  return Object.keys(json).length === 0 ? undefined : json;
}
