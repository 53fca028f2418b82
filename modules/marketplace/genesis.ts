import type { GenesisState } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";
import type { Lease } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  BidState,
  LeaseState,
  OrderState,
  ProviderState,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import type { Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import { parseAmount } from "../../core/math/amount.js";
import { isDenom } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { GenesisError } from "../../core/runtime/genesis.js";
import { checkAttributes, checkEndpoints, checkHash, checkRequirements, readActor } from "./checks.js";
import { addToTotal } from "./escrow.js";
import { backingProblem } from "./backing.js";
import type { MarketplaceKeeper } from "./keeper.js";
import { paramProblems } from "./params.js";
import { isOpenLease } from "./state.js";
import { coinInState, CorruptStateError, costOfSeconds, kindName, MAX_TIME_SECONDS, readPrice } from "./types.js";

/** The state of a fresh chain whose orders are paid in `denom`. */
export function emptyGenesis(params: GenesisState["params"]): GenesisState {
  return create(GenesisStateSchema, params === undefined ? {} : { params });
}

/** Collects problems with where they are. */
class Problems {
  readonly list: string[] = [];

  add(where: string, what: string): void {
    this.list.push(`${where}: ${what}`);
  }

  /** Runs a check that throws registered errors. */
  attempt(where: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      this.add(where, error.message);
    }
  }

  amount(where: string, text: string | undefined): bigint {
    const amount = parseAmount(text ?? "");
    if (amount === undefined) this.add(where, `"${text ?? ""}" is no amount`);
    return amount ?? 0n;
  }

  coin(where: string, coin: { readonly denom: string; readonly amount: string } | undefined): bigint {
    if (!isDenom(coin?.denom ?? "")) this.add(`${where}.denom`, `"${coin?.denom ?? ""}" is no denom`);
    return this.amount(`${where}.amount`, coin?.amount);
  }

  time(where: string, seconds: bigint): void {
    if (seconds >= MAX_TIME_SECONDS) this.add(where, `${seconds} is no time`);
  }
}

/**
 * What is wrong with a state by itself: fields, references between records, and sums. It is what genesis must fulfil, and
 * what an invariant checks of the state at any height.
 */
