import type { Any } from "@bufbuild/protobuf/wkt";
import type { Grant } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import { GrantSchema } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { timeKey } from "../../core/collections/keys.js";
import { ErrInvalidRequest, ErrNotFound, ErrUnauthorized } from "../../core/errors.js";
import type { Coins } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { event } from "../../core/runtime/events.js";
import { expiryOf, packAllowance, readAllowance, useAllowance } from "./allowances.js";
import type { AccountKeeper, BankKeeper } from "./expected.js";
import type { AllowanceKey } from "./state.js";
import { allowances, allowancesByExpiry } from "./state.js";

export interface FeegrantKeeperOptions {
  readonly addresses: Addresses;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
}

/** What comparing with one type of message costs; x/feegrant/filtered_fee.go. */
const GAS_PER_MESSAGE = 10;

/** Who pays the fees of whom, and how much. */
export class FeegrantKeeper {
  readonly addresses: Addresses;
  readonly #accounts: AccountKeeper;
  readonly #bank: BankKeeper;

  constructor({ addresses, accounts, bank }: FeegrantKeeperOptions) {
    this.addresses = addresses;
    this.#accounts = accounts;
    this.#bank = bank;
  }

  /** An allowance that holds at the time of the block. One that is over is as good as none. */
  get(ctx: ReadContext, key: AllowanceKey): Grant | undefined {
    const grant = allowances.get(ctx, key);
    return grant !== undefined && this.isInForce(ctx, grant) ? grant : undefined;
  }

  isInForce(ctx: ReadContext, { allowance }: Grant): boolean {
    const expiry = expiryOf(readAllowance(allowance));
    return expiry === undefined || expiry >= ctx.block.timeNanos;
  }

  /**
   * Grants, and makes the grantee's account. Throws `sdk` 18 where there is an allowance, or for one that is over, `sdk` 4
   * where the grantee is an account of a module.
   */
  grant(ctx: Context, granter: AccAddress, grantee: AccAddress, allowance: Any): void {
    if (this.get(ctx, [grantee, granter]) !== undefined) throw ErrInvalidRequest.with("fee allowance already exists");
    if (!this.#accounts.has(ctx, grantee)) {
      const text = this.addresses.account.encode(grantee);
      if (this.#bank.isBlocked(grantee)) throw ErrUnauthorized.with(`${text} is not allowed to receive funds`);
      this.#accounts.create(ctx, grantee);
    }
    const expiry = expiryOf(readAllowance(allowance));
    if (expiry !== undefined && expiry < ctx.block.timeNanos) {
      throw ErrInvalidRequest.with("expiration is before current block time");
    }
    this.restore(ctx, [grantee, granter], allowance);
    this.#emit(ctx, "set_feegrant", granter, grantee);
  }

  /** Stores an allowance as it is. For genesis; all else goes by {@link grant}. */
  restore(ctx: Context, key: AllowanceKey, allowance: Any): void {
    const [grantee, granter] = key.map((address) => this.addresses.account.encode(address));
    allowances.set(ctx, key, create(GrantSchema, { granter: granter!, grantee: grantee!, allowance }));
  }

  /** Takes an allowance back. Throws `sdk` 38 where there is none. */
  revoke(ctx: Context, granter: AccAddress, grantee: AccAddress): void {
    if (!allowances.has(ctx, [grantee, granter])) throw ErrNotFound.with("fee-grant not found");
    allowances.remove(ctx, [grantee, granter]);
    this.#emit(ctx, "revoke_feegrant", granter, grantee);
  }

  /**
   * Takes a fee from an allowance; the coins themselves are the caller's to take. Throws `sdk` 38 where there is none,
   * `feegrant` 2, 3 or 7 where it does not cover the fee, is over, or is not for such messages.
   */
  use(
    ctx: Context,
    {
      granter,
      grantee,
      fee,
      messages,
    }: {
      readonly granter: AccAddress;
      readonly grantee: AccAddress;
      readonly fee: Coins;
      readonly messages: readonly string[];
    },
  ): void {
    const grant = allowances.get(ctx, [grantee, granter]);
    if (grant === undefined) throw ErrNotFound.with("fee-grant not found");
    const compared = (times: number) => ctx.gas.consume(GAS_PER_MESSAGE * times, "check msg");
    const left = useAllowance(readAllowance(grant.allowance), { fee, messages, now: ctx.block.timeNanos, compared });
    if (left === undefined) {
      this.revoke(ctx, granter, grantee);
      this.#emit(ctx, "use_feegrant", granter, grantee);
      return;
    }
    this.#emit(ctx, "use_feegrant", granter, grantee);
    this.restore(ctx, [grantee, granter], packAllowance(left));
    this.#emit(ctx, "update_feegrant", granter, grantee);
  }

  /** Removes allowances that are over, at most `limit` of them. */
  removeExpired(ctx: Context, limit: number): void {
    const over: AllowanceKey[] = [];
    for (const [, key] of allowancesByExpiry.refs.keys(ctx, { end: timeKey.encode(ctx.block.timeNanos) })) {
      over.push(key);
      if (over.length === limit) break;
    }
    for (const key of over) allowances.remove(ctx, key);
  }

  #emit(ctx: Context, type: string, granter: AccAddress, grantee: AccAddress): void {
    const { account } = this.addresses;
    ctx.events.emit(event(type, ["granter", account.encode(granter)], ["grantee", account.encode(grantee)]));
  }
}
