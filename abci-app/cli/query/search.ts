import type { Command } from "commander";
import { Option } from "commander";

/** CometBFT's own bound of a page. */
const MAX_LIMIT = 100n;

/** One page of what an expression finds, as the flags ask for it. */
export interface Search {
  /** In CometBFT's language. */
  readonly expression: string;
  readonly order: string;
  readonly page: string;
  readonly limit: string;
}

export function addPageOfFlags(command: Command): Command {
  return command
    .option("--page <number>", "from 1", "1")
    .option("--limit <count>", `entries of a page, at most ${MAX_LIMIT}`, "100");
}

export function addSearchFlags(command: Command): Command {
  command.requiredOption("--query <expression>", "in CometBFT's language");
  return addPageOfFlags(command).addOption(
    new Option("--order_by <order>", "by height and index").choices(["asc", "desc", ""]).default(""),
  );
}

/** Throws an Error for a page or a limit that is no number, or too large. */
export function readSearch(command: Command): Search {
  const { query: expression, order_by: order } = command.opts<{ query: string; order_by: string }>();
  return { expression, order, ...pageOf(command) };
}

/** --page and --limit as CometBFT takes them. */
export function pageOf(command: Command): { readonly page: string; readonly limit: string } {
  const { page, limit } = command.opts<{ page: string; limit: string }>();
  if (!/^[1-9]\d{0,8}$/.test(page)) throw new Error(`--page is "${page}": expected a number from 1`);
  if (!/^[1-9]\d{0,8}$/.test(limit) || BigInt(limit) > MAX_LIMIT)
    throw new Error(`--limit is "${limit}": expected a number from 1 to ${MAX_LIMIT}`);
  return { page, limit };
}

/** What CometBFT's `tx_search` and `block_search` take. */
export function searchParams({ expression, order, page, limit }: Search): Readonly<Record<string, string>> {
  return { query: expression, page, per_page: limit, order_by: order };
}

/** What the SDK's SearchTxsResult and SearchBlocksResult say of the page. */
export function searchResult({ page, limit }: Search, total: bigint, count: number) {
  const size = BigInt(limit);
  return {
    total_count: total.toString(),
    count: String(count),
    page_number: page,
    page_total: ((total + size - 1n) / size).toString(),
    limit,
  };
}