export function stateProblems(state: GenesisState, addresses: Addresses): readonly string[] {
  const problems = new Problems();
  if (state.params === undefined) problems.add("params", "missing");
  else for (const problem of paramProblems(state.params)) problems.list.push(`params.${problem}`);
  const actor = (where: string, text: string) =>
    problems.attempt(where, () => void readActor(addresses, text, "address"));
  const leasesOf = new Map<string, Lease[]>();
  for (const lease of state.leases) {
    leasesOf.set(lease.provider, [...(leasesOf.get(lease.provider) ?? []), lease]);
  }

  const providers = new Set<string>();
  state.providers.forEach((provider, i) => {
    const at = `providers[${i}]`;
    actor(`${at}.address`, provider.address);
    if (providers.has(provider.address)) problems.add(`${at}.address`, "is there twice");
    providers.add(provider.address);
    if (provider.state < ProviderState.ONLINE || provider.state > ProviderState.UNBONDING) {
      problems.add(`${at}.state`, `${provider.state} does not exist`);
    }
    problems.attempt(`${at}.attributes`, () => void checkAttributes(provider.attributes));
    problems.attempt(`${at}.endpoints`, () => checkEndpoints(provider.endpoints));
    if (readPrice(provider.price) === undefined) problems.add(`${at}.price`, "is no rate");
    for (const field of ["ttlSeconds", "registeredTime", "liveUntilTime", "unbondingTime"] as const) {
      problems.time(`${at}.${field}`, provider[field]);
    }
    const bond = problems.coin(`${at}.bond`, provider.bond);
    const reserved = problems.amount(`${at}.bondReserved`, provider.bondReserved);
    if (reserved > bond) problems.add(`${at}.bondReserved`, `${reserved} is above the bond of ${bond}`);
    const open = (leasesOf.get(provider.address) ?? []).filter((lease) => isOpenLease(lease.state));
    if (open.length !== provider.openLeases) {
      problems.add(`${at}.openLeases`, `${provider.openLeases}, but ${open.length} leases are open`);
    }
    const penalties = open
      .filter((lease) => !lease.penaltyPaid)
      .reduce((sum, lease) => sum + (parseAmount(lease.penalty?.amount ?? "") ?? 0n), 0n);
    if (penalties !== reserved) problems.add(`${at}.bondReserved`, `${reserved}, but open leases reserve ${penalties}`);
    if (provider.state === ProviderState.UNBONDING && open.length > 0) {
      problems.add(`${at}.state`, "UNBONDING with open leases");
    }
  });

  const escrows = new Map<bigint, GenesisState["escrows"][number]>();
  state.escrows.forEach((escrow, i) => {
    const at = `escrows[${i}]`;
    if (escrow.id === 0n || escrow.id >= (state.nextEscrowId || 1n)) {
      problems.add(`${at}.id`, `${escrow.id} is not below nextEscrowId`);
    }
    if (escrows.has(escrow.id)) problems.add(`${at}.id`, "is there twice");
    escrows.set(escrow.id, escrow);
    actor(`${at}.owner`, escrow.owner);
    const balance = problems.coin(`${at}.balance`, escrow.balance);
    const deposited = problems.amount(`${at}.deposited`, escrow.deposited);
    const paid = problems.amount(`${at}.paid`, escrow.paid);
    const refunded = problems.amount(`${at}.refunded`, escrow.refunded);
    if (deposited !== balance + paid + refunded) {
      problems.add(at, `deposited ${deposited} is not balance ${balance} + paid ${paid} + refunded ${refunded}`);
    }
  });

  const orders = new Map<bigint, GenesisState["orders"][number]>();
  const users = new Map<bigint, bigint>();
  state.orders.forEach((order, i) => {
    const at = `orders[${i}]`;
    if (order.id === 0n || order.id >= (state.nextOrderId || 1n)) {
      problems.add(`${at}.id`, `${order.id} is not below nextOrderId`);
    }
    if (orders.has(order.id)) problems.add(`${at}.id`, "is there twice");
    orders.set(order.id, order);
    actor(`${at}.owner`, order.owner);
    problems.attempt(`${at}.requirements`, () => void checkRequirements(order.requirements));
    problems.attempt(`${at}.manifestHash`, () => checkHash(order.manifestHash, "manifest_hash"));
    if (readPrice(order.maxPrice) === undefined) problems.add(`${at}.maxPrice`, "is no rate");
    for (const field of ["durationSeconds", "createdTime", "expiryTime", "pruneTime"] as const) {
      problems.time(`${at}.${field}`, order[field]);
    }
    const escrow = escrows.get(order.escrowId);
    if (escrow === undefined) problems.add(`${at}.escrowId`, `escrow account ${order.escrowId} does not exist`);
    else if (escrow.owner !== order.owner) problems.add(`${at}.escrowId`, "belongs to somebody else");
    else if (order.state !== OrderState.OPEN && order.state !== OrderState.MATCHED && escrow.balance?.amount !== "0") {
      problems.add(`${at}.escrowId`, "a closed order still has money");
    }
    if (users.has(order.escrowId)) problems.add(`${at}.escrowId`, "is used twice");
    users.set(order.escrowId, order.id);
    if (order.state < OrderState.OPEN || order.state > OrderState.CANCELLED) {
      problems.add(`${at}.state`, `${order.state} does not exist`);
    }
    if ((order.state === OrderState.MATCHED) !== order.leaseId > 0n) {
      problems.add(`${at}.leaseId`, "belongs with the state MATCHED");
    }
  });
  for (const id of escrows.keys()) if (!users.has(id)) problems.add(`escrows`, `account ${id} belongs to no order`);

  const bidCounts = new Map<bigint, number>();
  const bidKeys = new Set<string>();
  state.bids.forEach((bid, i) => {
    const at = `bids[${i}]`;
    actor(`${at}.provider`, bid.provider);
    const key = `${bid.orderId}/${bid.provider}`;
    if (bidKeys.has(key)) problems.add(at, "is there twice");
    bidKeys.add(key);
    if (!orders.has(bid.orderId)) problems.add(`${at}.orderId`, `order ${bid.orderId} does not exist`);
    if (bid.state < BidState.OPEN || bid.state > BidState.FAILED) {
      problems.add(`${at}.state`, `${bid.state} does not exist`);
    }
    if (readPrice(bid.price) === undefined) problems.add(`${at}.price`, "is no rate");
    bidCounts.set(bid.orderId, (bidCounts.get(bid.orderId) ?? 0) + 1);
  });
  state.orders.forEach((order, i) => {
    const count = bidCounts.get(order.id) ?? 0;
    if (count !== order.bidCount)
      problems.add(`orders[${i}].bidCount`, `${order.bidCount}, but there are ${count} bids`);
  });

  const leases = new Set<bigint>();
  state.leases.forEach((lease, i) => {
    const at = `leases[${i}]`;
    if (lease.id === 0n || lease.id >= (state.nextLeaseId || 1n)) {
      problems.add(`${at}.id`, `${lease.id} is not below nextLeaseId`);
    }
    if (leases.has(lease.id)) problems.add(`${at}.id`, "is there twice");
    leases.add(lease.id);
    actor(`${at}.tenant`, lease.tenant);
    actor(`${at}.provider`, lease.provider);
    if (lease.tenant === lease.provider) problems.add(at, "tenant and provider are the same");
    if (kindName(lease.kind) === undefined) problems.add(`${at}.kind`, `${lease.kind} does not exist`);
    if (lease.state < LeaseState.PENDING || lease.state > LeaseState.NO_SHOW) {
      problems.add(`${at}.state`, `${lease.state} does not exist`);
    }
    problems.coin(`${at}.penalty`, lease.penalty);
    checkLeaseSums(problems, at, lease, escrows.get(lease.escrowId));
    const order = orders.get(lease.orderId);
    if (lease.state !== LeaseState.NO_SHOW) {
      if (order === undefined || order.leaseId !== lease.id) {
        problems.add(`${at}.orderId`, `order ${lease.orderId} does not lead to this lease`);
      } else if (order.escrowId !== lease.escrowId) problems.add(`${at}.escrowId`, "is not that of its order");
    }
    if (isOpenLease(lease.state) && !providers.has(lease.provider)) problems.add(`${at}.provider`, "is not registered");
    if (lease.state === LeaseState.SETTLED && escrows.get(lease.escrowId)?.balance?.amount !== "0") {
      problems.add(`${at}.escrowId`, "a settled lease still has money");
    }
  });
  state.orders.forEach((order, i) => {
    if (order.leaseId > 0n && !leases.has(order.leaseId)) {
      problems.add(`orders[${i}].leaseId`, `lease ${order.leaseId} does not exist`);
    }
  });
  return problems.list;
}

