import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RequestPrepareProposal,
  RequestProcessProposal,
  ResponsePrepareProposalSchema,
  ResponseProcessProposalSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { ResponseProcessProposal_ProposalStatus } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import { TxNote } from "../../core/codec/tx-note.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import { RegisteredError } from "../../core/errors.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { ReadonlyMultiStore } from "../../core/store/kv.js";
import type { ExecutionAhead } from "./ahead.js";
import { blockInfo } from "./block-state.js";
import type { TxEnvironment } from "./execute-tx.js";
import { executeTx } from "./execute-tx.js";
import type { ProposalCandidate } from "./proposals.js";
import { encodedSize, selectTxs } from "./proposals.js";
import type { TxCache } from "./tx-cache.js";

/** CometBFT's own bound of a block (types.MaxBlockSizeBytes). */
const MAX_BLOCK_BYTES = 100 << 20;

export interface ProposerOptions {
  readonly env: TxEnvironment;
  readonly txs: TxCache;
  readonly ahead: ExecutionAhead | undefined;
  readonly log: Logger;
  readonly chainId: () => string;
  /** The last committed state. */
  readonly committed: () => ReadonlyMultiStore;
  readonly version: () => number;
  /** Of a block; undefined for no bound. */
  readonly maxGas: () => bigint | undefined;
}

/** Of a transaction that CheckTx took. */
interface Passed {
  /** Of the state that it was taken on. */
  version: number;
  /** Of its first message. */
  readonly sender: string;
}

/** What this node proposes for a block, and what it accepts of others. */
export class Proposer {
  readonly #options: ProposerOptions;
  readonly #passed = new TxNote<Passed>({ lasting: true });

  constructor(options: ProposerOptions) {
    this.#options = options;
  }

  /** Told that CheckTx took a transaction on the committed state. */
  passed(tx: DecodedTx): void {
    const { env, version } = this.#options;
    const before = this.#passed.get(tx);
    if (before !== undefined) before.version = version();
    else this.#passed.set(tx, { version: version(), sender: env.senderOf(tx.messages[0]!) });
  }

  prepare(request: RequestPrepareProposal): MessageInitShape<typeof ResponsePrepareProposalSchema> {
    const { env, txs, chainId, committed, maxGas } = this.#options;
    const candidates: ProposalCandidate[] = [];
    const stores = new CacheMultiStore(committed());
    const block = blockInfo(chainId(), request);
    for (const bytes of request.txs) {
      const tx = txs.decode(bytes);
      if (tx instanceof RegisteredError) continue;
      // What can't be charged for any more (an old sequence, an empty account) would only take up room.
      if (!this.#isChecked(tx) && executeTx(env, { tx, mode: "recheck", block, stores }).code !== 0) continue;
      const sender = this.#passed.get(tx)?.sender ?? env.senderOf(tx.messages[0]!);
      candidates.push({ bytes, sender, gasWanted: tx.gasLimit });
    }
    const chosen = selectTxs(candidates, { maxBytes: Number(request.maxTxBytes), maxGas: maxGas() });
    return { txs: chosen.map(({ bytes }) => bytes) };
  }

  /** Checked since the last commit, behind those that are before it in the mempool, at the same height. Time does go on. */
  #isChecked(tx: DecodedTx): boolean {
    const { ahead, version } = this.#options;
    if (tx.hasTimeoutTimestamp) return false;
    return this.#passed.get(tx)?.version === version() || ahead?.isTaken(tx) === true;
  }

  process(request: RequestProcessProposal): MessageInitShape<typeof ResponseProcessProposalSchema> {
    const { ACCEPT, REJECT } = ResponseProcessProposal_ProposalStatus;
    const reason = this.#refusal(request.txs);
    if (reason === undefined) return { status: ACCEPT };
    this.#options.log.warn({ height: request.height.toString(), reason }, "proposal refused");
    return { status: REJECT };
  }

  /** Why a proposal cannot be accepted, or undefined. Whatever its transactions do is no reason: they fail in the block. */
  #refusal(txs: readonly Uint8Array[]): string | undefined {
    const maxGas = this.#options.maxGas();
    let gas = 0n;
    let size = 0;
    for (const [index, bytes] of txs.entries()) {
      const tx = this.#options.txs.decode(bytes);
      if (tx instanceof RegisteredError) return `transaction ${index} cannot be decoded: ${tx.message}`;
      gas += tx.gasLimit;
      size += encodedSize(bytes.length);
      if (maxGas !== undefined && gas > maxGas) return `the gas limits exceed ${maxGas}`;
    }
    return size > MAX_BLOCK_BYTES ? `the transactions take ${size} bytes` : undefined;
  }
}
