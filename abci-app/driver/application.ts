import { setImmediate as nextTurn } from "node:timers/promises";

import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RequestApplySnapshotChunk,
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestInitChain,
  RequestLoadSnapshotChunk,
  RequestOfferSnapshot,
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
import { CheckTxType, ResponseVerifyVoteExtension_VerifyStatus } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";
import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";
import type { Logger } from "pino";

import { toBinary } from "../../core/codec/protobuf.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { SignatureQuestion } from "../../core/crypto/verdicts.js";
import { ErrOutOfGas, RegisteredError } from "../../core/errors.js";
import { validatorsOf } from "../../core/runtime/chain.js";
import type { BlockInfo } from "../../core/runtime/context.js";
import { Context } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { genesisTransactions, initGenesis, readAppState } from "../../core/runtime/genesis.js";
import type { ValidatorUpdate } from "../../core/runtime/module.js";
import type { UpgradePlan } from "../../core/runtime/upgrades.js";
import { UpgradeNeeded } from "../../core/runtime/upgrades.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { ReadonlyMultiStore } from "../../core/store/kv.js";
import type { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import type { StateChanges, StateStore } from "../../core/store/state-store.js";
import type { AbciApplication, AbciBlockResult, AbciTxResult } from "../abci/application.js";
import type { QueryResponse } from "../query/answer.js";
import type { SnapshotMaker } from "../snapshots/maker.js";
import type { BlockLimits, LimitReaders } from "./block-limits.js";
import { CurrentLimits } from "./block-limits.js";
import { blockInfo, decodeBlockInfo, encodeBlockInfo, finalizedBlockInfo, isBeginning } from "./block-state.js";
import type { TxEnvironment } from "./execute-tx.js";
import { executeTx, failure } from "./execute-tx.js";
import { deliverGenesisTxs, requireSameValidators } from "./genesis-txs.js";
import { Proposer } from "./proposer.js";
import type { AheadEnvironment, FinishedResult } from "./ahead.js";
import { ExecutionAhead } from "./ahead.js";
import { CheckQueue } from "./check-queue.js";
import { ReadCache } from "./read-cache.js";
import { retainHeight } from "./retain-height.js";
import { StateSync } from "./state-sync.js";
import { TxCache } from "./tx-cache.js";
import type { TxResult } from "./tx-result.js";

/** The block driver yields after this long, so that CheckTx and queries are answered while a large block runs. */
const YIELD_AFTER_MILLISECONDS = 3;
/** Raw bytes of the transactions whose decoded form is held between CheckTx and their block. */
const TX_CACHE_BYTES = 128 << 20;
/** Values of the latest state that are held above the tree. */
const READ_CACHE_BYTES = 128 << 20;

export interface ApplicationOptions extends LimitReaders {
  /** Made with the ways to ask for what holds for all transactions of a block. */
  readonly env: (limits: BlockLimits) => TxEnvironment;
  readonly store: StateStore;
  readonly version: string;
  readonly log: Logger;
  /** Answers queries on committed heights, outside of this thread. */
  readonly answerQuery: (request: RequestQuery) => Promise<QueryResponse>;
  /** Has a signature verified on another thread, and calls back; without it CheckTx verifies all itself. */
  readonly askSignature?: ((question: SignatureQuestion, done: () => void) => void) | undefined;
  /** All invariants are checked after each so many blocks; 0 never. */
  readonly invariantCheckPeriod: number;
  /** CometBFT may drop blocks older than this many; 0 keeps all. */
  readonly minRetainBlocks: number;
  /** Snapshots for others; undefined where none are made or kept. */
  readonly snapshots?: { readonly folder: SnapshotFolder; readonly maker: SnapshotMaker } | undefined;
  /** Name of the chain that a restored snapshot must be of. */
  readonly chainId?: (() => string) | undefined;
  /** Told when a snapshot was restored. */
  readonly restored?: (() => void) | undefined;
  /** Told when the next block needs another version of the program, before the process stops. */
  readonly upgradeNeeded?: ((plan: UpgradePlan) => Promise<void> | void) | undefined;
  /** Whether transactions are executed before they are in a block; results are the same either way. */
  readonly executeAhead: boolean;
  /** What that is done in, where it is not the environment of the blocks; see {@link AheadEnvironment}. */
  readonly aheadEnv?: ((limits: BlockLimits) => AheadEnvironment) | undefined;
  /** Makes the bytes of a result that is kept for its block ({@link AbciTxResult.encoded}); without it the result itself is kept. */
  readonly encodeResult?: ((result: AbciTxResult) => Uint8Array) | undefined;
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
  readonly #readConsensusParams: ApplicationOptions["consensusParams"];
  readonly #invariantCheckPeriod: number;
  readonly #minRetainBlocks: number;
  readonly #txs = new TxCache(TX_CACHE_BYTES);
  #chainId = "";
  readonly #limits: CurrentLimits;
  /** The block that the next one follows: the last committed one or, before block 1, what genesis says. */
  #lastBlock: BlockInfo | undefined;
  #reads!: ReadCache;
  readonly #checks: CheckQueue | undefined;
  #checkState!: CacheMultiStore;
  readonly #snapshots: ApplicationOptions["snapshots"];
  readonly #stateSync: StateSync;
  readonly #upgradeNeeded: ApplicationOptions["upgradeNeeded"];
  readonly #ahead: ExecutionAhead | undefined;
  readonly #proposer: Proposer;
  /** Genesis writes, until block 1 commits them. */
  #genesisState: CacheMultiStore | undefined;
  #finalizing: { readonly block: BlockInfo; readonly changes: StateChanges } | undefined;

  constructor(options: ApplicationOptions) {
    this.#limits = new CurrentLimits(options);
    this.#env = options.env(this.#limits);
    this.#store = options.store;
    this.#version = options.version;
    this.#log = options.log;
    this.#answerQuery = options.answerQuery;
    this.#readConsensusParams = options.consensusParams;
    this.#invariantCheckPeriod = options.invariantCheckPeriod;
    this.#minRetainBlocks = options.minRetainBlocks;
    const { askSignature } = options;
    this.#checks = askSignature === undefined ? undefined : new CheckQueue(askSignature);
    const { encodeResult } = options;
    this.#ahead = options.executeAhead
      ? new ExecutionAhead(options.aheadEnv?.(this.#limits) ?? this.#env, (result) =>
          encodeResult === undefined ? result : finished(result, encodeResult(result)),
        )
      : undefined;
    this.#proposer = new Proposer({
      env: this.#env,
      txs: this.#txs,
      ahead: this.#ahead,
      log: this.#log,
      chainId: () => this.#chainId,
      committed: () => this.#committed(),
      version: () => this.#store.version,
      maxGas: this.#limits.maxBlockGas,
    });
    this.#snapshots = options.snapshots;
    this.#upgradeNeeded = options.upgradeNeeded;
    this.#stateSync = new StateSync({
      store: this.#store,
      folder: options.snapshots?.folder,
      chainId: options.chainId,
      log: this.#log,
      restored: () => {
        this.#readLatest();
        options.restored?.();
      },
    });
    this.#readLatest();
  }

  /** What a start and a restored snapshot find in the committed state. */
  #readLatest(): void {
    this.#reads = new ReadCache(() => this.#store.latest(), READ_CACHE_BYTES);
    this.#checkState = new CacheMultiStore(this.#reads);
    const { meta, version } = this.#store;
    if (version === 0 || meta === undefined) return;
    this.#lastBlock = decodeBlockInfo(meta);
    this.#chainId = this.#lastBlock.chainId;
    this.#limits.read(this.#store.latest());
  }

  /** Height of the last commit; 0 for none, and while the chain is still to begin with the state that is there. */
  get committedHeight(): bigint {
    return isBeginning(this.#store.meta) ? 0n : BigInt(this.#store.version);
  }

  info(): MessageInitShape<typeof ResponseInfoSchema> {
    return {
      data: "computronium",
      version: this.#version,
      // As the consensus parameters have it: a CometBFT that is rolled back takes its header's version from there.
      appVersion: this.#consensusParams()?.version?.app ?? 0n,
      lastBlockHeight: this.committedHeight,
      lastBlockAppHash: this.committedHeight === 0n ? new Uint8Array(0) : this.#store.appHash,
    };
  }

  initChain(request: RequestInitChain): MessageInitShape<typeof ResponseInitChainSchema> {
    if (isBeginning(this.#store.meta)) return this.#beginWithState(request);
    const { chain } = this.#env;
    this.#chainId = request.chainId;
    const text = Buffer.from(request.appStateBytes).toString("utf8");
    const genesis = readAppState(chain, text);
    const state = new CacheMultiStore(this.#store.latest());
    const block = blockInfo(request.chainId, { height: request.initialHeight, time: request.time });
    // As baseapp's: what happens in the genesis of a chain that begins with block 1 happens at height 0.
    const height = request.initialHeight > 1n ? request.initialHeight : 0n;
    const ctx = new Context({ block: { ...block, height }, mode: "genesis", gas: GasMeter.unlimited(), stores: state });
    const updates = [...initGenesis(chain, ctx, genesis)];
    const { consensusParams } = request;
    if (consensusParams !== undefined) {
      for (const module of chain.modules) module.initConsensusParams?.(ctx, consensusParams);
    }
    updates.push(...deliverGenesisTxs(this.#env, { ctx, stores: state, txs: genesisTransactions(chain, genesis) }));
    requireSameValidators(request.validators, updates);
    requireSettled(ctx);
    this.#checkInvariants(ctx);
    this.#genesisState = state;
    this.#checkState = new CacheMultiStore(state);
    this.#lastBlock = { ...block, height: block.height - 1n };
    this.#limits.read(state);
    this.#log.info({ chainId: request.chainId, initialHeight: request.initialHeight.toString() }, "genesis read");
    return {
      appHash: this.#store.appHash,
      validators: updates.map(abciUpdate),
    };
  }

  /** A chain whose first block follows a state that is there already, of which the genesis file says only the height. */
  #beginWithState({ chainId, initialHeight }: RequestInitChain): MessageInitShape<typeof ResponseInitChainSchema> {
    const next = this.#nextBlock();
    if (chainId !== next.chainId || initialHeight !== next.height) {
      throw new Error(
        `the state is made for the chain ${next.chainId} from height ${next.height} on, not for ${chainId} from ${initialHeight} on`,
      );
    }
    return { appHash: this.#store.appHash };
  }

  /** Transactions of blocks that had been executed ahead, since the start. */
  get takenAhead(): number {
    return this.#ahead?.taken ?? 0;
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
      const admitted = this.#ahead?.admit(tx, mode === "recheck");
      const result = admitted ?? executeTx(this.#env, { tx, mode, block: this.#nextBlock(), stores: this.#checkState });
      if (result.code !== 0) {
        this.#txs.forget(request.tx);
        this.#ahead?.drop(tx);
        return result;
      }
      this.#proposer.passed(tx);
      // Its block takes over what it did, and needs to know no more of it.
      if (admitted !== undefined) tx.release();
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
      gasLimit: this.#limits.maxBlockGas(),
    });
  }

  prepareProposal(request: RequestPrepareProposal): MessageInitShape<typeof ResponsePrepareProposalSchema> {
    return this.#proposer.prepare(request);
  }

  processProposal(request: RequestProcessProposal): MessageInitShape<typeof ResponseProcessProposalSchema> {
    return this.#proposer.process(request);
  }

  async finalizeBlock(request: RequestFinalizeBlock): Promise<AbciBlockResult> {
    const { chain } = this.#env;
    const block = finalizedBlockInfo(this.#chainId, request, this.#store.appHash);
    const state = new CacheMultiStore(this.#committed());
    const hooks = new Context({ block, mode: "finalize", gas: GasMeter.unlimited(), stores: state });
    await this.#beginBlock(hooks);
    hooks.tally.requireEven();
    const beginEvents = tagged(hooks.events.list(), "BeginBlock");

    const txResults: FinishedResult[] = [];
    const { credits } = hooks;
    let gasUsed = 0;
    let since = performance.now();
    for (const bytes of request.txs) {
      const result = this.#deliver(bytes, { block, state, gasUsed });
      gasUsed += Math.min(result.gasUsed, result.gasWanted);
      txResults.push(result);
      credits.append(result.credits);
      if (performance.now() - since > YIELD_AFTER_MILLISECONDS) {
        await nextTurn();
        since = performance.now();
      }
    }

    const ended = { ...block, gasUsed: BigInt(gasUsed) };
    const end = new Context({ block: ended, mode: "finalize", gas: GasMeter.unlimited(), stores: state });
    end.credits.append(credits.list());
    const validatorUpdates = chain.modules.flatMap((module) =>
      validatorsOf(module, module.endBlock?.(end)).map(abciUpdate),
    );
    end.tally.requireEven();
    requireSettled(end);
    const endEvents = tagged(end.events.list(), "EndBlock");
    this.#checkInvariants(end);

    const consensusParamUpdates = this.#changedConsensusParams(state);
    const changes = this.#changes(state);
    const { appHash } = this.#store.prepare(changes, {
      version: Number(request.height),
      meta: encodeBlockInfo(block),
    });
    this.#finalizing = { block, changes };
    for (const bytes of request.txs) this.#txs.forget(bytes);
    // Once the answer is on its way: CometBFT stores it before it calls Commit.
    setImmediate(() => this.#store.encodePrepared());
    return {
      events: [...beginEvents, ...endEvents],
      txResults,
      validatorUpdates,
      ...(consensusParamUpdates === undefined ? {} : { consensusParamUpdates }),
      appHash,
    };
  }

  commit(): MessageInitShape<typeof ResponseCommitSchema> {
    if (this.#finalizing === undefined) throw new Error("Commit without FinalizeBlock");
    this.#store.commit();
    this.#reads.committed(this.#finalizing.changes);
    const { chainId, height, timeNanos, proposerAddress } = this.#finalizing.block;
    this.#lastBlock = { chainId, height, timeNanos, proposerAddress };
    this.#finalizing = undefined;
    this.#genesisState = undefined;
    this.#limits.read(this.#store.latest());
    this.#checkState = new CacheMultiStore(this.#reads);
    this.#snapshots?.maker.committed(this.#store.version);
    this.#ahead?.committed(this.#checkState, { last: this.#lastBlock, terms: this.#limits.toString() });
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

  listSnapshots(): MessageInitShape<typeof ResponseListSnapshotsSchema> {
    return this.#stateSync.list();
  }

  offerSnapshot(request: RequestOfferSnapshot): MessageInitShape<typeof ResponseOfferSnapshotSchema> {
    return this.#stateSync.offer(request);
  }

  loadSnapshotChunk(
    request: RequestLoadSnapshotChunk,
  ): Promise<MessageInitShape<typeof ResponseLoadSnapshotChunkSchema>> {
    return this.#stateSync.load(request);
  }

  applySnapshotChunk(
    request: RequestApplySnapshotChunk,
  ): Promise<MessageInitShape<typeof ResponseApplySnapshotChunkSchema>> {
    return this.#stateSync.apply(request);
  }

  async #beginBlock(ctx: Context): Promise<void> {
    try {
      for (const module of this.#env.chain.modules) module.beginBlock?.(ctx);
    } catch (error) {
      if (!(error instanceof UpgradeNeeded)) throw error;
      // Whoever reads of the plan ends this process and starts another program on the state.
      await this.#store.flush();
      this.#log.error(error.message);
      await this.#upgradeNeeded?.(error.plan);
      throw error;
    }
  }

  #deliver(
    bytes: Uint8Array,
    at: { readonly block: BlockInfo; readonly state: CacheMultiStore; readonly gasUsed: number },
  ): FinishedResult {
    const tx = this.#txs.decode(bytes);
    if (tx instanceof RegisteredError) return failure(tx);
    const maxGas = this.#limits.maxBlockGas();
    if (maxGas !== undefined && at.gasUsed >= maxGas) {
      return failure(ErrOutOfGas.with("no block gas left to run tx"));
    }
    return (
      this.#ahead?.deliver(tx, at.block, at.state) ??
      executeTx(this.#env, { tx, mode: "finalize", block: at.block, stores: at.state })
    );
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

  /** Below it CometBFT may drop blocks; 0 for none. */
  #retainHeight(): bigint {
    return retainHeight({
      height: this.#lastBlock!.height,
      minRetainBlocks: this.#minRetainBlocks,
      evidenceAgeBlocks: this.#consensusParams()?.evidence?.maxAgeNumBlocks ?? DEFAULT_EVIDENCE_AGE_BLOCKS,
      oldestSnapshot: this.#snapshots?.maker.oldest,
    });
  }

  #consensusParams(): ConsensusParams | undefined {
    return this.#store.version === 0 ? undefined : this.#readConsensusParams(this.#store.latest());
  }

  /** The consensus parameters, if the block has changed them. */
  #changedConsensusParams(state: ReadonlyMultiStore): ConsensusParams | undefined {
    const after = this.#readConsensusParams(state);
    const before = this.#readConsensusParams(this.#committed());
    if (after === undefined || after === before) return undefined;
    const encode = (params: ConsensusParams): Buffer => Buffer.from(toBinary(ConsensusParamsSchema, params));
    return before !== undefined && encode(before).equals(encode(after)) ? undefined : after;
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

/** Coins that were credited have been given out, else they would be in no balance for good. */
function requireSettled({ credits }: Context): void {
  if (credits.list().length > 0) throw new Error("coins were credited that no module has given out");
}

/** What is kept of a result that is encoded already. */
function finished(result: TxResult, encoded: Uint8Array): FinishedResult {
  const { code, codespace, log, gasUsed, gasWanted, credits } = result;
  return { code, codespace, log, gasUsed, gasWanted, credits, events: NO_EVENTS, encoded };
}

const NO_EVENTS: readonly ChainEvent[] = [];

function abciUpdate({ pubKeyType, pubKey, power }: ValidatorUpdate): MessageInitShape<typeof ValidatorUpdateSchema> {
  return { pubKey: { sum: { case: pubKeyType, value: pubKey } }, power };
}

/** CometBFT's default where the state says nothing. */
const DEFAULT_EVIDENCE_AGE_BLOCKS = 100_000n;

/** `mode` on each event of a hook, as baseapp marks them. */
function tagged(events: readonly ChainEvent[], mode: string): readonly ChainEvent[] {
  return events.map((e) => ({ type: e.type, attributes: [...e.attributes, { key: "mode", value: mode }] }));
}
