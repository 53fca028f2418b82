/** Entry of the thread that counts what is in the market: at committed heights, apart from consensus and from queries. */
import { parentPort, workerData } from "node:worker_threads";

import { readContext } from "../../core/runtime/context.js";
import { Addresses } from "../../core/address.js";
import { readChainConstants } from "../../modules/chain/index.js";
import type { MarketFigures } from "../../modules/marketplace/index.js";
import { marketFigures } from "../../modules/marketplace/index.js";
import { openCommittedState } from "../query/committed-state.js";
import { endWhenAsked, giveWay } from "../threads.js";

/** What the thread sends after each count. */
export interface MarketReport extends MarketFigures {
  readonly height: number;
}

/** Records counted in one state; more than that are reported as not all. */
const COUNT_LIMIT = 1_000_000;
/** Time from one count to the next. */
const PERIOD_MILLISECONDS = 10_000;
/** Until there is a first block. */
const FIRST_MILLISECONDS = 500;
/** However large the market is, counting takes no more than this part of a core. */
const MAX_SHARE = 0.02;

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
endWhenAsked(port);
giveWay();
const state = openCommittedState((workerData as { readonly path: string }).path);
const addresses = new Addresses();

function count(): void {
  const start = performance.now();
  const height = state.version;
  if (height === 0) {
    setTimeout(count, FIRST_MILLISECONDS);
    return;
  }
  const stores = state.at(height);
  addresses.usePrefix(readChainConstants(stores).bech32Prefix);
  const ctx = readContext({ block: state.blockAt(height), mode: "query", stores });
  const report: MarketReport = { height, ...marketFigures(ctx, addresses, COUNT_LIMIT) };
  port?.postMessage(report);
  setTimeout(count, Math.max(PERIOD_MILLISECONDS, (performance.now() - start) / MAX_SHARE));
}

count();
