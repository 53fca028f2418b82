import { create, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { encodeSecp256k1Pubkey } from "@cosmjs/amino";
import type { AccountData, Coin, EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import { encodePubkey } from "@cosmjs/proto-signing";
import type { GasPrice, SigningStargateClient, StdFee } from "@cosmjs/stargate";
import { calculateFee } from "@cosmjs/stargate";
import type { Comet38Client } from "@cosmjs/tendermint-rpc";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import { Service } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { TxRawSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import type { BlockTx, BlockFeed } from "./block-feed.js";
import { txHash } from "./block-feed.js";
import { ComputroniumError, QueryError, TxExpiredError, TxRejectedError } from "./errors.js";
import { queryMethod } from "./rpc.js";
import { TxTracker } from "./tx-tracker.js";

/** How one transaction is made. */
export interface TxOptions {
  /** Gas limit; without it, what a simulation used, times the client's `gasMultiplier`. */
  readonly gas?: number;
  /** Fee; without it, gas limit × the client's `gasPrice`, rounded up. */
  readonly fee?: StdFee;
  readonly memo?: string;
  /** Blocks from now in which it may be included; afterwards it can never run, and is reported as expired. */
  readonly timeoutBlocks?: number;
}

/** A transaction that is in the node's mempool. */
export interface PendingTx {
  /** 64 upper-case hexadecimal digits. */
  readonly hash: string;
  readonly sequence: number;
  readonly fee: StdFee;
  /** The transaction in its block; rejects with `TxFailedError` or `TxExpiredError`. */
  readonly committed: Promise<BlockTx>;
}

export interface TxSenderSettings {
  readonly chainId: string;
  readonly gasPrice: GasPrice | undefined;
  readonly gasMultiplier: number;
  readonly timeoutBlocks: number;
}

/** What is simulated. */
interface TrialTx {
  readonly messages: readonly EncodeObject[];
  readonly memo: string;
  readonly fee: Coin;
}

/** Codespace `sdk`: incorrect account sequence. */
const WRONG_SEQUENCE = 32;
/** How often a transaction is signed anew because somebody else used the account's sequence. */
const MAX_ATTEMPTS = 4;

/**
 * Sends the transactions of one account. It counts sequences by itself, so that many can be in flight: each goes to the
 * mempool in its turn, and nobody waits for a block. When the count turns out wrong (another program uses the account,
 * or the node lost its mempool), it lets what is in flight end, asks the chain, and signs anew.
 */
export class TxSender {
  readonly account: AccountData;
  readonly #comet: Comet38Client;
  readonly #cosmjs: SigningStargateClient;
  readonly #feed: BlockFeed;
  readonly #tracker: TxTracker;
  readonly #settings: TxSenderSettings;
  readonly #inFlight = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();
  /** Account number and next sequence; undefined while the chain must be asked. */
  #signerData: { readonly accountNumber: bigint; readonly sequence: number } | undefined;

  constructor(
    account: AccountData,
    clients: { readonly comet: Comet38Client; readonly cosmjs: SigningStargateClient; readonly feed: BlockFeed },
    settings: TxSenderSettings,
  ) {
    this.account = account;
    this.#comet = clients.comet;
    this.#cosmjs = clients.cosmjs;
    this.#feed = clients.feed;
    this.#tracker = new TxTracker(clients.feed);
    this.#settings = settings;
  }

  /** The only account of a signer, or its first. */
  static async accountOf(signer: OfflineSigner): Promise<AccountData> {
    const [account] = await signer.getAccounts();
    if (account === undefined) throw new ComputroniumError("the signer has no account");
    return account;
  }

  /**
   * Signs and hands to the mempool. Resolves as soon as it is there; throws {@link TxRejectedError} when the node refuses
   * it, and {@link QueryError} when its simulation fails.
   */
  submit(messages: readonly EncodeObject[], options: TxOptions = {}): Promise<PendingTx> {
    const placed = this.#turn.then(() => this.#place(messages, options));
    this.#turn = placed.catch(() => undefined);
    return placed;
  }

  async #place(messages: readonly EncodeObject[], options: TxOptions): Promise<PendingTx> {
    for (let attempt = 1; ; attempt++) {
      const { accountNumber, sequence } = (this.#signerData ??= await this.#askChain());
      const fee = options.fee ?? (await this.#estimateFee(messages, options, sequence));
      const timeoutHeight = (await this.#feed.height()) + (options.timeoutBlocks ?? this.#settings.timeoutBlocks);
      const signed = await this.#cosmjs.sign(
        this.account.address,
        messages,
        fee,
        options.memo ?? "",
        { accountNumber, sequence, chainId: this.#settings.chainId },
        BigInt(timeoutHeight),
      );
      const bytes = toBinary(TxRawSchema, create(TxRawSchema, signed));
      const hash = txHash(bytes);
      const { committed } = await this.#tracker.watch(hash, timeoutHeight);
      const answer = await this.#broadcast(bytes, hash);
      if (answer.code === 0) {
        this.#signerData = { accountNumber, sequence: sequence + 1 };
        this.#follow(committed);
        return { hash, sequence, fee, committed };
      }
      this.#tracker.forget(hash);
      const refusal = { codespace: answer.codespace ?? "", code: answer.code, log: answer.log ?? "" };
      if (refusal.codespace !== "sdk" || refusal.code !== WRONG_SEQUENCE || attempt === MAX_ATTEMPTS)
        throw new TxRejectedError(hash, refusal);
      this.#signerData = undefined;
      await this.#feed.nextBlock();
    }
  }

  async #broadcast(tx: Uint8Array, hash: string): ReturnType<Comet38Client["broadcastTxSync"]> {
    try {
      return await this.#comet.broadcastTxSync({ tx });
    } catch (error) {
      // Nobody knows whether it arrived: count anew before the next one.
      this.#tracker.forget(hash);
      this.#signerData = undefined;
      throw error;
    }
  }

  #follow(committed: Promise<BlockTx>): void {
    const ended = committed.catch((error: unknown) => {
      if (error instanceof TxExpiredError) this.#signerData = undefined;
    });
    this.#inFlight.add(ended);
    void ended.then(() => this.#inFlight.delete(ended));
  }

  /** Account number and sequence in the committed state, once nothing of ours is in flight. */
  async #askChain(): Promise<{ readonly accountNumber: bigint; readonly sequence: number }> {
    await Promise.all(this.#inFlight);
    return this.#cosmjs.getSequence(this.account.address);
  }

  async #estimateFee(messages: readonly EncodeObject[], options: TxOptions, sequence: number): Promise<StdFee> {
    const { gasPrice, gasMultiplier } = this.#settings;
    if (gasPrice === undefined) throw new ComputroniumError("connect with a gasPrice, or give each transaction a fee");
    if (options.gas !== undefined) return calculateFee(options.gas, gasPrice);
    // One base unit: the move of the fee costs gas too, and a simulation without a fee leaves it out.
    const trial: TrialTx = { messages, memo: options.memo ?? "", fee: { denom: gasPrice.denom, amount: "1" } };
    return calculateFee(Math.ceil((await this.#simulate(trial, sequence)) * gasMultiplier), gasPrice);
  }

  async #simulate(trial: TrialTx, sequence: number): Promise<number> {
    try {
      return await this.#gasUsed(trial, sequence);
    } catch (error) {
      // A node that simulates on the committed state expects the sequence there, and the answer does not say so by a code.
      if (!(error instanceof QueryError)) throw error;
      const committed = await this.#cosmjs.getSequence(this.account.address);
      if (committed.sequence === sequence) throw error;
      return this.#gasUsed(trial, committed.sequence);
    }
  }

  /** Gas that the node says these messages need. */
  async #gasUsed({ messages, memo, fee }: TrialTx, sequence: number): Promise<number> {
    const pubkey = encodePubkey(encodeSecp256k1Pubkey(this.account.pubkey));
    const tx = create(TxSchema, {
      body: {
        messages: messages.map((each) => create(AnySchema, this.#cosmjs.registry.encodeAsAny(each))),
        memo,
      },
      authInfo: {
        fee: { amount: [fee] },
        signerInfos: [
          {
            publicKey: create(AnySchema, pubkey),
            sequence: BigInt(sequence),
            modeInfo: { sum: { case: "single", value: { mode: SignMode.UNSPECIFIED } } },
          },
        ],
      },
      signatures: [new Uint8Array()],
    });
    const answer = await queryMethod(this.#comet, Service.method.simulate, { txBytes: toBinary(TxSchema, tx) });
    return Number(answer.gasInfo?.gasUsed ?? 0n);
  }
}
