import type { MarketRun } from "../kit/market-run.js";

/** A run as text, so that other processes execute the very same bytes. */
export function formatRun(run: MarketRun): string {
  const blocks = run.blocks.map(({ seconds, txs }) => ({
    seconds,
    txs: txs.map((tx) => Buffer.from(tx).toString("base64")),
  }));
  return JSON.stringify({ ...run, blocks });
}

export function parseRun(text: string): MarketRun {
  const run = JSON.parse(text) as Omit<MarketRun, "blocks"> & { blocks: { seconds: number; txs: string[] }[] };
  const blocks = run.blocks.map(({ seconds, txs }) => ({ seconds, txs: txs.map((tx) => Buffer.from(tx, "base64")) }));
  return { ...run, blocks };
}
