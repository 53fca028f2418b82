import { Query } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import {
  MsgAcceptBidSchema,
  MsgAckUsageSchema,
  MsgCancelOrderSchema,
  MsgCloseLeaseSchema,
  MsgDeregisterProviderSchema,
  MsgHeartbeatSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgStartLeaseSchema,
  MsgSubmitResultSchema,
  MsgSubmitUsageSchema,
  MsgTopUpSchema,
  MsgUpdateProviderSchema,
  MsgWithdrawBidSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { Bid, Lease, Order, Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  BidState,
  LeaseState,
  OrderState,
  ProviderState,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { message } from "../../kit/signer.js";
import { ATTRIBUTES, coin, MANIFEST, order, perHour, perSecond, register, RESULT } from "../../market/actors.js";
import type { Actor } from "../actors.js";
import type { Operation, Wish } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";

const PAGE = { limit: 50n };
const BOND = 20_000_000n;

async function aProvider(
  world: World,
  random: SeededRandom,
  state = ProviderState.UNSPECIFIED,
): Promise<Provider | undefined> {
  const { providers } = await world.ask(Query.method.providers, { state, pagination: PAGE });
  return providers.length === 0 ? undefined : random.pick(providers);
}

async function anOrder(world: World, random: SeededRandom): Promise<Order | undefined> {
  const { orders } = await world.ask(Query.method.orders, { state: OrderState.OPEN, pagination: PAGE });
  return orders.length === 0 ? undefined : random.pick(orders);
}

async function aBid(world: World, random: SeededRandom): Promise<{ order: Order; bid: Bid } | undefined> {
  const order = await anOrder(world, random);
  if (order === undefined) return undefined;
  const { bids } = await world.ask(Query.method.bids, {
    orderId: order.id,
    state: BidState.OPEN,
    pagination: PAGE,
  });
  return bids.length === 0 ? undefined : { order, bid: random.pick(bids) };
}

async function aLease(world: World, random: SeededRandom, ...states: LeaseState[]): Promise<Lease | undefined> {
  const found: Lease[] = [];
  for (const state of new Set(states)) {
    found.push(...(await world.ask(Query.method.leases, { state, pagination: PAGE })).leases);
  }
  return found.length === 0 ? undefined : random.pick(found);
}

/** A wish of whoever has an address; nobody else has the key. */
function by(world: World, address: string, ...messages: NonNullable<Wish>["messages"]): Wish {
  const actor = world.actorAt(address);
  return actor === undefined ? undefined : { actor, messages };
}

const { PENDING, ACTIVE, PAUSED, CLOSING } = LeaseState;

/** Seconds of work that a provider could claim of a lease, about. */
function workedSeconds(world: World, { startedTime, acceptedSeconds, latest }: Lease, random: SeededRandom): bigint {
  const least = latest?.seconds ?? acceptedSeconds;
  const elapsed = startedTime === 0n ? 0n : world.timeSeconds - startedTime;
  const most = elapsed > least ? elapsed - least : 0n;
  return least + (oneIn(random, 8) ? BigInt(random.below(100_000)) : BigInt(random.below(Number(most) + 1)));
}

export const marketplaceOperations: readonly Operation[] = [
  operation("marketplace/register", 4, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const ttlSeconds = BigInt(random.pick([60, 86_400, 604_800]));
    const fields = { bond: coin(BOND), ttlSeconds, price: perSecond(BigInt(1 + random.below(10))) };
    return { actor, messages: [message(MsgRegisterProviderSchema, register(actor.address, fields))] };
  }),
  operation("marketplace/heartbeat", 5, async (world, random) => {
    const provider = await aProvider(world, random);
    if (provider === undefined) return undefined;
    return by(world, provider.address, message(MsgHeartbeatSchema, { provider: provider.address }));
  }),
  operation("marketplace/update-provider", 1, async (world, random) => {
    const provider = await aProvider(world, random);
    if (provider === undefined) return undefined;
    const addBond = oneIn(random, 2) ? coin(BigInt(1 + random.below(1_000_000))) : undefined;
    return by(
      world,
      provider.address,
      message(MsgUpdateProviderSchema, {
        provider: provider.address,
        attributes: { ...ATTRIBUTES, gpuCount: 1 + random.below(8) },
        price: perHour(BigInt(1 + random.below(50_000))),
        endpoints: ["https://gpu.example.org"],
        ttlSeconds: 86_400n,
        ...(addBond === undefined ? {} : { addBond }),
      }),
    );
  }),
  operation("marketplace/deregister", 1, async (world, random) => {
    const provider = await aProvider(world, random);
    if (provider === undefined) return undefined;
    return by(world, provider.address, message(MsgDeregisterProviderSchema, { provider: provider.address }));
  }),
  operation("marketplace/post-order", 7, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const durationSeconds = BigInt(60 + random.below(20_000));
    const fields = {
      maxPrice: perSecond(BigInt(1 + random.below(12))),
      budget: coin(1_000n + BigInt(random.below(60_000))),
      durationSeconds,
      lifetimeSeconds: BigInt(random.pick([60, 3_600, 86_400, 604_800])),
    };
    return { actor, messages: [message(MsgPostOrderSchema, order(actor.address, fields))] };
  }),
  operation("marketplace/cancel-order", 1, async (world, random) => {
    const order = await anOrder(world, random);
    if (order === undefined) return undefined;
    return by(world, order.owner, message(MsgCancelOrderSchema, { owner: order.owner, orderId: order.id }));
  }),
  operation("marketplace/place-bid", 10, async (world, random) => {
    const state = oneIn(random, 10) ? ProviderState.UNSPECIFIED : ProviderState.ONLINE;
    const [order, provider] = [await anOrder(world, random), await aProvider(world, random, state)];
    if (order === undefined || provider === undefined) return undefined;
    const { id: orderId, maxPrice } = order;
    return by(
      world,
      provider.address,
      message(MsgPlaceBidSchema, { provider: provider.address, orderId, price: maxPrice! }),
    );
  }),
  operation("marketplace/withdraw-bid", 1, async (world, random) => {
    const found = await aBid(world, random);
    if (found === undefined) return undefined;
    const { provider, orderId } = found.bid;
    return by(world, provider, message(MsgWithdrawBidSchema, { provider, orderId }));
  }),
  operation("marketplace/accept-bid", 16, async (world, random) => {
    const found = await aBid(world, random);
    if (found === undefined) return undefined;
    const { owner } = found.order;
    const { provider, orderId, price } = found.bid;
    return by(world, owner, message(MsgAcceptBidSchema, { owner, orderId, provider, price: price! }));
  }),
  operation("marketplace/start-lease", 12, async (world, random) => {
    const lease = await aLease(world, random, PENDING);
    if (lease === undefined) return undefined;
    const { provider, id: leaseId } = lease;
    return by(world, provider, message(MsgStartLeaseSchema, { provider, leaseId, manifestHash: MANIFEST }));
  }),
  operation("marketplace/submit-usage", 6, async (world, random) => {
    const lease = await aLease(world, random, ACTIVE, PAUSED, CLOSING);
    if (lease === undefined) return undefined;
    const { provider, id: leaseId, lastSeq } = lease;
    const fields = { provider, leaseId, seq: lastSeq + 1n, seconds: workedSeconds(world, lease, random) };
    return by(world, provider, message(MsgSubmitUsageSchema, fields));
  }),
  operation("marketplace/ack-usage", 4, async (world, random) => {
    const lease = await aLease(world, random, ACTIVE, CLOSING);
    const claimed = lease?.latest?.seconds ?? lease?.pending?.seconds;
    if (lease === undefined || claimed === undefined) return undefined;
    const { tenant, id: leaseId } = lease;
    return by(world, tenant, message(MsgAckUsageSchema, { tenant, leaseId, seconds: claimed }));
  }),
  operation("marketplace/top-up", 2, async (world, random) => {
    const lease = await aLease(world, random, PENDING, ACTIVE, PAUSED);
    const actor = await world.someone(random);
    if (lease === undefined || actor === undefined) return undefined;
    const amount = coin(amountUpTo(random, 50_000n));
    return { actor, messages: [message(MsgTopUpSchema, { sender: actor.address, leaseId: lease.id, amount })] };
  }),
  operation("marketplace/submit-result", 2, async (world, random) => {
    const lease = await aLease(world, random, ACTIVE);
    if (lease === undefined) return undefined;
    const { provider, id: leaseId } = lease;
    return by(world, provider, message(MsgSubmitResultSchema, { provider, leaseId, resultHash: RESULT }));
  }),
  operation("marketplace/close-lease", 2, async (world, random) => {
    const lease = await aLease(world, random, PENDING, ACTIVE, PAUSED);
    if (lease === undefined) return undefined;
    const sender = oneIn(random, 2) ? lease.tenant : lease.provider;
    return by(world, sender, message(MsgCloseLeaseSchema, { sender, leaseId: lease.id }));
  }),
  attack("marketplace/lease-of-others", 1, async (world, random) => {
    const lease = await aLease(world, random, PENDING, ACTIVE, PAUSED, CLOSING);
    const actor = await world.someone(random);
    if (lease === undefined || actor === undefined || isParty(actor, lease)) return undefined;
    const { address } = actor;
    const leaseId = lease.id;
    const tries = [
      message(MsgCloseLeaseSchema, { sender: address, leaseId }),
      message(MsgAckUsageSchema, { tenant: address, leaseId, seconds: 0n }),
      message(MsgSubmitUsageSchema, { provider: address, leaseId, seconds: 1n, seq: lease.lastSeq + 1n }),
      message(MsgSubmitResultSchema, { provider: address, leaseId, resultHash: RESULT }),
    ];
    return { actor, messages: [random.pick(tries)] };
  }),
];

function isParty({ address }: Actor, { tenant, provider }: Lease): boolean {
  return address === tenant || address === provider;
}
