import type { AccAddress } from "../../../core/address.js";
import type { StoreReader } from "../../../core/collections/collections.js";
import { ErrUnauthorized } from "../../../core/errors.js";
import type { Coins } from "../../../core/math/coins.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import { addDecCoins, decCoinsFromCoins, truncateDecCoins } from "../../../core/math/dec-coins.js";
import type { Context } from "../../../core/runtime/context.js";
import { changeBooks } from "./books.js";
import { withdrawalRedirected, withdrawAddressSet } from "./events.js";
import { ErrSetWithdrawAddrDisabled } from "./errors.js";
import { requireParams } from "./stored-params.js";
import { withdrawAddresses } from "./state.js";
import type { DistributionDeps } from "./types.js";

/** Where rewards of an account go: itself, unless it has said otherwise. */
export function withdrawAddressOf(ctx: StoreReader, owner: AccAddress): AccAddress {
  return withdrawAddresses.get(ctx, owner) ?? owner;
}

/** Throws `sdk` 4 for an address that takes no coins, `distribution` 8 where the parameters forbid it. */
export function setWithdrawAddress(ctx: Context, deps: DistributionDeps, owner: AccAddress, to: AccAddress): void {
  const text = deps.addresses.account.encode(to);
  if (deps.bank.isBlocked(to)) throw ErrUnauthorized.with(`${text} is not allowed to receive external funds`);
  if (!requireParams(ctx).withdrawAddrEnabled) throw ErrSetWithdrawAddrDisabled.plain();
  ctx.events.emit(withdrawAddressSet(text));
  withdrawAddresses.set(ctx, owner, to);
}

/** Where a withdrawal goes: an account, or the community pool when no account can take it. */
export interface Destination {
  /** What the owner has asked for. */
  readonly asked: AccAddress;
  readonly account: AccAddress | undefined;
}

/** Of a withdrawal that its owner asks for. Throws `sdk` 4 when the address takes no coins, so that he can set another. */
export function askedDestination(ctx: StoreReader, deps: DistributionDeps, owner: AccAddress): Destination {
  const asked = withdrawAddressOf(ctx, owner);
  if (deps.bank.isBlocked(asked)) {
    throw ErrUnauthorized.with(`${deps.addresses.account.encode(asked)} is not allowed to receive funds`);
  }
  return { asked, account: asked };
}

/**
 * Of a withdrawal that comes with a change of stake. It must not fail, whatever the owner has set: where his address takes no
 * coins any more they go to himself, and to the community pool where he takes none either.
 */
export function forcedDestination(ctx: StoreReader, deps: DistributionDeps, owner: AccAddress): Destination {
  const asked = withdrawAddressOf(ctx, owner);
  return { asked, account: [asked, owner].find((address) => !deps.bank.isBlocked(address)) };
}

/** Emits `withdraw_addr_redirected` where the coins do not go where the owner wants them. */
export function tellRedirection(
  ctx: Context,
  { addresses }: DistributionDeps,
  { asked, account }: Destination,
  of: { readonly validator: string; readonly delegator?: string },
): void {
  if (account === asked) return;
  const actual = account === undefined ? "community_pool" : addresses.account.encode(account);
  ctx.events.emit(withdrawalRedirected({ original: addresses.account.encode(asked), actual, ...of }));
}

/**
 * Takes coins out of the outstanding rewards: pays whole units, and puts what is behind the points into the community pool.
 * Returns what was paid. The caller takes the coins from the validator's own record.
 */
export function payOut(ctx: Context, { purse }: DistributionDeps, coins: DecCoins, { account }: Destination): Coins {
  const { whole, change } = truncateDecCoins(coins);
  if (account !== undefined && whole.length > 0) purse.pay(ctx, account, ...whole);
  const toPool = account === undefined ? addDecCoins(change, decCoinsFromCoins(whole)) : change;
  changeBooks(ctx, { fromOutstanding: coins, toPool });
  return whole;
}
