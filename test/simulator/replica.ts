import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { SimulateRequestSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import {
  CheckTxType,
  RequestCheckTxSchema,
  RequestCommitSchema,
  RequestFinalizeBlockSchema,
  RequestInitChainSchema,
  RequestPrepareProposalSchema,
  RequestProcessProposalSchema,
  RequestQuerySchema,
  ValidatorUpdateSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";
import { pino } from "pino";

import type { AbciBlockResult } from "../../abci-app/abci/application.js";
import type { NodeApplication, NodeApplicationOptions } from "../../abci-app/node-application.js";
import { createNodeApplication } from "../../abci-app/node-application.js";
import { stateTools } from "../../abci-app/state-tools.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import type { AppState } from "../../core/runtime/genesis.js";
import type { AbciUpdates, BlockHeader } from "./comet/comet.js";
import { timestamp } from "./comet/comet.js";

export interface Genesis {
  readonly chainId: string;
  readonly appState: AppState;
  readonly initialHeight: bigint;
  readonly timeNanos: bigint;
  readonly consensusParams: MessageInitShape<typeof ConsensusParamsSchema>;
  readonly validators: AbciUpdates;
}

/** A method of a query service that has been refused, with what the application says. */
export class QueryRefused extends Error {
  override readonly name = "QueryRefused";
}

/** One node of the simulated chain: the real application on a database of its own. */
export class Replica {
  readonly #home: string;
  readonly #options: Partial<NodeApplicationOptions>;
  readonly #genesis: Genesis;
  #node: NodeApplication;
  #hasCommitted = false;
  /** What InitChain answered. */
  validators: AbciUpdates = [];

  private constructor(
    home: string,
    options: Partial<NodeApplicationOptions>,
    { genesis, node }: { readonly genesis: Genesis; readonly node: NodeApplication },
  ) {
    this.#home = home;
    this.#options = options;
    this.#genesis = genesis;
    this.#node = node;
  }

  /** Starts a node and gives it its genesis. */
  static async start(genesis: Genesis, options: Partial<NodeApplicationOptions> = {}): Promise<Replica> {
    const home = mkdtempSync(join(tmpdir(), "computronium-simulator-"));
    const replica = new Replica(home, options, { genesis, node: await open(home, options) });
    try {
      await replica.#initChain();
    } catch (error) {
      await replica.close();
      throw error;
    }
    return replica;
  }

  async #initChain() {
    const { chainId, initialHeight, timeNanos, appState, consensusParams, validators } = this.#genesis;
    const appStateBytes = Buffer.from(JSON.stringify(appState), "utf8");
    const request = { chainId, initialHeight, time: timestamp(timeNanos), appStateBytes };
    const answer = await this.#app.initChain(
      create(RequestInitChainSchema, {
        ...request,
        consensusParams: create(ConsensusParamsSchema, consensusParams),
        validators: validators.map((update) => create(ValidatorUpdateSchema, update)),
      }),
    );
    this.validators = answer.validators ?? [];
  }

  get #app() {
    return this.#node.application;
  }

  /** Ends the process, as far as one process can, and starts it again from its database. */
  async restart(): Promise<void> {
    await this.#node.close();
    this.#node = await open(this.#home, this.#options);
    // Genesis is not on the disk before block 1: CometBFT sends it again.
    if (!this.#hasCommitted) await this.#initChain();
  }

  /** Transactions of blocks that had been executed ahead, since the start. */
  get takenAhead(): number {
    return this.#node.takenAhead;
  }

  get hasCommitted(): boolean {
    return this.#hasCommitted;
  }

  async finalize(header: BlockHeader, txs: readonly Uint8Array[]): Promise<AbciBlockResult> {
    return this.#app.finalizeBlock(create(RequestFinalizeBlockSchema, { ...header, txs: [...txs] }));
  }

  async commit(): Promise<void> {
    await this.#app.commit(create(RequestCommitSchema, {}));
    this.#hasCommitted = true;
  }

  async checkTx(tx: Uint8Array, type = CheckTxType.NEW): Promise<void> {
    await this.#app.checkTx(create(RequestCheckTxSchema, { tx, type }));
  }

  /** Makes and judges a proposal that nobody decides on. */
  async propose({ height, time }: BlockHeader, txs: readonly Uint8Array[]): Promise<void> {
    const maxTxBytes = 4_000_000n;
    const made = await this.#app.prepareProposal(
      create(RequestPrepareProposalSchema, { txs: [...txs], maxTxBytes, height, time }),
    );
    await this.#app.processProposal(create(RequestProcessProposalSchema, { txs: [...(made.txs ?? [])], height, time }));
  }

  async simulate(txBytes: Uint8Array): Promise<void> {
    const data = toBinary(SimulateRequestSchema, create(SimulateRequestSchema, { txBytes }));
    await this.#app.query(create(RequestQuerySchema, { path: "/cosmos.tx.v1beta1.Service/Simulate", data }));
  }

  /** Asks a query service for the last committed state. Throws {@link QueryRefused}. */
  async ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    const path = `/${method.parent.typeName}/${method.name}`;
    const data = toBinary(method.input, create(method.input, request));
    const { code = 0, log = "", value } = await this.#app.query(create(RequestQuerySchema, { path, data }));
    if (code !== 0) throw new QueryRefused(`${path}: ${log}`);
    return fromBinary(method.output, value ?? new Uint8Array(0));
  }

  /** The state of the last commit, by the export command, as a genesis that goes on from there. */
  async exportState(): Promise<Pick<Genesis, "appState" | "consensusParams"> & { readonly height: bigint }> {
    const { appState, height, consensusParams } = await stateTools.export(join(this.#home, "application.db"), {});
    return {
      appState: appState as AppState,
      height: BigInt(height),
      consensusParams: consensusParams === undefined ? {} : abciParams(consensusParams as unknown as GenesisParams),
    };
  }

  async close(): Promise<void> {
    await this.#node.close();
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Consensus parameters as a genesis file has them. */
interface GenesisParams {
  readonly block: { readonly max_bytes: string; readonly max_gas: string };
  readonly evidence: {
    readonly max_age_num_blocks: string;
    readonly max_age_duration: string;
    readonly max_bytes: string;
  };
  readonly validator: { readonly pub_key_types: readonly string[] };
}

/** As CometBFT hands them over in InitChain. */
function abciParams({ block, evidence, validator }: GenesisParams): Genesis["consensusParams"] {
  return {
    block: { maxBytes: BigInt(block.max_bytes), maxGas: BigInt(block.max_gas) },
    evidence: {
      maxAgeNumBlocks: BigInt(evidence.max_age_num_blocks),
      maxAgeDuration: timestamp(BigInt(evidence.max_age_duration)),
      maxBytes: BigInt(evidence.max_bytes),
    },
    validator: { pubKeyTypes: [...validator.pub_key_types] },
  };
}

async function open(home: string, options: Partial<NodeApplicationOptions>): Promise<NodeApplication> {
  return createNodeApplication({
    path: join(home, "application.db"),
    log: pino({ level: "silent" }),
    minGasPrices: [],
    queryWorkers: 0,
    signatureThread: false,
    ...options,
  });
}
