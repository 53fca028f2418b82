import type { SupplyCounters as CountersMessage } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { SupplyCountersSchema } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import type { StateMap, StoreReader } from "../../core/collections/collections.js";
import type { Coins } from "../../core/math/coins.js";
import { amountOf } from "../../core/math/coins.js";
import type { Context } from "../../core/runtime/context.js";
import { amountInState } from "./params.js";
import { burned, initialSupply, minted } from "./state.js";

/**
 * Counts what was made and burned of the chain's denom since genesis, by the module account in which it happened. The bank
 * tells it; nothing else knows of all burning.
 */
export class SupplyCounters {
  readonly #denomOf: (ctx: StoreReader) => string;

  /** @param denomOf the denom that is counted: a constant of the chain. */
  constructor(denomOf: (ctx: StoreReader) => string) {
    this.#denomOf = denomOf;
  }

  /** The bank made coins in a module account. */
  minted(ctx: Context, account: string, coins: Coins): void {
    this.#add(ctx, minted, account, coins);
  }

  /** The bank burned coins that were in a module account. */
  burned(ctx: Context, account: string, coins: Coins): void {
    this.#add(ctx, burned, account, coins);
  }

  #add(ctx: Context, counters: StateMap<string, bigint>, account: string, coins: Coins): void {
    const amount = amountOf(coins, this.#denomOf(ctx));
    if (amount > 0n) counters.set(ctx, account, (counters.get(ctx, account) ?? 0n) + amount);
  }

  /** Begins to count, at genesis: with what is there, or with the counters of a chain that goes on. */
  init(ctx: Context, supply: bigint, counters: CountersMessage | undefined): void {
    initialSupply.set(ctx, counters === undefined ? supply : amountInState(counters.initial));
    for (const { account, amount } of counters?.minted ?? []) minted.set(ctx, account, amountInState(amount));
    for (const { account, amount } of counters?.burned ?? []) burned.set(ctx, account, amountInState(amount));
  }

  /** All counters, by names of module accounts in their order. */
  read(ctx: StoreReader): CountersMessage {
    const list = (counters: StateMap<string, bigint>) =>
      [...counters.entries(ctx)].map(([account, amount]) => ({ account, amount: amount.toString() }));
    return create(SupplyCountersSchema, {
      initial: (initialSupply.get(ctx) ?? 0n).toString(),
      minted: list(minted),
      burned: list(burned),
    });
  }
}

/** Sums of counters, and the supply that they come to. */
export function supplySums({ initial, minted, burned }: CountersMessage): {
  readonly initial: bigint;
  readonly minted: bigint;
  readonly burned: bigint;
  readonly supply: bigint;
} {
  const sum = (list: readonly { readonly amount: string }[]) =>
    list.reduce((total, { amount }) => total + amountInState(amount), 0n);
  const sums = { initial: amountInState(initial), minted: sum(minted), burned: sum(burned) };
  return { ...sums, supply: sums.initial + sums.minted - sums.burned };
}