function checkLeaseSums(
  problems: Problems,
  at: string,
  lease: Lease,
  escrow: GenesisState["escrows"][number] | undefined,
): void {
  const paid = problems.amount(`${at}.paid`, lease.paid);
  const taken = problems.amount(`${at}.taken`, lease.taken);
  const burned = problems.amount(`${at}.burned`, lease.burned);
  if (taken > paid) problems.add(`${at}.taken`, `${taken} is above what was paid, ${paid}`);
  if (burned > taken) problems.add(`${at}.burned`, `${burned} is above what was taken, ${taken}`);
  if (lease.fundedSeconds > lease.durationSeconds) problems.add(`${at}.fundedSeconds`, "is above the duration");
  if (lease.accruedSeconds > lease.fundedSeconds) problems.add(`${at}.accruedSeconds`, "is above the funded seconds");
  if (lease.acceptedSeconds > lease.fundedSeconds) problems.add(`${at}.acceptedSeconds`, "is above the funded seconds");
  const price = readPrice(lease.rate);
  if (price === undefined) problems.add(`${at}.rate`, "is no rate");
  else if (paid !== costOfSeconds(price, lease.acceptedSeconds)) {
    problems.add(`${at}.paid`, `${paid} is not what ${lease.acceptedSeconds} seconds cost`);
  }
  if (lease.state !== LeaseState.NO_SHOW) {
    if (escrow === undefined) problems.add(`${at}.escrowId`, `escrow account ${lease.escrowId} does not exist`);
    else if (escrow.paid !== lease.paid) problems.add(`${at}.paid`, `${paid}, but the escrow paid ${escrow.paid}`);
    else if (isOpenLease(lease.state) && price !== undefined) {
      const owed = costOfSeconds(price, lease.fundedSeconds) - paid;
      const balance = parseAmount(escrow.balance?.amount ?? "") ?? 0n;
      if (owed > balance) problems.add(`${at}.fundedSeconds`, `would cost ${owed} more, the escrow holds ${balance}`);
    }
  }
  for (const field of [
    "durationSeconds",
    "createdTime",
    "startDeadlineTime",
    "startedTime",
    "activeSinceTime",
    "pauseDeadlineTime",
    "closingDeadlineTime",
    "settledTime",
    "lostTime",
    "pruneTime",
  ] as const) {
    problems.time(`${at}.${field}`, lease[field]);
  }
}

