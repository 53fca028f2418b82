import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";

import {
  type RequestCheckTx,
  type RequestFinalizeBlock,
  type RequestPrepareProposal,
  type RequestProcessProposal,
  type RequestQuery,
  ResponseApplySnapshotChunk_Result,
  ResponseOfferSnapshot_Result,
  ResponseProcessProposal_ProposalStatus,
  ResponseVerifyVoteExtension_VerifyStatus,
} from "@computronium/proto/tendermint/abci/types_pb.js";

import type { AbciApplication, AbciBlockResult, AbciTxResult } from "../../abci-app/abci/application.js";

interface Saved {
  readonly height: number;
  readonly values: readonly (readonly [string, string])[];
}

/**
 * The smallest application that is a real one: transactions `key=value`, persisted in one file at Commit. It tests the ABCI
 * server and the supervisor against CometBFT without the chain.
 */
export class KvApplication implements AbciApplication {
  readonly #file: string | undefined;
  #height: number;
  #values: Map<string, string>;
  #next: { readonly height: number; readonly values: Map<string, string> } | undefined;
  /** Calls in the order in which they came, those of the mempool and of queries left out. */
  readonly calls: string[] = [];

  readonly #faultKey: string | undefined;

  /** @param options `faultKey`: a transaction that sets it is a fault of the engine in the block. */
  constructor(file?: string, options: { readonly faultKey?: string } = {}) {
    this.#file = file;
    this.#faultKey = options.faultKey;
    const saved: Saved =
      file !== undefined && existsSync(file)
        ? (JSON.parse(readFileSync(file, "utf8")) as Saved)
        : { height: 0, values: [] };
    this.#height = saved.height;
    this.#values = new Map(saved.values);
  }

  get height(): number {
    return this.#height;
  }

  info() {
    return { data: "kv", lastBlockHeight: BigInt(this.#height), lastBlockAppHash: hash(this.#height, this.#values) };
  }

  initChain() {
    this.calls.push("initChain");
    return { appHash: hash(0, this.#values) };
  }

  checkTx(request: RequestCheckTx): AbciTxResult {
    return check(request.tx);
  }

  query(request: RequestQuery) {
    const value = this.#values.get(Buffer.from(request.data).toString());
    return value === undefined
      ? { code: 22, log: "not found", height: BigInt(this.#height) }
      : { value: Buffer.from(value), height: BigInt(this.#height) };
  }

  prepareProposal(request: RequestPrepareProposal) {
    return { txs: request.txs.filter((tx) => check(tx).code === 0) };
  }

  processProposal(request: RequestProcessProposal) {
    const fits = request.txs.every((tx) => check(tx).code === 0);
    return {
      status: fits ? ResponseProcessProposal_ProposalStatus.ACCEPT : ResponseProcessProposal_ProposalStatus.REJECT,
    };
  }

  async finalizeBlock(request: RequestFinalizeBlock): Promise<AbciBlockResult> {
    this.calls.push(`finalizeBlock ${request.height}`);
    const values = new Map(this.#values);
    const txResults: AbciTxResult[] = [];
    for (const tx of request.txs) {
      const result = check(tx);
      if (result.code === 0) {
        const [key, value] = split(tx);
        if (key === this.#faultKey) throw new RangeError("Maximum call stack size exceeded");
        values.set(key, value);
        txResults.push({ ...result, events: [{ type: "set", attributes: [{ key: "key", value: key }] }] });
      } else txResults.push(result);
      await nextTurn();
    }
    this.#next = { height: Number(request.height), values };
    return { txResults, appHash: hash(this.#next.height, values) };
  }

  commit() {
    this.calls.push("commit");
    if (this.#next === undefined) throw new Error("Commit without a block");
    this.#height = this.#next.height;
    this.#values = this.#next.values;
    this.#next = undefined;
    if (this.#file !== undefined) {
      const saved: Saved = { height: this.#height, values: [...this.#values] };
      writeFileSync(`${this.#file}.new`, JSON.stringify(saved));
      renameSync(`${this.#file}.new`, this.#file);
    }
    return { retainHeight: 0n };
  }

  extendVote() {
    return {};
  }

  verifyVoteExtension() {
    return { status: ResponseVerifyVoteExtension_VerifyStatus.ACCEPT };
  }

  listSnapshots() {
    return { snapshots: [] };
  }

  offerSnapshot() {
    return { result: ResponseOfferSnapshot_Result.REJECT };
  }

  loadSnapshotChunk() {
    return { chunk: new Uint8Array(0) };
  }

  applySnapshotChunk() {
    return { result: ResponseApplySnapshotChunk_Result.ABORT };
  }
}

function split(tx: Uint8Array): [key: string, value: string] {
  const text = Buffer.from(tx).toString();
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

function check(tx: Uint8Array): AbciTxResult {
  const at = tx.indexOf("=".charCodeAt(0));
  return at < 1 ? { code: 2, log: "expected key=value" } : { code: 0, gasWanted: 1, gasUsed: 1 };
}

function hash(height: number, values: ReadonlyMap<string, string>): Uint8Array {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash("sha256")
    .update(JSON.stringify([height, sorted]))
    .digest();
}
