import type { MessageShape } from "@bufbuild/protobuf";
import type { GetTxRequestSchema, GetTxsEventRequestSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { OrderBy } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";

import { invalidArgument, notFound, StatusError } from "../../../core/runtime/status.js";
import { CometRpcError } from "../../comet-rpc/client.js";
import { headerAnswer } from "../../comet-rpc/block.js";
import type { NodeEnvironment } from "./environment.js";
import { resultTx, txResponse, txSearchAnswer } from "../../comet-rpc/transaction.js";

const DEFAULT_LIMIT = 100n;
/** CometBFT's own bound of a page. */
const MAX_LIMIT = 100n;
const MAX_PAGE = 1_000_000n;

/** `cosmos.tx.v1beta1.Service/GetTx`: from CometBFT's index. */
export async function getTx(env: NodeEnvironment, { hash }: MessageShape<typeof GetTxRequestSchema>) {
  if (hash === "") throw invalidArgument("tx hash cannot be empty");
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw invalidArgument(`"${hash}" is no transaction hash: 64 hexadecimal digits`);
  try {
    const found = await env.comet.call("tx", resultTx, { hash: Buffer.from(hash, "hex").toString("base64") });
    return txResponse(found, await blockTime(env, found.height));
  } catch (error) {
    if (!(error instanceof CometRpcError)) throw error;
    if (/not found/.test(error.message)) throw notFound(`tx not found: ${hash}`);
    throw new StatusError("Unknown", error.message);
  }
}

/** `cosmos.tx.v1beta1.Service/GetTxsEvent`: a search in CometBFT's index, page by page. */
export async function getTxsEvent(env: NodeEnvironment, request: MessageShape<typeof GetTxsEventRequestSchema>) {
  const query = request.query === "" ? request.events.join(" AND ") : request.query;
  if (query === "") throw invalidArgument("query cannot be empty");
  const { page, limit } = window(request);
  const search = {
    query,
    prove: false,
    page: page.toString(),
    per_page: limit.toString(),
    order_by: { [OrderBy.ASC]: "asc", [OrderBy.DESC]: "desc", [OrderBy.UNSPECIFIED]: "" }[request.orderBy] ?? "",
  };
  let answer;
  try {
    answer = await env.comet.call("tx_search", txSearchAnswer, search);
  } catch (error) {
    // As x/auth/tx does; what CometBFT says tells a bad query from an index that is switched off.
    if (error instanceof CometRpcError) throw new StatusError("Internal", `failed to search for txs: ${error.message}`);
    throw error;
  }
  const times = new Map<bigint, bigint>();
  for (const { height } of answer.txs) {
    if (!times.has(height)) times.set(height, await blockTime(env, height));
  }
  const found = answer.txs.map((tx) => txResponse(tx, times.get(tx.height) ?? 0n));
  return {
    txs: found.map(({ tx }) => tx),
    txResponses: found.map((one) => one.txResponse),
    total: answer.total_count,
  };
}

/** `page` and `limit`, or the older `pagination`. */
function window(request: MessageShape<typeof GetTxsEventRequestSchema>): { page: bigint; limit: bigint } {
  const old = request.pagination;
  const asked = request.limit > 0n ? request.limit : old !== undefined && old.limit > 0n ? old.limit : DEFAULT_LIMIT;
  const limit = asked > MAX_LIMIT ? MAX_LIMIT : asked;
  const page = request.page > 0n ? request.page : (old?.offset ?? 0n) / limit + 1n;
  if (page > MAX_PAGE) throw invalidArgument(`page is at most ${MAX_PAGE}`);
  return { page, limit };
}

async function blockTime(env: NodeEnvironment, height: bigint): Promise<bigint> {
  const { header } = await env.comet.call("header", headerAnswer, { height: height.toString() });
  return header?.time.seconds ?? 0n;
}
