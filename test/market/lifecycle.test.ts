// Tier: make test. Budget: 5 s.
import { beforeEach, describe, expect, it } from "@jest/globals";
import {
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
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  CloseReason,
  LeaseState,
  OrderState,
  ProviderState,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { coin, lease, MANIFEST, match, order, perHour, perSecond, register, RESULT } from "./actors.js";
import { DENOM, eventNames, MarketChain } from "./harness.js";

let chain: MarketChain;
let tenant: string;
let provider: string;
const FUNDS = 1_000_000_000n;

beforeEach(() => {
  chain = new MarketChain();
  tenant = chain.actor(1);
  provider = chain.actor(2);
  chain.fund(tenant, FUNDS);
  chain.fund(provider, FUNDS);
  chain.must(MsgRegisterProviderSchema, register(provider));
});

const stored = (id: bigint) => chain.keeper.leases.get(chain.reader(), id);
const bonded = 10_000_000n;
const escrowHeld = () => chain.ledger.balance(chain.reader(), chain.escrowAccount, DENOM);
const treasury = () => chain.ledger.balance(chain.reader(), chain.treasury, DENOM);

describe("the life of a lease", () => {
  it("pays the seconds that were used, takes the take rate, and gives the rest back", () => {
    const { orderId, leaseId } = lease(chain, tenant, provider);
    expect(chain.balance(tenant)).toBe(FUNDS - 36_000n);
    chain.endBlock(100n);
    chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 100n, seq: 1n });
    const delivered = chain.must(MsgSubmitResultSchema, { provider, leaseId, resultHash: RESULT });
    expect(eventNames(delivered.events)).toEqual(["EventResultSubmitted", "EventLeaseClosing"]);
    chain.endBlock(5n);
    const closed = chain.must(MsgCloseLeaseSchema, { sender: tenant, leaseId });
    expect(eventNames(closed.events)).toEqual(["EventUsageAccepted", "EventLeaseSettled", "EventReceiptCounted"]);
    // 100 s at 10; 5 % of 1,000 is taken.
    expect(chain.balance(provider)).toBe(FUNDS - bonded + 950n);
    expect(chain.balance(tenant)).toBe(FUNDS - 1_000n);
    expect(treasury()).toBe(50n);
    expect(escrowHeld()).toBe(0n);
    expect(stored(leaseId)).toMatchObject({
      state: LeaseState.SETTLED,
      closeReason: CloseReason.RESULT,
      acceptedSeconds: 100n,
      paid: "1000",
      taken: "50",
      resultHash: RESULT,
    });
    expect(chain.keeper.orders.get(chain.reader(), orderId).state).toBe(OrderState.MATCHED);
    expect(chain.broken()).toBeUndefined();
  });

  it("pays many small claims exactly what one large one would be paid", () => {
    const price = perHour(1_001n); // 0.27805… a second: every small payment alone would lose a fraction
    const options = { price, order: { maxPrice: perHour(2_000n), budget: coin(2_000n) } };
    const { leaseId } = lease(chain, tenant, provider, options);
    for (let i = 1n; i <= 60n; i++) {
      chain.endBlock(7n);
      chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 7n * i, seq: i });
      const ack = chain.send(MsgAckUsageSchema, { tenant, leaseId, seconds: 7n * i });
      expect(ack.ok).toBe(true);
    }
    expect(stored(leaseId).paid).toBe(((1_001n * 420n) / 3_600n).toString());
    expect(chain.broken()).toBeUndefined();
  });

  it("takes silence for consent when the window is over, and not a second before", () => {
    const { leaseId } = lease(chain, tenant, provider);
    chain.endBlock(60n);
    chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 60n, seq: 1n });
    chain.pass(599n);
    expect(stored(leaseId).acceptedSeconds).toBe(0n);
    chain.pass(1n);
    expect(stored(leaseId)).toMatchObject({ acceptedSeconds: 60n, paid: "600", state: LeaseState.ACTIVE });
  });

  it("keeps the window of the oldest claim however often the provider claims", () => {
    const { leaseId } = lease(chain, tenant, provider);
    for (let i = 1n; i <= 11n; i++) {
      chain.pass(60n);
      chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 60n * i, seq: i });
    }
    expect(stored(leaseId).acceptedSeconds).toBe(60n);
    expect(stored(leaseId)).toMatchObject({ pending: { seconds: 600n }, latest: { seconds: 660n } });
  });

  it("cuts a claim off at the time that the lease ran", () => {
    const { leaseId } = lease(chain, tenant, provider);
    chain.endBlock(30n);
    const { response } = chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: (1n << 64n) - 1n, seq: 5n });
    expect(response).toMatchObject({ seconds: 30n });
    expect(chain.send(MsgSubmitUsageSchema, { provider, leaseId, seconds: 31n, seq: 5n })).toMatchObject({ code: 85 });
    expect(chain.send(MsgSubmitUsageSchema, { provider, leaseId, seconds: 29n, seq: 6n })).toMatchObject({ code: 86 });
    expect(chain.send(MsgAckUsageSchema, { tenant, leaseId, seconds: 31n })).toMatchObject({ code: 87 });
  });

  it("ends with its duration, billed to the second even when the block comes much later", () => {
    const { leaseId } = lease(chain, tenant, provider);
    chain.endBlock(3_000_000n); // heartbeats would be overdue after a day: the duration came first
    chain.endBlock(0n);
    expect(stored(leaseId)).toMatchObject({ accruedSeconds: 3_600n, closeReason: CloseReason.DURATION });
    expect(stored(leaseId).paid).toBe("0"); // nothing was claimed in the window
    expect(chain.balance(tenant)).toBe(FUNDS);
  });

  it("pauses when the escrow is empty, goes on after a top-up without billing the pause, and closes after the grace", () => {
    const { leaseId } = lease(chain, tenant, provider, { order: { budget: coin(1_005n) } });
    chain.pass(150n);
    expect(stored(leaseId)).toMatchObject({ state: LeaseState.PAUSED, accruedSeconds: 100n });
    chain.must(MsgTopUpSchema, { sender: provider, leaseId, amount: coin(500n) });
    expect(stored(leaseId)).toMatchObject({ state: LeaseState.ACTIVE, fundedSeconds: 150n });
    const events = chain.pass(50n);
    expect(eventNames(events)).toEqual(["EventLeasePaused"]);
    chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 150n, seq: 1n });
    chain.pass(599n);
    expect(stored(leaseId).state).toBe(LeaseState.PAUSED);
    // Claim and grace are due together: the claim comes first, so that nothing is left to wait for.
    expect(eventNames(chain.pass(1n))).toEqual([
      "EventUsageAccepted",
      "EventLeaseClosing",
      "EventLeaseSettled",
      "EventReceiptCounted",
    ]);
    expect(stored(leaseId)).toMatchObject({ closeReason: CloseReason.ESCROW_EMPTY, paid: "1500" });
    expect(chain.balance(tenant)).toBe(FUNDS - 1_005n + 5n); // the top-up of somebody else was spent
    expect(chain.broken()).toBeUndefined();
  });

  it("pays the tenant from the bond when the provider does not start, and opens the order again", () => {
    const { orderId, leaseId } = match(chain, tenant, provider);
    chain.pass(299n);
    expect(stored(leaseId).state).toBe(LeaseState.PENDING);
    const events = chain.pass(1n);
    expect(eventNames(events)).toEqual([
      "EventPenaltyPaid",
      "EventLeaseNoShow",
      "EventReceiptCounted",
      "EventOrderReopened",
    ]);
    expect(chain.balance(tenant)).toBe(FUNDS - 36_000n + 1_000_000n);
    expect(chain.keeper.providers.get(chain.reader(), chain.bytes(provider))).toMatchObject({
      bond: { amount: "9000000" },
      bondReserved: "0",
      openLeases: 0,
    });
    expect(chain.keeper.orders.get(chain.reader(), orderId)).toMatchObject({ state: OrderState.OPEN, leaseId: 0n });
    expect(chain.send(MsgStartLeaseSchema, { provider, leaseId, manifestHash: MANIFEST })).toMatchObject({ code: 81 });
    // The one who failed cannot take the same order twice.
    expect(chain.send(MsgPlaceBidSchema, { provider, orderId, price: perSecond(9n) })).toMatchObject({ code: 61 });
    expect(chain.reputation.scoreBps(chain.reader(), chain.bytes(provider), "compute/data-centre")).toBe(0);
    expect(chain.broken()).toBeUndefined();
  });

  it("gives the budget back when the order's time was over at the no-show", () => {
    const { orderId } = match(chain, tenant, provider, { order: { lifetimeSeconds: 200n } });
    chain.pass(300n);
    expect(chain.keeper.orders.get(chain.reader(), orderId).state).toBe(OrderState.EXPIRED);
    expect(chain.balance(tenant)).toBe(FUNDS + 1_000_000n);
    expect(chain.broken()).toBeUndefined();
  });

  it("stops billing at the second from which a heartbeat is overdue, whenever that is noticed", () => {
    const { leaseId } = lease(chain, tenant, provider, {
      order: { durationSeconds: 200_000n, budget: coin(2_000_000n) },
    });
    chain.endBlock(86_500n); // the heartbeat was good for 86,400 s
    chain.must(MsgHeartbeatSchema, { provider });
    const events = chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 86_500n, seq: 1n }).events;
    expect(eventNames(events)).toEqual(["EventPenaltyPaid", "EventLeaseClosing", "EventUsageSubmitted"]);
    expect(stored(leaseId)).toMatchObject({
      state: LeaseState.CLOSING,
      closeReason: CloseReason.HEARTBEAT_LOST,
      accruedSeconds: 86_400n,
    });
  });

  it("charges a tenant who gives up before the start the minimum", () => {
    const { leaseId } = match(chain, tenant, provider);
    chain.must(MsgCloseLeaseSchema, { sender: tenant, leaseId });
    expect(stored(leaseId)).toMatchObject({
      state: LeaseState.SETTLED,
      closeReason: CloseReason.CANCELLED,
      paid: "600",
    });
    expect(chain.balance(tenant)).toBe(FUNDS - 600n);
    expect(chain.broken()).toBeUndefined();
  });

  it("lets a tenant close, and the provider still claim what ran, but no more", () => {
    const { leaseId } = lease(chain, tenant, provider);
    chain.endBlock(50n);
    chain.must(MsgCloseLeaseSchema, { sender: tenant, leaseId });
    chain.must(MsgCloseLeaseSchema, { sender: tenant, leaseId }); // impatience changes nothing
    expect(stored(leaseId).state).toBe(LeaseState.CLOSING);
    chain.endBlock(100n);
    chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: 150n, seq: 1n });
    expect(stored(leaseId)).toMatchObject({ pending: { seconds: 50n }, providerDone: true });
    chain.must(MsgAckUsageSchema, { tenant, leaseId, seconds: 50n });
    expect(stored(leaseId)).toMatchObject({ state: LeaseState.SETTLED, paid: "500", closeReason: CloseReason.TENANT });
  });

  it("claims all that ran for a provider who delivers without having claimed", () => {
    const { leaseId } = lease(chain, tenant, provider);
    chain.endBlock(42n);
    chain.must(MsgSubmitResultSchema, { provider, leaseId, resultHash: RESULT });
    expect(stored(leaseId).pending).toMatchObject({ seconds: 42n });
    chain.pass(600n);
    expect(stored(leaseId)).toMatchObject({ state: LeaseState.SETTLED, paid: "420" });
  });

  it("binds the provider to the manifest of the order", () => {
    const { leaseId } = match(chain, tenant, provider);
    const manifestHash = new Uint8Array(32).fill(8);
    expect(chain.send(MsgStartLeaseSchema, { provider, leaseId, manifestHash })).toMatchObject({ code: 84 });
  });
});

