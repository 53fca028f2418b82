import type {
  BuybackAuction,
  BuybackBid,
  BuybackLot,
  BuybackParams,
} from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  BuybackAuctionSchema,
  BuybackBidSchema,
  ClearingSchema,
} from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import {
  EventBuybackBidCommittedSchema,
  EventBuybackBidRevealedSchema,
  EventBuybackBoughtSchema,
  EventBuybackClearedSchema,
  EventBuybackOpenedSchema,
} from "@computronium/proto/computronium/tokenomics/v1/events_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { minAmount, mulDivFloor } from "../../core/math/amount.js";
import type { Coin } from "../../core/math/coins.js";
import { coinMessage } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import { decMulAmountCeil, formatDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { OpenBid } from "./clearing.js";
import { clearAuction, timeWeightedPrice } from "./clearing.js";
import {
  ErrAuctionNotFound,
  ErrAuctionPhase,
  ErrBidExists,
  ErrBidNotFound,
  ErrBidTooLow,
  ErrDepositTooSmall,
  ErrInvalidAmount,
  ErrTooManyBids,
  ErrWrongOpening,
} from "./errors.js";
import type { BurningPurse, Purse } from "./expected.js";
import { amountInState, decInState } from "./params.js";
import { bidCommitment } from "./sealed-bid.js";
import { ALL_BPS } from "./split.js";
import { bids, clearingKey, clearings, nextAuction, nextAuctionTime, nextLot, openAuction } from "./state.js";

/** Former prices of a denom that its next price is measured by. */
export const MAX_CLEARINGS = 8;

export interface BuybackOptions {
  /** Holds the lot and the deposits of the auction that runs, and burns what is paid. */
  readonly purse: BurningPurse;
  readonly treasury: Purse;
  readonly addresses: Addresses;
  readonly denomOf: (ctx: ReadContext) => string;
  readonly paramsOf: (ctx: ReadContext) => BuybackParams;
}

/**
 * Sells other coins of the treasury for the chain's own, and burns those. One auction at a time: sealed bids with a deposit
 * first, then they are opened, then all buyers pay one price. No bid counts below the time-weighted average of the prices that
 * former auctions of the denom came to, less a discount; no price from outside is ever asked for.
 */
export class Buyback {
  readonly #o: BuybackOptions;

  constructor(options: BuybackOptions) {
    this.#o = options;
  }

  /** At the end of a block: ends the auction whose time is over, or begins one that is due. */
  endBlock(ctx: Context): void {
    const auction = openAuction.get(ctx);
    if (auction !== undefined) {
      if (ctx.timeSeconds >= auction.revealEndTime) this.#clear(ctx, auction);
      return;
    }
    const params = this.#o.paramsOf(ctx);
    if (params.enabled && ctx.timeSeconds >= (nextAuctionTime.get(ctx) ?? 0n)) this.#open(ctx, params);
  }

  /** Hands in a sealed bid. Throws `tokenomics` 30, 31, 32, 34, 35, and `sdk` 5 when the bidder has too little. */
  commit(ctx: Context, auctionId: bigint, bidder: AccAddress, commitment: Uint8Array, deposit: bigint): void {
    const auction = this.#running(ctx, auctionId);
    if (ctx.timeSeconds >= auction.commitEndTime) {
      throw ErrAuctionPhase.with(`sealed bids came until ${auction.commitEndTime}, it is ${ctx.timeSeconds}`);
    }
    const { maxBids, minDeposit } = this.#o.paramsOf(ctx);
    if (bids.has(ctx, bidder)) throw ErrBidExists.with("one bid for each bidder");
    if (auction.bids >= maxBids) throw ErrTooManyBids.with(`${maxBids} at most`);
    if (deposit < amountInState(minDeposit)) throw ErrDepositTooSmall.with(`${deposit}, at least ${minDeposit}`);
    this.#o.purse.collect(ctx, bidder, { denom: this.#o.denomOf(ctx), amount: deposit });
    const text = this.#o.addresses.account.encode(bidder);
    const sealed = { auctionId, bidder: text, number: auction.bids, commitment, deposit: deposit.toString() };
    bids.set(ctx, bidder, create(BuybackBidSchema, { ...sealed, quantity: "0", price: "0.000000000000000000" }));
    auction.bids += 1;
    openAuction.set(ctx, auction);
    ctx.events.emit(
      typedEvent(EventBuybackBidCommittedSchema, { auctionId, bidder: text, deposit: deposit.toString() }),
    );
  }

  /** Opens a sealed bid. Throws `tokenomics` 3, 30, 31, 32, 33, 36, 37. */
  reveal(
    ctx: Context,
    auctionId: bigint,
    bidder: AccAddress,
    opening: { readonly quantity: bigint; readonly price: Dec; readonly salt: Uint8Array },
  ): void {
    const auction = this.#running(ctx, auctionId);
    if (ctx.timeSeconds < auction.commitEndTime || ctx.timeSeconds >= auction.revealEndTime) {
      throw ErrAuctionPhase.with(
        `bids are opened from ${auction.commitEndTime} until ${auction.revealEndTime}, it is ${ctx.timeSeconds}`,
      );
    }
    const bid = bids.get(ctx, bidder);
    if (bid === undefined) throw ErrBidNotFound.with("no sealed bid of this bidder");
    if (bid.quantity !== "0") throw ErrBidExists.with("it is open already");
    const expected = bidCommitment({ chainId: ctx.block.chainId, auctionId, bidder: bid.bidder, ...opening });
    if (Buffer.compare(expected, bid.commitment) !== 0) {
      throw ErrWrongOpening.with("quantity, price and salt do not hash to the commitment");
    }
    const { quantity, price } = opening;
    const lot = amountInState(auction.lot?.amount ?? "");
    if (quantity > lot) throw ErrInvalidAmount.with(`quantity: ${quantity}, the lot has ${lot}`);
    if (price < decInState(auction.reservePrice)) throw ErrBidTooLow.with(`at least ${auction.reservePrice}`);
    const cost = decMulAmountCeil(quantity, price);
    if (cost > amountInState(bid.deposit)) {
      throw ErrDepositTooSmall.with(`the bid can cost ${cost}, the deposit is ${bid.deposit}`);
    }
    bid.quantity = quantity.toString();
    bid.price = formatDec(price);
    bids.set(ctx, bidder, bid);
    const told = { auctionId, bidder: bid.bidder, quantity: bid.quantity, price: bid.price };
    ctx.events.emit(typedEvent(EventBuybackBidRevealedSchema, told));
  }

  /** The least that counts for a lot at a time. */
  reservePrice(ctx: ReadContext, lot: BuybackLot, maxDiscountBps: number): Dec {
    const points = [...clearings.entries(ctx, { prefix: clearingKey.prefix(lot.denom) })].map(
      ([, { time, price }]) => ({ time, price: decInState(price) }),
    );
    const average = timeWeightedPrice(points, ctx.timeSeconds) ?? decInState(lot.firstPrice);
    const reserve = mulDivFloor(average, BigInt(ALL_BPS - maxDiscountBps), BigInt(ALL_BPS));
    return (reserve === 0n ? 1n : reserve) as Dec;
  }

  #running(ctx: ReadContext, id: bigint): BuybackAuction {
    const auction = openAuction.get(ctx);
    if (auction === undefined || auction.id !== id) throw ErrAuctionNotFound.with(`auction ${id} does not run`);
    return auction;
  }

  #open(ctx: Context, params: BuybackParams): void {
    const { lots } = params;
    nextAuctionTime.set(ctx, ctx.timeSeconds + params.intervalSeconds);
    const start = Number(nextLot.get(ctx) ?? 0n);
    for (let i = 0; i < lots.length; i++) {
      const at = (start + i) % lots.length;
      const lot = lots[at]!;
      const held = lot.denom === this.#o.denomOf(ctx) ? 0n : this.#o.treasury.balance(ctx, lot.denom);
      if (held < amountInState(lot.minAmount)) continue;
      nextLot.set(ctx, BigInt((at + 1) % lots.length));
      return this.#begin(ctx, lot, { denom: lot.denom, amount: minAmount(held, amountInState(lot.maxAmount)) }, params);
    }
  }

  #begin(ctx: Context, lot: BuybackLot, coin: Coin, params: BuybackParams): void {
    if (coin.amount === 0n) return;
    this.#o.treasury.pay(ctx, this.#o.purse.address, coin);
    const commitEndTime = ctx.timeSeconds + params.commitSeconds;
    const auction = create(BuybackAuctionSchema, {
      id: nextAuction.next(ctx),
      lot: coinMessage(coin),
      reservePrice: formatDec(this.reservePrice(ctx, lot, params.maxDiscountBps)),
      commitEndTime,
      revealEndTime: commitEndTime + params.revealSeconds,
      bids: 0,
    });
    openAuction.set(ctx, auction);
    const { id, reservePrice, revealEndTime } = auction;
    ctx.events.emit(
      typedEvent(EventBuybackOpenedSchema, {
        auctionId: id,
        lot: coinMessage(coin),
        reservePrice,
        commitEndTime,
        revealEndTime,
      }),
    );
  }

  #clear(ctx: Context, auction: BuybackAuction): void {
    const lot = { denom: auction.lot?.denom ?? "", amount: amountInState(auction.lot?.amount ?? "") };
    const all = [...bids.entries(ctx)];
    const { price, sold, fills } = clearAuction(
      lot.amount,
      all.filter(([, bid]) => bid.quantity !== "0").map(([, bid]) => openBid(bid)),
    );
    const filled = new Map(fills.map((fill) => [fill.bidder, fill]));
    let burned = 0n;
    let forfeited = 0n;
    for (const [bidder, bid] of all) {
      const fill = filled.get(bid.bidder);
      const forfeit = bid.quantity === "0" ? this.#forfeit(ctx, bid) : 0n;
      const kept = (fill?.cost ?? 0n) + forfeit;
      burned += kept;
      forfeited += forfeit;
      this.#payBidder(ctx, bidder, { denom: this.#o.denomOf(ctx), amount: amountInState(bid.deposit) - kept });
      if (fill !== undefined) {
        const bought = { denom: lot.denom, amount: fill.quantity };
        this.#payBidder(ctx, bidder, bought);
        const told = { bidder: bid.bidder, bought: coinMessage(bought), paid: fill.cost.toString() };
        ctx.events.emit(typedEvent(EventBuybackBoughtSchema, { auctionId: auction.id, ...told }));
      }
      bids.remove(ctx, bidder);
    }
    if (burned > 0n) this.#o.purse.burn(ctx, { denom: this.#o.denomOf(ctx), amount: burned });
    const unsold = { denom: lot.denom, amount: lot.amount - sold };
    if (unsold.amount > 0n) this.#o.purse.pay(ctx, this.#o.treasury.address, unsold);
    openAuction.remove(ctx);
    if (sold > 0n) this.#remember(ctx, lot.denom, auction.id, price);
    ctx.events.emit(
      typedEvent(EventBuybackClearedSchema, {
        auctionId: auction.id,
        sold: coinMessage({ denom: lot.denom, amount: sold }),
        price: sold > 0n ? formatDec(price) : "",
        burned: burned.toString(),
        forfeited: forfeited.toString(),
      }),
    );
  }

  #forfeit(ctx: ReadContext, bid: BuybackBid): bigint {
    return mulDivFloor(amountInState(bid.deposit), BigInt(this.#o.paramsOf(ctx).forfeitBps), BigInt(ALL_BPS));
  }

  #payBidder(ctx: Context, bidder: AccAddress, coin: Coin): void {
    if (coin.amount > 0n) this.#o.purse.pay(ctx, bidder, coin);
  }

  #remember(ctx: Context, denom: string, auctionId: bigint, price: Dec): void {
    const time = ctx.timeSeconds;
    clearings.set(ctx, [denom, auctionId], create(ClearingSchema, { denom, auctionId, time, price: formatDec(price) }));
    const kept = [...clearings.keys(ctx, { prefix: clearingKey.prefix(denom) })];
    for (const key of kept.slice(0, Math.max(0, kept.length - MAX_CLEARINGS))) clearings.remove(ctx, key);
  }
}

function openBid({ bidder, number, quantity, price }: BuybackBid): OpenBid {
  return { bidder, number, quantity: amountInState(quantity), price: decInState(price) };
}
