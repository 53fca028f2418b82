import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  CheckTxType,
  MisbehaviorType,
  RequestCheckTxSchema,
  RequestCommitSchema,
  RequestFinalizeBlockSchema,
  RequestInfoSchema,
  RequestInitChainSchema,
  RequestPrepareProposalSchema,
  RequestProcessProposalSchema,
  RequestQuerySchema,
  ResponseProcessProposal_ProposalStatus,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { BlockIDFlag } from "@computronium/proto/tendermint/types/validator_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { pino } from "pino";

import type { AbciApplication, AbciBlockResult, AbciTxResult } from "../../abci-app/abci/application.js";
import type { NodeApplication, NodeApplicationOptions } from "../../abci-app/node-application.js";
import { createNodeApplication } from "../../abci-app/node-application.js";
import { create } from "../../core/codec/protobuf.js";
import type { AppState } from "../../core/runtime/genesis.js";

/** A chain whose blocks a test dictates: the real application over a real database, driven as CometBFT would. */
export interface ScriptedChainOptions {
  readonly chainId?: string;
  readonly appState: AppState;
  readonly initialHeight?: bigint;
  readonly consensusParams?: MessageInitShape<typeof RequestInitChainSchema>["consensusParams"];
  /** Unix seconds of genesis. */
  readonly genesisTime?: bigint;
  /** Kept when it is given, else a temporary folder that goes with {@link ScriptedChain.close}. */
  readonly home?: string;
  readonly application?: Partial<NodeApplicationOptions>;
}

export interface ScriptedBlock extends AbciBlockResult {
  readonly height: bigint;
  readonly appHashHex: string;
}

/** What CometBFT says of a block beside its transactions. */
export interface ScriptedBlockOptions {
  /** Since the last block. */
  readonly seconds?: bigint;
  /** Consensus address, 20 bytes. */
  readonly proposer?: Uint8Array;
  /** The commit of the block before. */
  readonly votes?: readonly {
    /** Consensus address, 20 bytes. */
    readonly validator: Uint8Array;
    readonly power: bigint;
    readonly signed?: boolean;
  }[];
  /** Double votes that were found. */
  readonly misbehavior?: readonly {
    readonly validator: Uint8Array;
    readonly power: bigint;
    readonly height: bigint;
    /** Unix seconds of the block of that height. */
    readonly time: bigint;
  }[];
}

export const SCRIPTED_CHAIN_ID = "computronium-test-1";

export class ScriptedChain {
  readonly app: AbciApplication;
  readonly node: NodeApplication;
  readonly home: string;
  readonly #options: ScriptedChainOptions;
  height: bigint;
  /** Unix seconds of the last block. */
  time: bigint;

  private constructor(node: NodeApplication, home: string, options: ScriptedChainOptions, height: bigint) {
    this.node = node;
    this.app = node.application;
    this.home = home;
    this.#options = options;
    this.height = height;
    this.time = (options.genesisTime ?? 1_800_000_000n) + height;
  }

  /** Opens the application, and gives it its genesis when it has none. */
  static async start(options: ScriptedChainOptions): Promise<ScriptedChain> {
    const home = options.home ?? mkdtempSync(join(tmpdir(), "computronium-scripted-"));
    const node = await createNodeApplication({
      path: join(home, "application.db"),
      log: pino({ level: "silent" }),
      minGasPrices: [],
      queryWorkers: 0,
      ...options.application,
    });
    const { lastBlockHeight = 0n } = await node.application.info(create(RequestInfoSchema, {}));
    const chain = new ScriptedChain(node, home, options, lastBlockHeight);
    try {
      if (lastBlockHeight === 0n) await chain.#initChain();
    } catch (error) {
      await chain.close();
      throw error;
    }
    return chain;
  }

