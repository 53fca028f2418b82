import type { DescService } from "@bufbuild/protobuf";

import type { Addresses } from "../../../core/address.js";
import type { BlockInfo } from "../../../core/runtime/context.js";
import type { TxResult } from "../../driver/tx-result.js";
import type { QueryAnswer, QueryRequest } from "../../query/answer.js";
import type { LocalComet } from "../comet.js";

/** What the node was started with, as its services tell it. */
export interface NodeFacts {
  /** Of the daemon. */
  readonly version: string;
  /** Commit that it was built from; empty where that is not known. */
  readonly commit: string;
  /** Of app.toml. */
  readonly minimumGasPrices: string;
  readonly pruningKeepRecent: string;
  readonly pruningInterval: string;
  readonly haltHeight: bigint;
}

/** Committed heights, as far as the services beside the modules' ask for them. */
export interface CommittedHeights {
  /** 0 before the first commit. */
  readonly version: number;
  readonly earliestVersion: number;
  blockAt(height: number): BlockInfo;
}

/** What the services beside the modules' are made of. */
export interface NodeEnvironment {
  readonly facts: NodeFacts;
  readonly comet: LocalComet;
  readonly committed: CommittedHeights;
  readonly addresses: Addresses;
  /** Services of the modules, which reflection lists. */
  readonly moduleServices: readonly DescService[];
  /** Runs a transaction without leaving anything behind. */
  readonly simulate: (txBytes: Uint8Array) => Promise<TxResult>;
  /** Any ABCI query of the state. */
  readonly queryState: (request: QueryRequest) => Promise<QueryAnswer>;
}
