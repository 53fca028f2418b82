import type { Addresses, AccAddress } from "../../core/address.js";
import type {
  Bid as BidValue,
  Lease as LeaseValue,
  Order as OrderValue,
  Provider as ProviderValue,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  BidSchema,
  EscrowAccountSchema,
  LeaseSchema,
  LeaseState,
  OrderSchema,
  ParamsSchema,
  ProviderSchema,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { brandedBytesKey, pairKey, stringKey, u64Key } from "../../core/collections/keys.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import { amountValue } from "../../core/collections/values.js";
import { leaseDeadline, orderDeadline, providerDeadline } from "./deadlines.js";

export const MARKETPLACE_STORE = "marketplace";

const address = brandedBytesKey<AccAddress>();

/** Whether a lease still occupies its provider and its escrow. */
export function isOpenLease(state: LeaseState): boolean {
  return state !== LeaseState.SETTLED && state !== LeaseState.NO_SHOW;
}

/**
 * All that the module stores. Deadlines are indexes like the others: by (time, key), so that an object is always in
 * the queue exactly where its state says.
 */
export function marketplaceState(addresses: Addresses) {
  const schema = new Schema(MARKETPLACE_STORE);
  const decode = (text: string) => addresses.account.decode(text);

  // 0x00 → Params
  const params = schema.item(0x00, "params", messageValue(ParamsSchema));

  // 0x11: (kind, address)
  const providersByKind = schema.index(0x11, "providers_by_kind", u64Key, address, (_key, provider: ProviderValue) =>
    BigInt(provider.attributes?.kind ?? 0),
  );
  // 0x12: (GPU model, address), of providers with a GPU
  const providersByGpu = schema.index(0x12, "providers_by_gpu", stringKey, address, (_key, provider: ProviderValue) =>
    provider.attributes === undefined || provider.attributes.gpuModel === "" ? undefined : provider.attributes.gpuModel,
  );
  // 0x13: (deadline, address)
  const providersByDeadline = schema.index(
    0x13,
    "providers_by_deadline",
    u64Key,
    address,
    (_key, provider: ProviderValue) => providerDeadline(provider),
  );
  // 0x01: address → Provider
  const providers = schema.indexedMap(0x01, "providers", address, messageValue(ProviderSchema), [
    providersByKind,
    providersByGpu,
    providersByDeadline,
  ]);

  // 0x21: (state, id)
  const ordersByState = schema.index(0x21, "orders_by_state", u64Key, u64Key, (_key, order: OrderValue) =>
    BigInt(order.state),
  );
  // 0x22: (owner, id)
  const ordersByOwner = schema.index(0x22, "orders_by_owner", address, u64Key, (_key, order: OrderValue) =>
    decode(order.owner),
  );
  // 0x23: (deadline, id)
  const ordersByDeadline = schema.index(0x23, "orders_by_deadline", u64Key, u64Key, (_key, order: OrderValue) =>
    orderDeadline(order),
  );
  // 0x02: id → Order
  const orders = schema.indexedMap(0x02, "orders", u64Key, messageValue(OrderSchema), [
    ordersByState,
    ordersByOwner,
    ordersByDeadline,
  ]);
  // 0x24: owner → number of orders that are OPEN
  const openOrders = schema.map(0x24, "open_orders", address, amountValue);

  const bidKey = pairKey(u64Key, address);
  // 0x31: (provider, (order id, provider))
  const bidsByProvider = schema.index(
    0x31,
    "bids_by_provider",
    address,
    bidKey,
    ([, provider]: readonly [bigint, AccAddress], _bid: BidValue) => provider,
  );
  // 0x03: (order id, provider) → Bid
  const bids = schema.indexedMap(0x03, "bids", bidKey, messageValue(BidSchema), [bidsByProvider]);

  // 0x41: (tenant, id)
  const leasesByTenant = schema.index(0x41, "leases_by_tenant", address, u64Key, (_key, lease: LeaseValue) =>
    decode(lease.tenant),
  );
  // 0x42: (provider, id)
  const leasesByProvider = schema.index(0x42, "leases_by_provider", address, u64Key, (_key, lease: LeaseValue) =>
    decode(lease.provider),
  );
  // 0x43: (provider, id), of leases that are not settled
  const openLeasesByProvider = schema.index(
    0x43,
    "open_leases_by_provider",
    address,
    u64Key,
    (_key, lease: LeaseValue) => (isOpenLease(lease.state) ? decode(lease.provider) : undefined),
  );
  // 0x44: (state, id)
  const leasesByState = schema.index(0x44, "leases_by_state", u64Key, u64Key, (_key, lease: LeaseValue) =>
    BigInt(lease.state),
  );
  // 0x45: (deadline, id)
  const leasesByDeadline = schema.index(
    0x45,
    "leases_by_deadline",
    u64Key,
    u64Key,
    (_key, lease: LeaseValue) => leaseDeadline(lease)?.time,
  );
  // 0x04: id → Lease
  const leases = schema.indexedMap(0x04, "leases", u64Key, messageValue(LeaseSchema), [
    leasesByTenant,
    leasesByProvider,
    openLeasesByProvider,
    leasesByState,
    leasesByDeadline,
  ]);

  // 0x05: id → EscrowAccount
  const escrows = schema.map(0x05, "escrows", u64Key, messageValue(EscrowAccountSchema));
  // 0x51: denom → sum of the balances of all escrow accounts
  const escrowTotals = schema.map(0x51, "escrow_totals", stringKey, amountValue);
  // 0x52: denom → sum of all bonds
  const bondTotals = schema.map(0x52, "bond_totals", stringKey, amountValue);

  // 0x06, 0x07, 0x08: the next numbers
  const nextOrder = schema.sequence(0x06, "next_order", 1n);
  const nextLease = schema.sequence(0x07, "next_lease", 1n);
  const nextEscrow = schema.sequence(0x08, "next_escrow", 1n);

  return {
    schema,
    params,
    providers,
    providersByKind,
    providersByGpu,
    providersByDeadline,
    orders,
    ordersByState,
    ordersByOwner,
    ordersByDeadline,
    openOrders,
    bidKey,
    bids,
    bidsByProvider,
    leases,
    leasesByTenant,
    leasesByProvider,
    openLeasesByProvider,
    leasesByState,
    leasesByDeadline,
    escrows,
    escrowTotals,
    bondTotals,
    nextOrder,
    nextLease,
    nextEscrow,
  };
}

export type MarketplaceState = ReturnType<typeof marketplaceState>;
