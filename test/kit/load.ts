import { setTimeout as sleep } from "node:timers/promises";

import {
  QueryAccountInfoRequestSchema,
  QueryAccountInfoResponseSchema,
} from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { appStateWith } from "./app-state.js";
import type { RpcClient } from "./rpc.js";
import { until } from "./rpc.js";
import { message, TestSigner } from "./signer.js";
import type { TestNodeOptions } from "./test-node.js";

export const START_AMOUNT = 1_000_000_000n;
export const FEE_AMOUNT = 1_000n;
const PAUSE_MILLISECONDS = 20;

/** What a node reported of a block. */
export interface RecordedBlock {
  /** The state before the block. */
  readonly appHash: string;
  readonly txs: readonly string[];
  readonly codes: readonly number[];
}

/** Senders who pay one coin each to a receiver, again and again, whatever happens to the node. */
export class Load {
  readonly senders: readonly TestSigner[];
  readonly receiver: TestSigner;
  /** Transactions that a node took into its mempool. */
  accepted = 0;
  #rpc: RpcClient | undefined;
  #running: Promise<unknown> | undefined;
  #isStopping = false;
  /** Blocks as they were first reported. */
  readonly recorded = new Map<number, RecordedBlock>();

  private constructor(senders: readonly TestSigner[], receiver: TestSigner) {
    this.senders = senders;
    this.receiver = receiver;
  }

  static async create(count = 4): Promise<Load> {
    const named = async (name: string, i: number) => TestSigner.named(name, { accountNumber: BigInt(i) });
    const senders = await Promise.all(Array.from({ length: count }, (_, i) => named(`sender ${i}`, i)));
    return new Load(senders, await named("receiver", count));
  }

  /** For {@link TestNode}: the senders have coins at genesis. */
  get genesis(): NonNullable<TestNodeOptions["genesis"]> {
    return (genesis) => {
      const funded = appStateWith(this.senders.map(({ address }) => ({ address, amount: START_AMOUNT })));
      for (const [name, state] of Object.entries(funded)) {
        genesis.app_state[name] = { ...(genesis.app_state[name] as object), ...(state as object) };
      }
    };
  }

  start(rpc: RpcClient): void {
    this.#rpc = rpc;
    this.#isStopping = false;
    this.#running = Promise.all([...this.senders.map(async (sender) => this.#send(rpc, sender)), this.#record(rpc)]);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async balance(address: string): Promise<bigint> {
    const request = create(QueryBalanceRequestSchema, { address, denom: "ucptm" });
    const data = toBinary(QueryBalanceRequestSchema, request);
    const { value } = await this.#rpc!.query("/cosmos.bank.v1beta1.Query/Balance", data);
    return BigInt(fromBinary(QueryBalanceResponseSchema, value).balance!.amount);
  }

  async #send(rpc: RpcClient, sender: TestSigner): Promise<void> {
    const { address } = sender;
    let isKnown = false;
    while (!this.#isStopping) {
      await sleep(PAUSE_MILLISECONDS);
      try {
        if (!isKnown) sender.sequence = await sequenceOf(rpc, address);
        isKnown = true;
        const amount = [{ denom: "ucptm", amount: "1" }];
        const sent = message(MsgSendSchema, { fromAddress: address, toAddress: this.receiver.address, amount });
        const { code } = await rpc.broadcast(await sender.sign([sent]));
        if (code === 0) this.accepted++;
        else isKnown = false;
      } catch {
        // The node is down, and its mempool forgotten.
        isKnown = false;
      }
    }
  }

  async #record(rpc: RpcClient): Promise<void> {
    while (!this.#isStopping) {
      await sleep(PAUSE_MILLISECONDS);
      try {
        const height = await rpc.height();
        for (let next = this.recorded.size + 1; next <= height; next++) {
          this.recorded.set(next, await readBlock(rpc, next));
        }
      } catch {
        // Down.
      }
    }
  }
}

async function sequenceOf(rpc: RpcClient, address: string): Promise<bigint> {
  const data = toBinary(QueryAccountInfoRequestSchema, create(QueryAccountInfoRequestSchema, { address }));
  const { value } = await rpc.query("/cosmos.auth.v1beta1.Query/AccountInfo", data);
  return fromBinary(QueryAccountInfoResponseSchema, value).info!.sequence;
}

/** A block as a node tells of it now; waits until its results are there. */
export async function readBlock(rpc: RpcClient, height: number): Promise<RecordedBlock> {
  const { block } = await rpc.call<{ block: { header: { app_hash: string }; data: { txs: string[] } } }>("block", {
    height: String(height),
  });
  const { txs_results: results } = await until(`results of block ${height}`, 10_000, async () =>
    rpc.call<{ txs_results: readonly { code: number }[] | null }>("block_results", { height: String(height) }),
  );
  return {
    appHash: block.header.app_hash,
    txs: block.data.txs,
    codes: (results ?? []).map(({ code }) => code),
  };
}
