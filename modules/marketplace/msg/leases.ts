import type {
  MsgAckUsage,
  MsgCloseLease,
  MsgStartLease,
  MsgSubmitResult,
  MsgSubmitUsage,
  MsgTopUp,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { Lease } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  CloseReason,
  LeaseState,
  ProviderState,
  UsageClaimSchema,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  EventLeaseStartedSchema,
  EventLeaseToppedUpSchema,
  EventResultSubmittedSchema,
  EventUsageSubmittedSchema,
} from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import { toByteString } from "../../../core/bytes.js";
import { create } from "../../../core/codec/protobuf.js";
import { minAmount } from "../../../core/math/amount.js";
import type { Context } from "../../../core/runtime/context.js";
import { typedEvent } from "../../../core/runtime/typed-events.js";
import { checkHash, readActor, readCoin } from "../checks.js";
import { claimedSeconds, ranSeconds } from "../deadlines.js";
import {
  ErrLeaseState,
  ErrManifestMismatch,
  ErrNotProvider,
  ErrNotTenant,
  ErrProviderNotOnline,
  ErrResultExists,
  ErrUsageDecreasing,
  ErrUsageNotClaimed,
  ErrUsageSequence,
} from "../errors.js";
import type { MarketplaceKeeper } from "../keeper.js";
import { setClaims } from "../leases.js";
import { coinMessage } from "../types.js";

const RUNNING = [LeaseState.ACTIVE, LeaseState.PAUSED];
const CLAIMABLE = [...RUNNING, LeaseState.CLOSING];

function requireState(lease: Lease, allowed: readonly LeaseState[]): void {
  if (!allowed.includes(lease.state)) {
    const names = allowed.map((state) => LeaseState[state]).join(", ");
    throw ErrLeaseState.with(`lease ${lease.id} is ${LeaseState[lease.state]}, expected ${names}`);
  }
}

function requireProvider(lease: Lease, sender: string): void {
  if (lease.provider !== sender) throw ErrNotProvider.plain();
}

/** Records a claim of so many seconds, which is above what was claimed before. */
function recordClaim(ctx: Context, keeper: MarketplaceKeeper, lease: Lease, seconds: bigint, seq: bigint): void {
  lease.lastSeq = seq;
  const acceptTime = ctx.timeSeconds + keeper.params(ctx).ackWindowSeconds;
  const claim = create(UsageClaimSchema, { seconds, seq, acceptTime });
  // The oldest claim keeps its window, however often the provider claims; newer ones share the second place.
  if (seconds > claimedSeconds(lease)) setClaims(lease, lease.pending === undefined ? [claim] : [lease.pending, claim]);
  ctx.events.emit(
    typedEvent(EventUsageSubmittedSchema, { leaseId: lease.id, provider: lease.provider, seconds, seq, acceptTime }),
  );
}

/** The provider ends its side. If it has claimed nothing yet, this claims all of the time that ran. */
function finishByProvider(ctx: Context, keeper: MarketplaceKeeper, lease: Lease, reason: CloseReason): void {
  const ran = ranSeconds(lease, ctx.timeSeconds);
  if (lease.lastSeq === 0n && ran > 0n) recordClaim(ctx, keeper, lease, ran, 1n);
  lease.providerDone = true;
  if (lease.state === LeaseState.CLOSING) keeper.leases.settleIfDone(ctx, lease, ctx.timeSeconds);
  else keeper.leases.close(ctx, lease, reason, ctx.timeSeconds);
}

export function startLease(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgStartLease) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
      checkHash(msg.manifestHash, "manifest_hash");
    },
    execute(ctx: Context, msg: MsgStartLease) {
      const lease = keeper.leases.current(ctx, msg.leaseId);
      requireProvider(lease, msg.provider);
      requireState(lease, [LeaseState.PENDING]);
      const provider = keeper.providers.ofLease(ctx, keeper.deps.addresses.account.decode(lease.provider));
      if (provider.state !== ProviderState.ONLINE) throw ErrProviderNotOnline.with("send a heartbeat first");
      if (toByteString(msg.manifestHash) !== toByteString(lease.manifestHash)) throw ErrManifestMismatch.plain();
      lease.state = LeaseState.ACTIVE;
      lease.startedTime = ctx.timeSeconds;
      lease.activeSinceTime = ctx.timeSeconds;
      lease.startDeadlineTime = 0n;
      keeper.leases.set(ctx, lease);
      const { tenant, provider: address, manifestHash } = lease;
      ctx.events.emit(
        typedEvent(EventLeaseStartedSchema, { leaseId: lease.id, tenant, provider: address, manifestHash }),
      );
      return {};
    },
  };
}

