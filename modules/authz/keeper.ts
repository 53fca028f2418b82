import type { Grant } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { GrantSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { EventGrantSchema, EventRevokeSchema } from "@computronium/proto/cosmos/authz/v1beta1/event_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { packAny } from "../../core/codec/registry.js";
import type { StoreReader } from "../../core/collections/collections.js";
import { timeKey } from "../../core/collections/keys.js";
import { ErrInvalidType, ErrUnauthorized } from "../../core/errors.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { Dispatcher } from "../../core/runtime/dispatch.js";
import { rfc3339 } from "../../core/runtime/time-text.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import type { ReadAuthorization, Request } from "./authorizations/index.js";
import { authorizationReader, isMarketSpending, SPEND_AUTHORIZATION } from "./authorizations/index.js";
import { ErrAuthorizationExpired, ErrInvalidExpirationTime, ErrNoAuthorizationFound } from "./errors.js";
import type { AccountKeeper, BankKeeper, MarketplaceReader } from "./expected.js";
import type { GrantKey } from "./state.js";
import { expiryOf, grants, grantsByExpiry } from "./state.js";

export interface AuthzKeeperOptions {
  readonly addresses: Addresses;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly market: MarketplaceReader;
  /** Carries out the messages of `MsgExec`. */
  readonly dispatcher: Dispatcher;
}

/** How many expired grants a block removes at most. Until it is its turn, an expired grant is as good as none. */
const MAX_REMOVED = 200;

/** Who may do what for whom. */
export class AuthzKeeper {
  readonly addresses: Addresses;
  readonly dispatcher: Dispatcher;
  readonly readAuthorization: ReadAuthorization;
  readonly #accounts: AccountKeeper;
  readonly #bank: BankKeeper;

  constructor({ addresses, accounts, bank, market, dispatcher }: AuthzKeeperOptions) {
    this.addresses = addresses;
    this.dispatcher = dispatcher;
    this.readAuthorization = authorizationReader(addresses, market);
    this.#accounts = accounts;
    this.#bank = bank;
  }

  get(ctx: StoreReader, key: GrantKey): Grant | undefined {
    return grants.get(ctx, key);
  }

  /** Whether a grant holds at the time of the block. */
  isInForce(ctx: ReadContext, grant: Grant): boolean {
    const expiry = expiryOf(grant);
    return expiry === undefined || expiry > ctx.block.timeNanos;
  }

  /**
   * Grants, in the place of what was granted for the same type of message before; makes the grantee's account. Throws
   * `authz` 3 for an expiration that is over, `sdk` 29 for messages that nobody handles, `sdk` 4 where the grantee is an
   * account of a module.
   */
  grant(ctx: Context, granter: AccAddress, grantee: AccAddress, granted: Grant): void {
    const { kind, value } = this.readAuthorization(granted.authorization);
    if (!this.#accounts.has(ctx, grantee)) {
      const text = this.addresses.account.encode(grantee);
      if (this.#bank.isBlocked(grantee)) throw ErrUnauthorized.with(`${text} is not allowed to receive funds`);
      this.#accounts.create(ctx, grantee);
    }
    const msgTypeUrl = kind.msgTypeUrl(value);
    if (msgTypeUrl !== SPEND_AUTHORIZATION && !this.dispatcher.handles(msgTypeUrl)) {
      throw ErrInvalidType.with(`${msgTypeUrl} doesn't exist.`);
    }
    if (!this.isInForce(ctx, granted)) {
      throw ErrInvalidExpirationTime.with(
        `expiration must be after the current block time (${rfc3339(ctx.block.timeNanos)}), got ${rfc3339(expiryOf(granted)!)}`,
      );
    }
    const authorization = packAny(kind.schema, kind.start?.(ctx, value) ?? value);
    this.restore(ctx, [granter, [grantee, msgTypeUrl]], { ...granted, authorization });
    ctx.events.emit(typedEvent(EventGrantSchema, this.#eventFields(granter, grantee, msgTypeUrl)));
  }

  /** Stores a grant as it is. For genesis; all else goes by {@link grant}. */
  restore(ctx: Context, key: GrantKey, grant: Pick<Grant, "authorization" | "expiration">): void {
    const { authorization, expiration } = grant;
    grants.set(
      ctx,
      key,
      create(GrantSchema, { ...(authorization && { authorization }), ...(expiration && { expiration }) }),
    );
  }

  /** Takes a grant back. Throws `authz` 2 where there is none. */
  revoke(ctx: Context, granter: AccAddress, grantee: AccAddress, msgTypeUrl: string): void {
    const key: GrantKey = [granter, [grantee, msgTypeUrl]];
    if (!grants.has(ctx, key))
      throw ErrNoAuthorizationFound.with(`failed to delete grant for ${msgTypeUrl.slice(0, 200)}`);
    grants.remove(ctx, key);
    ctx.events.emit(typedEvent(EventRevokeSchema, this.#eventFields(granter, grantee, msgTypeUrl)));
  }

  /**
   * Makes use of what the granter has granted to a grantee, for one message. Throws `authz` 2 or 6 where nothing was granted
   * or is no longer, and what the authorization throws.
   */
  use(ctx: Context, grantee: AccAddress, request: Request): void {
    const { granter, message } = request;
    const { key, grant } = this.#find(ctx, granter, grantee, message.typeUrl);
    if (!this.isInForce(ctx, grant)) throw ErrAuthorizationExpired.plain();
    const { kind, value } = this.readAuthorization(grant.authorization);
    const accepted = kind.accept(ctx, value, request);
    if (accepted === "kept") return;
    if (accepted === "used up") this.revoke(ctx, granter, grantee, key[1][1]);
    else this.restore(ctx, key, { ...grant, authorization: packAny(kind.schema, accepted) });
  }

  /** The grant for a type of message; of those of the marketplace, the mandate that covers several, too. */
  #find(ctx: Context, granter: AccAddress, grantee: AccAddress, typeUrl: string) {
    for (const name of isMarketSpending(typeUrl) ? [typeUrl, SPEND_AUTHORIZATION] : [typeUrl]) {
      const key: GrantKey = [granter, [grantee, name]];
      const grant = grants.get(ctx, key);
      if (grant !== undefined) return { key, grant };
    }
    const [from, to] = [granter, grantee].map((address) => this.addresses.account.encode(address));
    throw ErrNoAuthorizationFound.with(
      `failed to get grant with given granter: ${from}, grantee: ${to} & msgType: ${typeUrl} `,
    );
  }

  /** Removes grants that are over, at most {@link MAX_REMOVED} of them. */
  removeExpired(ctx: Context): void {
    const over: GrantKey[] = [];
    const end = timeKey.encode(ctx.block.timeNanos + 1n);
    for (const [, key] of grantsByExpiry.refs.keys(ctx, { end })) {
      over.push(key);
      if (over.length === MAX_REMOVED) break;
    }
    for (const key of over) grants.remove(ctx, key);
  }

  #eventFields(granter: AccAddress, grantee: AccAddress, msgTypeUrl: string) {
    const { account } = this.addresses;
    return { msgTypeUrl, granter: account.encode(granter), grantee: account.encode(grantee) };
  }
}
