import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { DepositSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { Settlement } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { SettlementKind, SettlementSchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { AccAddress, Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { Coin, Coins } from "../../../core/math/coins.js";
import {
  addCoins,
  amountOf,
  coinMessages,
  coinsOf,
  formatCoins,
  NO_COINS,
  parseCoins,
} from "../../../core/math/coins.js";
import { DEC_ZERO, decFromInteger, decMul, decMulAmountFloor, decRoundInt } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { CommunityPool } from "../../stake/types.js";
import type { DepositPurse } from "../expected.js";
import { ErrInvalidDepositDenom, ErrMinDepositTooSmall } from "./errors.js";
import type { GovParams } from "./keeper.js";
import { decOfParams, holdsAll } from "./params.js";
import type { GovState } from "./state.js";

export interface DepositsOptions {
  readonly addresses: Addresses;
  readonly state: GovState;
  readonly purse: DepositPurse;
  /** Takes the charge of cancelled proposals where the parameters say so. */
  readonly communityPool: CommunityPool | undefined;
  /** The account by which the community pool is named as destination. */
  readonly communityPoolAddress: AccAddress;
}

/** What the parameters ask of the deposits of a proposal. */
export function minimumOf(params: GovParams, { expedited }: Pick<Proposal, "expedited">): Coins {
  return parseCoins(expedited ? params.expeditedMinDeposit : params.minDeposit);
}

/** The deposits of proposals, on the account of governance. */
export class Deposits {
  readonly #options: DepositsOptions;

  constructor(options: DepositsOptions) {
    this.#options = options;
  }

  /** Throws `gov` 16 when a new proposal does not bring along the part of the minimum that it must. */
  requireInitial(params: GovParams, initial: Coins, proposal: Pick<Proposal, "expedited">): void {
    const ratio = decOfParams(params.minInitialDepositRatio);
    if (ratio === DEC_ZERO) return;
    const needed = minimumOf(params, proposal).map(({ denom, amount }) => ({
      denom,
      amount: decRoundInt(decMul(decFromInteger(amount), ratio)),
    }));
    if (!holdsAll(initial, needed)) {
      throw ErrMinDepositTooSmall.with(`was (${formatCoins(initial)}), need (${formatCoins(needed)})`);
    }
  }

  /** Throws `gov` 23 for coins in which no deposits are made. */
  requireDenoms(params: GovParams, coins: Coins): void {
    const accepted = params.minDeposit.map(({ denom }) => denom);
    if (coins.every(({ denom }) => accepted.includes(denom))) return;
    throw ErrInvalidDepositDenom.with(
      `deposited ${formatCoins(coins)}, but gov accepts only the following denom(s): [${accepted.join(" ")}]`,
    );
  }

  /** Throws `gov` 16 for a deposit that is too small to be worth a record. */
  requireWorth(params: GovParams, coins: Coins, proposal: Pick<Proposal, "expedited">): void {
    const ratio = decOfParams(params.minDepositRatio);
    if (ratio === DEC_ZERO) return;
    const thresholds = minimumOf(params, proposal).map(({ denom, amount }) => ({
      denom,
      amount: decMulAmountFloor(amount, ratio),
    }));
    const isMet = thresholds.some(
      ({ denom, amount }) => coins.some((coin) => coin.denom === denom) && amountOf(coins, denom) >= amount,
    );
    if (isMet) return;
    throw ErrMinDepositTooSmall.with(
      `received ${formatCoins(coins)} but need at least one of the following: ${formatCoins(thresholds)}`,
    );
  }

  /** Takes coins from the depositor, and notes them with what it gave before. */
  add(ctx: Context, proposalId: bigint, depositor: AccAddress, coins: Coins): void {
    const { state, purse, addresses } = this.#options;
    if (coins.length > 0) purse.collect(ctx, depositor, ...coins);
    const before = state.deposits.get(ctx, [proposalId, depositor]);
    const amount = coinMessages(addCoins(parseCoins(before?.amount ?? []), coins));
    state.deposits.set(
      ctx,
      [proposalId, depositor],
      create(DepositSchema, { proposalId, depositor: addresses.account.encode(depositor), amount }),
    );
    this.#addToTotals(ctx, coins);
  }

  /** Writes a deposit of a genesis, whose coins are there already. */
  restore(ctx: Context, proposalId: bigint, depositor: AccAddress, coins: Coins): void {
    const { state, addresses } = this.#options;
    const text = addresses.account.encode(depositor);
    const deposit = create(DepositSchema, { proposalId, depositor: text, amount: coinMessages(coins) });
    state.deposits.set(ctx, [proposalId, depositor], deposit);
    this.#addToTotals(ctx, coins);
  }

  refund(ctx: Context, proposalId: bigint): void {
    this.#begin(ctx, proposalId, create(SettlementSchema, { kind: SettlementKind.REFUND }));
  }

  burn(ctx: Context, proposalId: bigint): void {
    this.#begin(ctx, proposalId, create(SettlementSchema, { kind: SettlementKind.BURN }));
  }

  /** Keeps a part of each deposit for the destination of the parameters (or burns it), and gives back the rest. */
  charge(ctx: Context, proposalId: bigint, params: GovParams): void {
    const { proposalCancelRatio: chargeRatio, proposalCancelDest: chargeDest } = params;
    this.#begin(ctx, proposalId, create(SettlementSchema, { kind: SettlementKind.CHARGE, chargeRatio, chargeDest }));
  }

  /** Whether the deposits of a proposal are on their way back. */
  isSettling(ctx: ReadContext, proposalId: bigint): boolean {
    return this.#options.state.settlements.get(ctx, proposalId) !== undefined;
  }

  /** Settles at most `limit` deposits of proposals that have ended, the oldest proposal first. Returns how many. */
  settle(ctx: Context, limit: number): number {
    let left = limit;
    while (left > 0) {
      const [proposalId] = this.#options.state.settlements.keys(ctx);
      if (proposalId === undefined) break;
      left -= Math.max(1, this.settleOne(ctx, proposalId, left));
    }
    return limit - left;
  }

  /** Settles at most `limit` deposits of one proposal. Returns how many. */
  settleOne(ctx: Context, proposalId: bigint, limit: number): number {
    const { state } = this.#options;
    const settlement = state.settlements.get(ctx, proposalId);
    if (settlement === undefined) return 0;
    let count = 0;
    let kept: Coins = NO_COINS;
    let isDone = true;
    for (const [key, { amount }] of [
      ...firstEntries(state.deposits.entries(ctx, { prefix: state.depositKey.prefix(proposalId) }), limit + 1),
    ]) {
      if (count >= limit) {
        isDone = false;
        break;
      }
      count += 1;
      const coins = parseCoins(amount);
      const charged = chargedPart(settlement, coins);
      kept = addCoins(kept, charged);
      this.#giveBack(ctx, key, { coins, charged });
    }
    if (kept.length > 0) this.#dispose(ctx, settlement, kept);
    if (isDone) state.settlements.remove(ctx, proposalId);
    return count;
  }

  /** Whether the account holds what the records say; undefined when it does. */
  shortage(ctx: ReadContext): string | undefined {
    const { state, purse } = this.#options;
    for (const [denom, total] of state.depositTotals.entries(ctx)) {
      const held = purse.balance(ctx, denom);
      if (held < total) return `the account of governance holds ${held}${denom}, deposits are ${total}${denom}`;
    }
    return undefined;
  }

  #begin(ctx: Context, proposalId: bigint, settlement: Settlement): void {
    this.#options.state.settlements.set(ctx, proposalId, settlement);
  }

  #giveBack(
    ctx: Context,
    key: readonly [bigint, AccAddress],
    { coins, charged }: { readonly coins: Coins; readonly charged: Coins },
  ): void {
    const { state, purse } = this.#options;
    const back = coins.map(({ denom, amount }) => ({ denom, amount: amount - amountOf(charged, denom) }));
    const paid = coinsOf(back);
    state.deposits.remove(ctx, key);
    this.#takeFromTotals(ctx, coins);
    if (paid.length > 0) purse.pay(ctx, key[1], ...paid);
  }

  #dispose(ctx: Context, { kind, chargeDest }: Settlement, coins: Coins): void {
    const { purse, communityPool, communityPoolAddress, addresses } = this.#options;
    if (kind !== SettlementKind.CHARGE || chargeDest === "") {
      purse.burn(ctx, ...coins);
      return;
    }
    const dest = addresses.account.decode(chargeDest);
    if (dest === communityPoolAddress && communityPool !== undefined) communityPool.fund(ctx, purse.address, coins);
    else purse.pay(ctx, dest, ...coins);
  }

  #addToTotals(ctx: Context, coins: readonly Coin[]): void {
    const { depositTotals } = this.#options.state;
    for (const { denom, amount } of coins)
      depositTotals.set(ctx, denom, (depositTotals.get(ctx, denom) ?? 0n) + amount);
  }

  #takeFromTotals(ctx: Context, coins: readonly Coin[]): void {
    const { depositTotals } = this.#options.state;
    for (const { denom, amount } of coins) {
      const left = (depositTotals.get(ctx, denom) ?? 0n) - amount;
      if (left === 0n) depositTotals.remove(ctx, denom);
      else depositTotals.set(ctx, denom, left);
    }
  }
}

/** What does not go back to the depositor. */
function chargedPart({ kind, chargeRatio }: Settlement, coins: Coins): Coins {
  if (kind === SettlementKind.REFUND) return NO_COINS;
  if (kind === SettlementKind.BURN) return coins;
  const ratio = decOfParams(chargeRatio);
  return coinsOf(coins.map(({ denom, amount }) => ({ denom, amount: decMulAmountFloor(amount, ratio) })));
}

function* firstEntries<T>(entries: Iterable<T>, limit: number): IterableIterator<T> {
  let count = 0;
  for (const entry of entries) {
    if (count++ >= limit) return;
    yield entry;
  }
}