/** Writes a checked state. The coins must be on the module accounts already: the bank's genesis comes before. */
export function initGenesis(ctx: Context, keeper: MarketplaceKeeper, genesis: GenesisState): void {
  const { state } = keeper;
  if (genesis.params === undefined) throw new CorruptStateError("genesis of the market has no parameters");
  keeper.setParams(ctx, genesis.params);
  const decode = (text: string) => keeper.deps.addresses.account.decode(text);
  for (const provider of genesis.providers) {
    const bond = coinInState(provider.bond);
    addToTotal(ctx, state.bondTotals, bond.denom, bond.amount);
    keeper.providers.set(ctx, decode(provider.address), provider);
  }
  for (const escrow of genesis.escrows) {
    const balance = coinInState(escrow.balance);
    addToTotal(ctx, state.escrowTotals, balance.denom, balance.amount);
    state.escrows.set(ctx, escrow.id, escrow);
  }
  for (const order of genesis.orders) keeper.orders.set(ctx, order);
  for (const bid of genesis.bids) state.bids.set(ctx, [bid.orderId, decode(bid.provider)], bid);
  for (const lease of genesis.leases) keeper.leases.set(ctx, lease);
  state.nextOrder.set(ctx, genesis.nextOrderId || 1n);
  state.nextLease.set(ctx, genesis.nextLeaseId || 1n);
  state.nextEscrow.set(ctx, genesis.nextEscrowId || 1n);
  const problem = backingProblem(ctx, keeper);
  if (problem !== undefined) throw new GenesisError([`app_state.marketplace: ${problem}`]);
}

export function exportGenesis(ctx: ReadContext, keeper: MarketplaceKeeper): GenesisState {
  const { state } = keeper;
  const values = <K, V>(map: { entries(from: ReadContext): IterableIterator<readonly [K, V]> }): V[] =>
    [...map.entries(ctx)].map(([, value]) => value);
  return create(GenesisStateSchema, {
    params: keeper.params(ctx),
    providers: values(state.providers),
    orders: values(state.orders),
    bids: values(state.bids),
    leases: values(state.leases),
    escrows: values(state.escrows),
    nextOrderId: state.nextOrder.peek(ctx),
    nextLeaseId: state.nextLease.peek(ctx),
    nextEscrowId: state.nextEscrow.peek(ctx),
  });
}
