import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RequestApplySnapshotChunk,
  RequestCheckTx,
  RequestCommit,
  RequestExtendVote,
  RequestFinalizeBlock,
  RequestInfo,
  RequestInitChain,
  RequestListSnapshots,
  RequestLoadSnapshotChunk,
  RequestOfferSnapshot,
  RequestPrepareProposal,
  RequestProcessProposal,
  RequestQuery,
  RequestVerifyVoteExtension,
  ResponseApplySnapshotChunkSchema,
  ResponseCommitSchema,
  ResponseExtendVoteSchema,
  ResponseInfoSchema,
  ResponseInitChainSchema,
  ResponseListSnapshotsSchema,
  ResponseLoadSnapshotChunkSchema,
  ResponseOfferSnapshotSchema,
  ResponsePrepareProposalSchema,
  ResponseProcessProposalSchema,
  ResponseQuerySchema,
  ResponseVerifyVoteExtensionSchema,
  ValidatorUpdateSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import type { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";

/** A result at once, or later. Responses on one connection keep the order of their requests either way. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether a result comes later. Not by `instanceof`, which fails for promises of another realm, such as node:vm's. */
export function isPromise<T>(result: MaybePromise<T>): result is Promise<T> {
  return typeof (result as { readonly then?: unknown } | undefined)?.then === "function";
}

/** One key and value of an event. CometBFT's indexer reads those with `index`; without it the server's setting decides. */
export interface AbciEventAttribute {
  readonly key: string;
  readonly value: string;
  readonly index?: boolean;
}

export interface AbciEvent {
  readonly type: string;
  readonly attributes: readonly AbciEventAttribute[];
}

/** What a transaction did (`tendermint.abci.ExecTxResult`, and `ResponseCheckTx`, which has the same fields). */
export interface AbciTxResult {
  /** 0 is success. */
  readonly code?: number;
  readonly codespace?: string;
  readonly data?: Uint8Array;
  readonly log?: string;
  readonly info?: string;
  /** int64; a number must be a safe integer. */
  readonly gasWanted?: bigint | number;
  readonly gasUsed?: bigint | number;
  readonly events?: readonly AbciEvent[];
  /** The whole as `encodeTxResult` writes it; where it is given, the other fields need not hold everything. */
  readonly encoded?: Uint8Array;
}

/** What a block did (`tendermint.abci.ResponseFinalizeBlock`). */
export interface AbciBlockResult {
  /** Events of the block's hooks. */
  readonly events?: readonly AbciEvent[];
  /** One for each transaction, in their order. */
  readonly txResults: readonly AbciTxResult[];
  readonly validatorUpdates?: readonly MessageInitShape<typeof ValidatorUpdateSchema>[];
  readonly consensusParamUpdates?: MessageInitShape<typeof ConsensusParamsSchema>;
  readonly appHash: Uint8Array;
}

/**
 * A state machine behind CometBFT 0.38, one method per ABCI 2.0 call
 * (docs.cometbft.com/v0.38/spec/abci/abci++_methods). Echo and Flush are the server's.
 *
 * The server promises: calls that change state come one at a time and in the order of the grammar (grammar.ts); `checkTx`,
 * `query`, `info` and the reading snapshot calls may come between the turns of an asynchronous `finalizeBlock`.
 * `finalizeBlock` for a height may come again before `commit` when CometBFT restarted, as may `initChain` before the
 * first block: the later call replaces the earlier one.
 *
 * A result, whatever its code, is a normal answer. An exception or a rejected promise is a fault of the engine: CometBFT
 * gets an Exception, and the process stops.
 */
export interface AbciApplication {
  info(request: RequestInfo): MaybePromise<MessageInitShape<typeof ResponseInfoSchema>>;
  query(request: RequestQuery): MaybePromise<MessageInitShape<typeof ResponseQuerySchema>>;

  checkTx(request: RequestCheckTx): MaybePromise<AbciTxResult>;

  initChain(request: RequestInitChain): MaybePromise<MessageInitShape<typeof ResponseInitChainSchema>>;
  prepareProposal(
    request: RequestPrepareProposal,
  ): MaybePromise<MessageInitShape<typeof ResponsePrepareProposalSchema>>;
  processProposal(
    request: RequestProcessProposal,
  ): MaybePromise<MessageInitShape<typeof ResponseProcessProposalSchema>>;
  extendVote(request: RequestExtendVote): MaybePromise<MessageInitShape<typeof ResponseExtendVoteSchema>>;
  verifyVoteExtension(
    request: RequestVerifyVoteExtension,
  ): MaybePromise<MessageInitShape<typeof ResponseVerifyVoteExtensionSchema>>;
  finalizeBlock(request: RequestFinalizeBlock): MaybePromise<AbciBlockResult>;
  commit(request: RequestCommit): MaybePromise<MessageInitShape<typeof ResponseCommitSchema>>;

  listSnapshots(request: RequestListSnapshots): MaybePromise<MessageInitShape<typeof ResponseListSnapshotsSchema>>;
  offerSnapshot(request: RequestOfferSnapshot): MaybePromise<MessageInitShape<typeof ResponseOfferSnapshotSchema>>;
  loadSnapshotChunk(
    request: RequestLoadSnapshotChunk,
  ): MaybePromise<MessageInitShape<typeof ResponseLoadSnapshotChunkSchema>>;
  applySnapshotChunk(
    request: RequestApplySnapshotChunk,
  ): MaybePromise<MessageInitShape<typeof ResponseApplySnapshotChunkSchema>>;
}