export function submitUsage(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgSubmitUsage) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
    },
    execute(ctx: Context, msg: MsgSubmitUsage) {
      const lease = keeper.leases.current(ctx, msg.leaseId);
      requireProvider(lease, msg.provider);
      requireState(lease, CLAIMABLE);
      if (lease.providerDone) throw ErrLeaseState.with(`the provider of lease ${lease.id} has finished`);
      if (msg.seq <= lease.lastSeq) throw ErrUsageSequence.with(`${msg.seq}, the last one was ${lease.lastSeq}`);
      const claimed = claimedSeconds(lease);
      if (msg.seconds < claimed) throw ErrUsageDecreasing.with(`${msg.seconds} seconds after ${claimed}`);
      const seconds = minAmount(msg.seconds, ranSeconds(lease, ctx.timeSeconds));
      recordClaim(ctx, keeper, lease, seconds, msg.seq);
      if (lease.state === LeaseState.CLOSING && seconds >= lease.accruedSeconds) lease.providerDone = true;
      keeper.leases.settleIfDone(ctx, lease, ctx.timeSeconds);
      keeper.leases.set(ctx, lease);
      return { seconds };
    },
  };
}

export function ackUsage(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgAckUsage) {
      readActor(keeper.deps.addresses, msg.tenant, "tenant");
    },
    execute(ctx: Context, msg: MsgAckUsage) {
      const lease = keeper.leases.current(ctx, msg.leaseId);
      if (lease.tenant !== msg.tenant) throw ErrNotTenant.plain();
      requireState(lease, CLAIMABLE);
      const claimed = claimedSeconds(lease);
      if (msg.seconds > claimed) throw ErrUsageNotClaimed.with(`${msg.seconds} seconds, ${claimed} were claimed`);
      if (msg.seconds <= lease.acceptedSeconds) {
        throw ErrUsageDecreasing.with(`${msg.seconds} seconds, ${lease.acceptedSeconds} are accepted`);
      }
      const { denom } = keeper.escrow.balance(ctx, lease.escrowId);
      const amount = keeper.leases.accept(ctx, lease, msg.seconds, false);
      keeper.leases.settleIfDone(ctx, lease, ctx.timeSeconds);
      keeper.leases.set(ctx, lease);
      return { paid: coinMessage({ denom, amount }) };
    },
  };
}

export function topUp(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgTopUp) {
      readActor(keeper.deps.addresses, msg.sender, "sender");
      readCoin(msg.amount, "amount");
    },
    execute(ctx: Context, msg: MsgTopUp) {
      const coin = readCoin(msg.amount, "amount");
      const lease = keeper.leases.current(ctx, msg.leaseId);
      requireState(lease, [LeaseState.PENDING, ...RUNNING]);
      const sender = readActor(keeper.deps.addresses, msg.sender, "sender");
      keeper.escrow.deposit(ctx, lease.escrowId, sender, coin);
      ctx.events.emit(
        typedEvent(EventLeaseToppedUpSchema, { leaseId: lease.id, sender: msg.sender, amount: coinMessage(coin) }),
      );
      keeper.leases.fund(ctx, lease);
      keeper.leases.set(ctx, lease);
      return {};
    },
  };
}

export function submitResult(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgSubmitResult) {
      readActor(keeper.deps.addresses, msg.provider, "provider");
      checkHash(msg.resultHash, "result_hash");
    },
    execute(ctx: Context, msg: MsgSubmitResult) {
      const lease = keeper.leases.current(ctx, msg.leaseId);
      requireProvider(lease, msg.provider);
      if (lease.resultHash.length > 0) throw ErrResultExists.plain();
      requireState(lease, CLAIMABLE);
      lease.resultHash = msg.resultHash;
      const { tenant, provider, resultHash } = lease;
      ctx.events.emit(typedEvent(EventResultSubmittedSchema, { leaseId: lease.id, tenant, provider, resultHash }));
      finishByProvider(ctx, keeper, lease, CloseReason.RESULT);
      keeper.leases.set(ctx, lease);
      return {};
    },
  };
}

export function closeLease(keeper: MarketplaceKeeper) {
  return {
    check(msg: MsgCloseLease) {
      readActor(keeper.deps.addresses, msg.sender, "sender");
    },
    execute(ctx: Context, msg: MsgCloseLease) {
      const lease = keeper.leases.current(ctx, msg.leaseId);
      if (lease.tenant === msg.sender) closeByTenant(ctx, keeper, lease);
      else if (lease.provider === msg.sender) closeByProvider(ctx, keeper, lease);
      else throw ErrNotTenant.with("nor its provider");
      keeper.leases.set(ctx, lease);
      return { state: lease.state };
    },
  };
}

function closeByTenant(ctx: Context, keeper: MarketplaceKeeper, lease: Lease): void {
  requireState(lease, [LeaseState.PENDING, ...CLAIMABLE]);
  if (lease.state === LeaseState.PENDING) return keeper.leases.cancelPending(ctx, lease);
  if (lease.state !== LeaseState.CLOSING) return keeper.leases.close(ctx, lease, CloseReason.TENANT, ctx.timeSeconds);
  const claimed = claimedSeconds(lease);
  if (claimed > lease.acceptedSeconds) keeper.leases.accept(ctx, lease, claimed, false);
  keeper.leases.settleIfDone(ctx, lease, ctx.timeSeconds);
}

function closeByProvider(ctx: Context, keeper: MarketplaceKeeper, lease: Lease): void {
  requireState(lease, [LeaseState.PENDING, ...CLAIMABLE]);
  if (lease.state === LeaseState.PENDING) keeper.leases.noShow(ctx, lease, ctx.timeSeconds);
  else finishByProvider(ctx, keeper, lease, CloseReason.PROVIDER);
}
