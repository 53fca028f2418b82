import type { Presigned } from "./presigned.js";
import type { RpcClient } from "./rpc.js";

export interface Verdict {
  /** Transactions of this load found in blocks, with code 0 in the block's results. */
  readonly succeeded: number;
  /** Transactions of this load found in blocks, by the code they failed with. */
  readonly failed: Readonly<Record<string, number>>;
  /** Transactions in those blocks that are not of this load. */
  readonly foreign: number;
  /** Transactions of this load that stand in more than one place: must be 0. */
  readonly repeated: number;
}

interface BlockResult {
  readonly block: { readonly data: { readonly txs: readonly string[] | null } };
}

/** Reads the blocks themselves and their results, and counts what was executed and how it ended. */
export async function verifyBlocks(
  client: RpcClient,
  sent: Presigned,
  sentCount: number,
  heights: readonly number[],
): Promise<Verdict> {
  const ours = new Set<string>();
  for (let index = 0; index < sentCount; index++) ours.add(sent.base64(index));
  const seen = new Set<string>();
  const failed: Record<string, number> = {};
  const totals = { succeeded: 0, foreign: 0, repeated: 0 };
  for (const height of heights) {
    const { block } = await client.call<BlockResult>("block", { height: String(height) });
    const codes = await resultCodes(client, height);
    const txs = block.data.txs ?? [];
    if (codes.length !== txs.length) throw new Error(`block ${height}: ${txs.length} txs, ${codes.length} results`);
    for (const [position, tx] of txs.entries()) {
      const code = codes[position] ?? 0;
      if (!ours.has(tx)) totals.foreign++;
      else if (seen.has(tx)) totals.repeated++;
      else if (code === 0) totals.succeeded++;
      else failed[code] = (failed[code] ?? 0) + 1;
      seen.add(tx);
    }
  }
  return { ...totals, failed };
}

interface BlockResultsResult {
  readonly txs_results: readonly { readonly code: number }[] | null;
}

async function resultCodes(client: RpcClient, height: number): Promise<number[]> {
  const results = await client.call<BlockResultsResult>("block_results", { height: String(height) });
  return (results.txs_results ?? []).map((result) => result.code);
}