describe("providers and orders", () => {
  it("gives the bond back after the unbonding time, to a provider without open leases only", () => {
    const { leaseId } = lease(chain, tenant, provider);
    expect(chain.send(MsgDeregisterProviderSchema, { provider })).toMatchObject({ code: 24 });
    chain.must(MsgCloseLeaseSchema, { sender: provider, leaseId });
    chain.must(MsgDeregisterProviderSchema, { provider });
    expect(chain.send(MsgHeartbeatSchema, { provider })).toMatchObject({ code: 26 });
    chain.pass(7n * 86_400n - 1n);
    expect(chain.balance(provider)).toBe(FUNDS - bonded);
    chain.pass(1n);
    expect(chain.balance(provider)).toBe(FUNDS);
    expect(chain.keeper.state.providers.has(chain.reader(), chain.bytes(provider))).toBe(false);
    chain.must(MsgRegisterProviderSchema, register(provider));
    expect(chain.broken()).toBeUndefined();
  });

  it("goes offline without heartbeats and comes back with one", () => {
    chain.pass(86_400n);
    const state = () => chain.keeper.providers.get(chain.reader(), chain.bytes(provider)).state;
    expect(state()).toBe(ProviderState.OFFLINE);
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant),
    ).response;
    expect(chain.send(MsgPlaceBidSchema, { provider, orderId, price: perSecond(1n) })).toMatchObject({ code: 22 });
    chain.must(MsgHeartbeatSchema, { provider });
    expect(state()).toBe(ProviderState.ONLINE);
    chain.must(MsgPlaceBidSchema, { provider, orderId, price: perSecond(1n) });
  });

  it("expires an order and gives the budget back, also to an owner who cancels too late", () => {
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant),
    ).response;
    chain.endBlock(7_200n);
    expect(chain.send(MsgCancelOrderSchema, { owner: tenant, orderId })).toMatchObject({ code: 41 });
    expect(eventNames(chain.endBlock())).toEqual(["EventOrderExpired"]);
    expect(chain.balance(tenant)).toBe(FUNDS);
  });

  it("removes the records of what is closed after the retention time", () => {
    const { orderId, leaseId } = lease(chain, tenant, provider);
    chain.must(MsgCloseLeaseSchema, { sender: provider, leaseId });
    const posted = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant),
    ).response;
    chain.must(MsgCancelOrderSchema, { owner: tenant, orderId: posted.orderId });
    chain.pass(90n * 86_400n);
    const ctx = chain.reader();
    for (const id of [orderId, posted.orderId]) expect(chain.keeper.state.orders.has(ctx, id)).toBe(false);
    expect(chain.keeper.state.leases.has(ctx, leaseId)).toBe(false);
    expect([...chain.keeper.state.bids.entries(ctx)]).toEqual([]);
    expect([...chain.keeper.state.escrows.entries(ctx)]).toEqual([]);
    expect(chain.broken()).toBeUndefined();
  });
});
