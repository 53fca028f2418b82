import { setImmediate as nextTurn } from "node:timers/promises";

import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestInitChain,
  RequestPrepareProposal,
  RequestProcessProposal,
  RequestQuery,
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
  ResponseVerifyVoteExtensionSchema,
  ValidatorUpdateSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import {
  CheckTxType,
  ResponseApplySnapshotChunk_Result,
  ResponseOfferSnapshot_Result,
  ResponseProcessProposal_ProposalStatus,
  ResponseVerifyVoteExtension_VerifyStatus,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import type { DecodedTx } from "../../core/codec/tx.js";
import type { SignatureQuestion } from "../../core/crypto/verdicts.js";
import { ErrOutOfGas, RegisteredError } from "../../core/errors.js";
import type { BlockInfo } from "../../core/runtime/context.js";
import { Context } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import type { ValidatorUpdate } from "../../core/runtime/module.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { ReadonlyMultiStore } from "../../core/store/kv.js";
import type { StateChanges, StateStore } from "../../core/store/state-store.js";
import type { AbciApplication, AbciBlockResult, AbciTxResult } from "../abci/application.js";
import type { QueryResponse } from "../query/answer.js";
import { blockInfo, decodeBlockInfo, encodeBlockInfo } from "./block-state.js";
import type { TxEnvironment } from "./execute-tx.js";
import { executeTx, failure } from "./execute-tx.js";
import type { ProposalCandidate } from "./proposals.js";
import { encodedSize, selectTxs } from "./proposals.js";
import { CheckQueue } from "./check-queue.js";
import { ReadCache } from "./read-cache.js";
import { TxCache } from "./tx-cache.js";
import type { TxResult } from "./tx-result.js";

/** The block driver yields after this long, so that CheckTx and queries are answered while a large block runs. */
const YIELD_AFTER_MILLISECONDS = 3;
/** Raw bytes of the transactions whose decoded form is held between CheckTx and their block. */
const TX_CACHE_BYTES = 128 << 20;
/** Values of the latest state that are held above the tree. */
const READ_CACHE_BYTES = 128 << 20;

export interface ApplicationOptions {
  /** Made with the way to ask for the bound of a block's gas, which is a consensus parameter. */
  readonly env: (maxBlockGas: () => bigint | undefined) => TxEnvironment;
  readonly store: StateStore;
  readonly version: string;
  readonly log: Logger;
  /** Answers queries on committed heights, outside of this thread. */
  readonly answerQuery: (request: RequestQuery) => Promise<QueryResponse>;
  /** Has a signature verified on another thread, and calls back; without it CheckTx verifies all itself. */
  readonly askSignature?: ((question: SignatureQuestion, done: () => void) => void) | undefined;
  /** The consensus parameter `block.max_gas` in a state; undefined for no bound. */
  readonly maxBlockGas: (stores: ReadonlyMultiStore) => bigint | undefined;
  /** All invariants are checked after each so many blocks; 0 never. */
  readonly invariantCheckPeriod: number;
  /** CometBFT may drop blocks older than this many; 0 keeps all. */
  readonly minRetainBlocks: number;
}

/**
 * The chain as CometBFT drives it. There is one committed state, and above it two branches that never meet: that of the
 * block in progress, which Commit writes, and that of CheckTx, which every Commit begins anew.
 */
export class Application implements AbciApplication {
  readonly #env: TxEnvironment;
  readonly #store: StateStore;
  readonly #version: string;
  readonly #log: Logger;
  readonly #answerQuery: ApplicationOptions["answerQuery"];
  readonly #maxBlockGas: ApplicationOptions["maxBlockGas"];
  readonly #invariantCheckPeriod: number;
  readonly #minRetainBlocks: number;
  readonly #txs = new TxCache(TX_CACHE_BYTES);
  #chainId = "";
  #maxGas: bigint | undefined;
  /** The block that the next one follows: the last committed one or, before block 1, what genesis says. */
  #lastBlock: BlockInfo | undefined;
  readonly #reads: ReadCache;
  readonly #checks: CheckQueue | undefined;
  #checkState: CacheMultiStore;
  /** Transactions that CheckTx took, and the version of the state that it took them on. */
  readonly #passedAt = new WeakMap<DecodedTx, number>();
  /** Genesis writes, until block 1 commits them. */
  #genesisState: CacheMultiStore | undefined;
  #finalizing: { readonly block: BlockInfo; readonly changes: StateChanges } | undefined;

  constructor(options: ApplicationOptions) {
    this.#env = options.env(() => this.#maxGas);
    this.#store = options.store;
    this.#version = options.version;
    this.#log = options.log;
    this.#answerQuery = options.answerQuery;
    this.#maxBlockGas = options.maxBlockGas;
    this.#invariantCheckPeriod = options.invariantCheckPeriod;
    this.#minRetainBlocks = options.minRetainBlocks;
    const { askSignature } = options;
    this.#checks = askSignature === undefined ? undefined : new CheckQueue(askSignature);
    this.#reads = new ReadCache(() => this.#store.latest(), READ_CACHE_BYTES);
    this.#checkState = new CacheMultiStore(this.#reads);
    const meta = this.#store.meta;
    if (this.#store.version > 0 && meta !== undefined) {
      this.#lastBlock = decodeBlockInfo(meta);
      this.#chainId = this.#lastBlock.chainId;
      this.#maxGas = options.maxBlockGas(this.#store.latest());
    }
  }

  info(): MessageInitShape<typeof ResponseInfoSchema> {
    return {
      data: "computronium",
      version: this.#version,
      appVersion: 1n,
      lastBlockHeight: BigInt(this.#store.version),
      lastBlockAppHash: this.#store.version === 0 ? new Uint8Array(0) : this.#store.appHash,
    };
  }

  initChain(request: RequestInitChain): MessageInitShape<typeof ResponseInitChainSchema> {
    const { chain } = this.#env;
    this.#chainId = request.chainId;
    const text = Buffer.from(request.appStateBytes).toString("utf8");
    const genesis = parseAppState(chain, (text === "" ? {} : JSON.parse(text)) as AppState);
    const state = new CacheMultiStore(this.#store.latest());
    const block = blockInfo(request.chainId, { height: request.initialHeight, time: request.time });
    const ctx = new Context({ block, mode: "genesis", gas: GasMeter.unlimited(), stores: state });
    const updates = initGenesis(chain, ctx, genesis);
    const { consensusParams } = request;
    if (consensusParams !== undefined) {
      for (const module of chain.modules) module.initConsensusParams?.(ctx, consensusParams);
    }
    this.#checkInvariants(ctx);
    this.#genesisState = state;
    this.#checkState = new CacheMultiStore(state);
    this.#lastBlock = { ...block, height: block.height - 1n };
    this.#maxGas = this.#maxBlockGas(state);
    this.#log.info({ chainId: request.chainId, initialHeight: request.initialHeight.toString() }, "genesis read");
    return {
      appHash: this.#store.appHash,
      validators: updates.map(abciUpdate),
    };
  }

  async query(request: RequestQuery): Promise<QueryResponse> {
    return this.#answerQuery(request);
  }

  checkTx(request: RequestCheckTx): AbciTxResult | Promise<AbciTxResult> {
    const mode = request.type === CheckTxType.RECHECK ? "recheck" : "check";
    const tx = this.#txs.decode(request.tx);
    if (tx instanceof RegisteredError) {
      return { code: tx.code, codespace: tx.codespace, log: tx.message };
    }
    const run = (): AbciTxResult => {
      const result = executeTx(this.#env, { tx, mode, block: this.#nextBlock(), stores: this.#checkState });
      if (result.code !== 0) this.#txs.forget(request.tx);
      else this.#passedAt.set(tx, this.#store.version);
      return result;
    };
    if (this.#checks === undefined || mode === "recheck") return run();
    return this.#checks.check(this.#env.openQuestions(this.#checkContext(), tx), run);
  }

  /** A context that nobody writes to, to look at what CheckTx has come to. */
  #checkContext(): Context {
    return new Context({
      block: this.#nextBlock(),
      mode: "check",
      gas: GasMeter.unlimited(),
      stores: this.#checkState,
    });
  }

  /** Runs a transaction on top of what the mempool has accepted, and forgets what it did. Its gas is at most a block's. */
  simulate(tx: DecodedTx): TxResult {
    return executeTx(this.#env, {
      tx,
      mode: "simulate",
      block: this.#nextBlock(),
      stores: new CacheMultiStore(this.#checkState),
      gasLimit: this.#maxGas,
    });
  }

  prepareProposal(request: RequestPrepareProposal): MessageInitShape<typeof ResponsePrepareProposalSchema> {
    const candidates: ProposalCandidate[] = [];
    const stores = new CacheMultiStore(this.#committed());
    const block = blockInfo(this.#chainId, request);
    for (const bytes of request.txs) {
      const tx = this.#txs.decode(bytes);
      if (tx instanceof RegisteredError) continue;
      // Checked since the last commit, behind those that are before it here, at the same height. Time does go on.
      const isChecked = this.#passedAt.get(tx) === this.#store.version && tx.body.timeoutTimestamp === undefined;
      // What can't be charged for any more (an old sequence, an empty account) would only take up room.
      if (!isChecked && executeTx(this.#env, { tx, mode: "recheck", block, stores }).code !== 0) continue;
      const gasWanted = tx.authInfo.fee?.gasLimit ?? 0n;
      candidates.push({ bytes, sender: this.#env.senderOf(tx.messages[0]!), gasWanted });
    }
    const chosen = selectTxs(candidates, {
      maxBytes: Number(request.maxTxBytes),
      maxGas: this.#maxGas,
    });
    return { txs: chosen.map(({ bytes }) => bytes) };
  }

  processProposal(request: RequestProcessProposal): MessageInitShape<typeof ResponseProcessProposalSchema> {
    const refused = this.#refusal(request.txs);
    if (refused !== undefined) {
      this.#log.warn({ height: request.height.toString(), reason: refused }, "proposal refused");
      return { status: ResponseProcessProposal_ProposalStatus.REJECT };
    }
    return { status: ResponseProcessProposal_ProposalStatus.ACCEPT };
  }

  async finalizeBlock(request: RequestFinalizeBlock): Promise<AbciBlockResult> {
    const { chain } = this.#env;
    const block = blockInfo(this.#chainId, request);
    const state = new CacheMultiStore(this.#committed());
    const hooks = new Context({ block, mode: "finalize", gas: GasMeter.unlimited(), stores: state });
    for (const module of chain.modules) module.beginBlock?.(hooks);
    hooks.tally.requireEven();
    const beginEvents = tagged(hooks.events.list(), "BeginBlock");

    const txResults: TxResult[] = [];
    let gasUsed = 0;
    let since = performance.now();
    for (const bytes of request.txs) {
      const result = this.#deliver(bytes, { block, state, gasUsed });
      gasUsed += Math.min(result.gasUsed, result.gasWanted);
      txResults.push(result);
      if (performance.now() - since > YIELD_AFTER_MILLISECONDS) {
        await nextTurn();
        since = performance.now();
      }
    }

    const end = new Context({ block, mode: "finalize", gas: GasMeter.unlimited(), stores: state });
    const validatorUpdates = chain.modules.flatMap((module) => [...(module.endBlock?.(end) ?? [])].map(abciUpdate));
    end.tally.requireEven();
    const endEvents = tagged(end.events.list(), "EndBlock");
    this.#checkInvariants(end);

    const changes = this.#changes(state);
    const { appHash } = this.#store.prepare(changes, {
      version: Number(request.height),
      meta: encodeBlockInfo(block),
    });
    this.#finalizing = { block, changes };
    for (const bytes of request.txs) this.#txs.forget(bytes);
    return { events: [...beginEvents, ...endEvents], txResults, validatorUpdates, appHash };
  }

  commit(): MessageInitShape<typeof ResponseCommitSchema> {
    if (this.#finalizing === undefined) throw new Error("Commit without FinalizeBlock");
    this.#store.commit();
    this.#reads.committed(this.#finalizing.changes);
    this.#lastBlock = this.#finalizing.block;
    this.#finalizing = undefined;
    this.#genesisState = undefined;
    this.#maxGas = this.#maxBlockGas(this.#store.latest());
    this.#checkState = new CacheMultiStore(this.#reads);
    return { retainHeight: this.#retainHeight() };
  }

  extendVote(): MessageInitShape<typeof ResponseExtendVoteSchema> {
    return {};
  }

  /** Votes of this chain carry nothing; whatever a vote does carry is refused. */
  verifyVoteExtension(request: {
    readonly voteExtension: Uint8Array;
  }): MessageInitShape<typeof ResponseVerifyVoteExtensionSchema> {
    const { ACCEPT, REJECT } = ResponseVerifyVoteExtension_VerifyStatus;
    return { status: request.voteExtension.length === 0 ? ACCEPT : REJECT };
  }

  /** This node makes no snapshots, so that nobody can ask for one of its chunks, and it refuses those of others. */
  listSnapshots(): MessageInitShape<typeof ResponseListSnapshotsSchema> {
    return { snapshots: [] };
  }

  offerSnapshot(): MessageInitShape<typeof ResponseOfferSnapshotSchema> {
    return { result: ResponseOfferSnapshot_Result.REJECT };
  }

  loadSnapshotChunk(): MessageInitShape<typeof ResponseLoadSnapshotChunkSchema> {
    return {};
  }

  applySnapshotChunk(): MessageInitShape<typeof ResponseApplySnapshotChunkSchema> {
    return { result: ResponseApplySnapshotChunk_Result.ABORT };
  }

  #deliver(
    bytes: Uint8Array,
    at: { readonly block: BlockInfo; readonly state: CacheMultiStore; readonly gasUsed: number },
  ): TxResult {
    const tx = this.#txs.decode(bytes);
    if (tx instanceof RegisteredError) return failure(tx, undefined, []);
    if (this.#maxGas !== undefined && at.gasUsed >= this.#maxGas) {
      return failure(ErrOutOfGas.with("no block gas left to run tx"), undefined, []);
    }
    return executeTx(this.#env, { tx, mode: "finalize", block: at.block, stores: at.state });
  }

  /** Why a proposal cannot be accepted, or undefined. Whatever its transactions do is no reason: they fail in the block. */
  #refusal(txs: readonly Uint8Array[]): string | undefined {
    let gas = 0n;
    let size = 0;
    for (const [index, bytes] of txs.entries()) {
      const tx = this.#txs.decode(bytes);
      if (tx instanceof RegisteredError) return `transaction ${index} cannot be decoded: ${tx.message}`;
      const wanted = tx.authInfo.fee?.gasLimit ?? 0n;
      gas += wanted;
      size += encodedSize(bytes.length);
      if (this.#maxGas !== undefined && gas > this.#maxGas) return `the gas limits exceed ${this.#maxGas}`;
    }
    return size > MAX_BLOCK_BYTES ? `the transactions take ${size} bytes` : undefined;
  }

  /** What a block changed of the last version: with block 1 also what genesis wrote, which stays for another try. */
  #changes(state: CacheMultiStore): ReturnType<CacheMultiStore["takeChanges"]> {
    if (this.#genesisState === undefined) return state.takeChanges();
    const both = new CacheMultiStore(this.#store.latest());
    for (const changed of [this.#genesisState.listChanges(), state.takeChanges()]) {
      for (const [name, entries] of changed) {
        const store = both.store(name);
        for (const [key, value] of entries) {
          if (value === undefined) store.delete(key);
          else store.set(key, value);
        }
      }
    }
    return both.takeChanges();
  }

  /** Below it CometBFT may drop blocks; 0 for none. Never above what is flushed: those it may have to replay. */
  #retainHeight(): bigint {
    if (this.#minRetainBlocks === 0) return 0n;
    const height = this.#lastBlock!.height - BigInt(Math.max(this.#minRetainBlocks, MIN_RETAINED_BLOCKS));
    return height > 0n ? height : 0n;
  }

  #committed() {
    return this.#genesisState ?? this.#reads;
  }

  /** The block that a transaction could come into: what CheckTx assumes. */
  #nextBlock(): BlockInfo {
    const last = this.#lastBlock;
    if (last === undefined)
      return { chainId: this.#chainId, height: 1n, timeNanos: 0n, proposerAddress: new Uint8Array(0) };
    return { ...last, height: last.height + 1n };
  }

  /** Constant-cost checks of every module. A broken one stops the node: going on would write what cannot be trusted. */
  #checkInvariants(ctx: Context): void {
    for (const module of this.#env.chain.modules) {
      const broken = module.checkBlock?.(ctx);
      if (broken !== undefined) throw new Error(`invariant of ${module.name} is broken: ${broken}`);
    }
    const period = this.#invariantCheckPeriod;
    if (period === 0 || Number(ctx.block.height) % period !== 0) return;
    for (const module of this.#env.chain.modules) {
      for (const invariant of module.invariants ?? []) {
        const broken = invariant.check(ctx);
        if (broken !== undefined) throw new Error(`invariant ${invariant.name} is broken: ${broken}`);
      }
    }
  }
}

function abciUpdate({ pubKeyType, pubKey, power }: ValidatorUpdate): MessageInitShape<typeof ValidatorUpdateSchema> {
  return { pubKey: { sum: { case: pubKeyType, value: pubKey } }, power };
}

/**
 * However few blocks an operator wants: those that evidence may still be about (consensus parameter `evidence.max_age_num_blocks`,
 * 100,000 by default), and far more than the disk trails.
 */
const MIN_RETAINED_BLOCKS = 100_000;

/** CometBFT's own bound of a block (types.MaxBlockSizeBytes). */
const MAX_BLOCK_BYTES = 100 << 20;

/** `mode` on each event of a hook, as baseapp marks them. */
function tagged(events: readonly ChainEvent[], mode: string): readonly ChainEvent[] {
  return events.map((e) => ({ type: e.type, attributes: [...e.attributes, { key: "mode", value: mode }] }));
}