  async #initChain(): Promise<void> {
    const { chainId = SCRIPTED_CHAIN_ID, appState, initialHeight = 1n, consensusParams } = this.#options;
    this.height = initialHeight - 1n;
    await this.app.initChain(
      create(RequestInitChainSchema, {
        chainId,
        initialHeight,
        time: { seconds: this.time, nanos: 0 },
        appStateBytes: Buffer.from(JSON.stringify(appState), "utf8"),
        consensusParams: consensusParams ?? { block: { maxBytes: 4_194_304n, maxGas: -1n } },
      }),
    );
  }

  /** @param again as CometBFT asks after a block of what is still in its mempool */
  async checkTx(tx: Uint8Array, { again = false }: { readonly again?: boolean } = {}): Promise<AbciTxResult> {
    const type = again ? CheckTxType.RECHECK : CheckTxType.NEW;
    return this.app.checkTx(create(RequestCheckTxSchema, { tx, type }));
  }

  /** What a proposer would make of the transactions, and whether the others would take it. */
  async propose(
    txs: readonly Uint8Array[],
    maxTxBytes = 4_000_000n,
  ): Promise<{ txs: Uint8Array[]; accepted: boolean }> {
    const height = this.height + 1n;
    const time = { seconds: this.time + 1n, nanos: 0 };
    const proposal = await this.app.prepareProposal(
      create(RequestPrepareProposalSchema, { txs: [...txs], maxTxBytes, height, time }),
    );
    const chosen = [...(proposal.txs ?? [])];
    const { status } = await this.app.processProposal(
      create(RequestProcessProposalSchema, { txs: chosen, height, time }),
    );
    return { txs: chosen, accepted: status === ResponseProcessProposal_ProposalStatus.ACCEPT };
  }

  /** Finalizes a block without committing it. */
  async finalize(txs: readonly Uint8Array[] = [], options: ScriptedBlockOptions = {}): Promise<ScriptedBlock> {
    const { seconds = 1n, proposer = new Uint8Array(20).fill(1), votes = [], misbehavior = [] } = options;
    const height = this.height + 1n;
    const time = { seconds: this.time + seconds, nanos: 0 };
    const block = await this.app.finalizeBlock(
      create(RequestFinalizeBlockSchema, {
        proposerAddress: proposer,
        time,
        txs: [...txs],
        height,
        decidedLastCommit: {
          votes: votes.map(({ validator: address, power, signed = true }) => ({
            validator: { address, power },
            blockIdFlag: signed ? BlockIDFlag.BLOCK_ID_FLAG_COMMIT : BlockIDFlag.BLOCK_ID_FLAG_ABSENT,
          })),
        },
        misbehavior: misbehavior.map(({ validator: address, power, height: at, time: seconds }) => ({
          type: MisbehaviorType.DUPLICATE_VOTE,
          validator: { address, power },
          height: at,
          time: { seconds, nanos: 0 },
          totalVotingPower: power,
        })),
      }),
    );
    this.#pending = { height, time: time.seconds };
    return { ...block, height, appHashHex: Buffer.from(block.appHash).toString("hex") };
  }

  #pending: { height: bigint; time: bigint } | undefined;

  async commit(): Promise<void> {
    await this.app.commit(create(RequestCommitSchema, {}));
    if (this.#pending !== undefined) {
      this.height = this.#pending.height;
      this.time = this.#pending.time;
    }
  }

  /** Finalizes and commits a block. */
  async block(...args: Parameters<ScriptedChain["finalize"]>): Promise<ScriptedBlock> {
    const block = await this.finalize(...args);
    await this.commit();
    return block;
  }

  async query(path: string, data: Uint8Array = new Uint8Array(0), options: { height?: bigint; prove?: boolean } = {}) {
    return this.app.query(
      create(RequestQuerySchema, { path, data, height: options.height ?? 0n, prove: options.prove ?? false }),
    );
  }

  async close(): Promise<void> {
    await this.node.close();
    if (this.#options.home === undefined) rmSync(this.home, { recursive: true, force: true });
  }
}
