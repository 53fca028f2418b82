import type {
  MsgDeregisterProvider,
  MsgHeartbeat,
  MsgRegisterProvider,
  MsgUpdateProvider,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { Params } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { ProviderSchema, ProviderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  EventProviderHeartbeatSchema,
  EventProviderRegisteredSchema,
  EventProviderUnbondingSchema,
  EventProviderUpdatedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import type { Context } from "../../../core/runtime/context.js";
import { typedEvent } from "../../../core/runtime/typed-events.js";
import { parseAmount } from "../../../core/math/amount.js";
import { checkAttributes, checkEndpoints, checkSpan, readActor, readCoin, readRate } from "../checks.js";
import {
  ErrBondTooSmall,
  ErrDenomNotAccepted,
  ErrInvalidDuration,
  ErrOpenLeases,
  ErrProviderExists,
  ErrProviderUnbonding,
} from "../errors.js";
import type { MarketplaceKeeper } from "../keeper.js";
import type { Price } from "../types.js";
import { coinInState, coinMessage } from "../types.js";

/** Throws `marketplace` 44 unless orders can be paid in the denom. */
export function checkDenom(params: Params, denom: string): void {
  if (!params.acceptedDenoms.some((accepted) => accepted.denom === denom)) {
    const accepted = params.acceptedDenoms.map((entry) => entry.denom).join(", ");
    throw ErrDenomNotAccepted.with(`${denom}; accepted: ${accepted}`);
  }
}

function checkTtl(params: Params, ttlSeconds: bigint): void {
  const { minTtlSeconds, maxTtlSeconds } = params;
  if (ttlSeconds < minTtlSeconds || ttlSeconds > maxTtlSeconds) {
    throw ErrInvalidDuration.with(`ttl_seconds: ${ttlSeconds} is not within ${minTtlSeconds} and ${maxTtlSeconds}`);
  }
}

function checkOffer(keeper: MarketplaceKeeper, msg: MsgRegisterProvider | MsgUpdateProvider): Price {
  readActor(keeper.deps.addresses, msg.provider, "provider");
  checkAttributes(msg.attributes);
  checkEndpoints(msg.endpoints);
  checkSpan(msg.ttlSeconds, "ttl_seconds");
  return readRate(msg.price, "price");
}

export function registerProvider(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgRegisterProvider) {
      checkOffer(keeper, msg);
      readCoin(msg.bond, "bond");
    },
    execute(ctx: Context, msg: MsgRegisterProvider) {
      const price = checkOffer(keeper, msg);
      const bond = readCoin(msg.bond, "bond");
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      const params = keeper.params(ctx);
      checkTtl(params, msg.ttlSeconds);
      checkDenom(params, price.denom);
      const minBond = coinInState(params.minBond);
      if (bond.denom !== minBond.denom || bond.amount < minBond.amount) {
        throw ErrBondTooSmall.with(`${bond.amount}${bond.denom}, expected at least ${minBond.amount}${minBond.denom}`);
      }
      keeper.providers.advance(ctx, address); // the bond of a former registration may be due
      if (keeper.state.providers.has(ctx, address)) throw ErrProviderExists.plain();

      const provider = create(ProviderSchema, {
        address: msg.provider,
        state: ProviderState.ONLINE,
        attributes: checkAttributes(msg.attributes),
        price: msg.price!,
        bond: { denom: bond.denom, amount: "0" },
        bondReserved: "0",
        endpoints: msg.endpoints,
        ttlSeconds: msg.ttlSeconds,
        registeredTime: ctx.timeSeconds,
        liveUntilTime: ctx.timeSeconds + msg.ttlSeconds,
      });
      keeper.bonds.add(ctx, provider, address, bond);
      keeper.providers.set(ctx, address, provider);
      ctx.events.emit(
        typedEvent(EventProviderRegisteredSchema, {
          provider: msg.provider,
          kind: provider.attributes!.kind,
          bond: coinMessage(bond),
        }),
      );
      return {};
    },
  };
}

export function updateProvider(keeper: MarketplaceKeeper) {
  const readAddition = (msg: MsgUpdateProvider) =>
    msg.addBond === undefined || parseAmount(msg.addBond.amount) === 0n ? undefined : readCoin(msg.addBond, "add_bond");
  return {
    check(msg: MsgUpdateProvider) {
      checkOffer(keeper, msg);
      readAddition(msg);
    },
    execute(ctx: Context, msg: MsgUpdateProvider) {
      const price = checkOffer(keeper, msg);
      const addition = readAddition(msg);
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      const params = keeper.params(ctx);
      checkTtl(params, msg.ttlSeconds);
      checkDenom(params, price.denom);
      keeper.providers.advance(ctx, address);
      const provider = keeper.providers.get(ctx, address);
      if (provider.state === ProviderState.UNBONDING) throw ErrProviderUnbonding.plain();

      provider.attributes = checkAttributes(msg.attributes);
      provider.price = msg.price!;
      provider.endpoints = msg.endpoints;
      provider.ttlSeconds = msg.ttlSeconds; // from the next heartbeat on
      if (addition !== undefined) keeper.bonds.add(ctx, provider, address, addition);
      keeper.providers.set(ctx, address, provider);
      ctx.events.emit(
        typedEvent(EventProviderUpdatedSchema, {
          provider: msg.provider,
          bond: coinMessage(coinInState(provider.bond)),
        }),
      );
      return {};
    },
  };
}

export function heartbeat(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgHeartbeat) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
    },
    execute(ctx: Context, msg: MsgHeartbeat) {
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      keeper.providers.advance(ctx, address); // an overdue one has its consequences first
      const provider = keeper.providers.get(ctx, address);
      if (provider.state === ProviderState.UNBONDING) throw ErrProviderUnbonding.plain();
      provider.state = ProviderState.ONLINE;
      provider.liveUntilTime = ctx.timeSeconds + provider.ttlSeconds;
      keeper.providers.set(ctx, address, provider);
      const { liveUntilTime } = provider;
      ctx.events.emit(typedEvent(EventProviderHeartbeatSchema, { provider: msg.provider, liveUntilTime }));
      return { liveUntilTime };
    },
  };
}

export function deregisterProvider(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgDeregisterProvider) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
    },
    execute(ctx: Context, msg: MsgDeregisterProvider) {
      const address = readActor(keeper.deps.addresses, msg.provider, "provider");
      keeper.providers.advance(ctx, address);
      // Leases whose end is due must not hold it up: at most `max_open_leases_per_provider`.
      for (const id of [...keeper.state.openLeasesByProvider.keysOf(ctx, address)]) keeper.leases.advance(ctx, id);
      const provider = keeper.providers.get(ctx, address);
      if (provider.state === ProviderState.UNBONDING) throw ErrProviderUnbonding.plain();
      if (provider.openLeases > 0) throw ErrOpenLeases.with(`${provider.openLeases} open`);
      provider.state = ProviderState.UNBONDING;
      provider.unbondingTime = ctx.timeSeconds + keeper.params(ctx).unbondingSeconds;
      keeper.providers.set(ctx, address, provider);
      const { unbondingTime } = provider;
      ctx.events.emit(typedEvent(EventProviderUnbondingSchema, { provider: msg.provider, unbondingTime }));
      return { unbondingTime };
    },
  };
}
