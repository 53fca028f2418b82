import { z } from "zod";

import type { IndexedTx } from "./tx-service.js";

const attribute = z.object({ key: z.string(), value: z.string().nullish() });
const event = z.object({ type: z.string(), attributes: z.array(attribute).nullish() });

/** CometBFT's answer to `/tx` (rpc/core/types ResultTx); numbers are text, bytes base64. */
const txAnswer = z.object({
  result: z
    .object({
      height: z.string(),
      tx: z.string(),
      tx_result: z.object({
        code: z.number().default(0),
        codespace: z.string().default(""),
        data: z.string().nullish(),
        log: z.string().default(""),
        gas_wanted: z.string().default("0"),
        gas_used: z.string().default("0"),
        events: z.array(event).nullish(),
      }),
    })
    .optional(),
});
const blockAnswer = z.object({ result: z.object({ block: z.object({ header: z.object({ time: z.string() }) }) }) });

/**
 * A transaction by its hash, from the index of the CometBFT at `rpc` (`http://…`). Undefined when it is not there, or when
 * this node has no index.
 */
export async function findIndexedTx(rpc: string | undefined, hash: Uint8Array): Promise<IndexedTx | undefined> {
  if (rpc === undefined) return undefined;
  const found = txAnswer.parse(await getJson(`${rpc}/tx?hash=0x${Buffer.from(hash).toString("hex")}`));
  if (found.result === undefined) return undefined;
  const { height, tx, tx_result: result } = found.result;
  const { block } = blockAnswer.parse(await getJson(`${rpc}/block?height=${height}`)).result;
  return {
    height: BigInt(height),
    bytes: Buffer.from(tx, "base64"),
    // CometBFT writes nanoseconds, the SDK's TxResponse seconds.
    timestamp: block.header.time.replace(/\.\d+Z$/, "Z"),
    result: {
      code: result.code,
      codespace: result.codespace,
      log: result.log,
      data: Buffer.from(result.data ?? "", "base64"),
      gasWanted: Number(result.gas_wanted),
      gasUsed: Number(result.gas_used),
      events: (result.events ?? []).map(({ type, attributes }) => ({
        type,
        attributes: (attributes ?? []).map(({ key, value }) => ({ key, value: value ?? "" })),
      })),
    },
  };
}

const TIMEOUT_MILLISECONDS = 5000;

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  return response.json();
}
