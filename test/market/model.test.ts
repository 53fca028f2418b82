// Tier: make test. Budget: 30 s.
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
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
import type { GenesisState } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";
import { LeaseState, OrderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import fc from "fast-check";

import { amountInState, costOfSeconds, priceInState } from "../../modules/marketplace/types.js";
import { ATTRIBUTES, coin, MANIFEST, order, perHour, perSecond, register, RESULT } from "./actors.js";
import { DENOM, MarketChain } from "./harness.js";

const TENANTS = [1, 2, 3];
const PROVIDERS = [3, 4, 5]; // number 3 is both
const FUNDS = 10_000_000_000n;

/** Where an order may go from a state, as modules.md draws it; MATCHED → OPEN after a no-show. Several steps may fall into one block. */
const ORDER_STEPS = new Map<OrderState, readonly OrderState[]>([
  [OrderState.OPEN, [OrderState.MATCHED, OrderState.EXPIRED, OrderState.CANCELLED]],
  [OrderState.MATCHED, [OrderState.OPEN, OrderState.EXPIRED]],
  [OrderState.EXPIRED, []],
  [OrderState.CANCELLED, []],
]);
const LEASE_STEPS = new Map<LeaseState, readonly LeaseState[]>([
  [LeaseState.PENDING, [LeaseState.ACTIVE, LeaseState.NO_SHOW, LeaseState.CLOSING]],
  [LeaseState.ACTIVE, [LeaseState.PAUSED, LeaseState.CLOSING]],
  [LeaseState.PAUSED, [LeaseState.ACTIVE, LeaseState.CLOSING]],
  [LeaseState.CLOSING, [LeaseState.SETTLED]],
  [LeaseState.SETTLED, []],
  [LeaseState.NO_SHOW, []],
]);

function reachable<S>(steps: ReadonlyMap<S, readonly S[]>, from: S): ReadonlySet<S> {
  const seen = new Set<S>([from]);
  for (const state of seen) for (const next of steps.get(state) ?? []) seen.add(next);
  return seen;
}

const operation = fc.record({
  kind: fc.integer({ min: 0, max: 19 }),
  who: fc.nat({ max: 31 }),
  what: fc.nat({ max: 1_000 }),
  amount: fc.bigInt({ min: 1n, max: 5_000n }),
  seconds: fc.oneof(
    { weight: 8, arbitrary: fc.bigInt(0n, 200n) },
    { weight: 3, arbitrary: fc.bigInt(0n, 4_000n) },
    { weight: 1, arbitrary: fc.bigInt(0n, 90_000n) },
  ),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

function newChain(maxTimersPerBlock: number): MarketChain {
  const plain = new MarketChain();
  const genesis = plain.genesisOf("marketplace").defaults() as unknown as GenesisState;
  const params = genesis.params!;
  params.maxTimersPerBlock = maxTimersPerBlock;
  params.takeBurnBps = 3_333;
  params.unbondingSeconds = 1_000n;
  params.retentionSeconds = 3_650n * 86_400n; // so that the records can be added up in the end
  const chain = new MarketChain({ genesis: new Map([["marketplace", genesis]]) });
  for (const n of new Set([...TENANTS, ...PROVIDERS])) chain.fund(chain.actor(n), FUNDS);
  return chain;
}

/**
 * Carries an operation out on chains; what it is about is chosen from the state of the first. Most operations fit the
 * state of that, some do not.
 */
function carryOut(
  chains: readonly [MarketChain, ...MarketChain[]],
  { kind, who, what, amount, seconds }: Operation,
): void {
  const [chain] = chains;
  const send = <D extends DescMessage>(schema: D, fields: MessageInitShape<D>) => {
    for (const each of chains) each.send(schema, fields);
  };
  const ctx = chain.reader();
  const { state } = chain.keeper;
  const tenant = chain.actor(TENANTS[who % TENANTS.length]!);
  const provider = chain.actor(PROVIDERS[who % PROVIDERS.length]!);
  const price = what % 2 === 0 ? perSecond((amount % 10n) + 1n) : perHour(amount * 7n);
  const orders = state.nextOrder.peek(ctx) - 1n;
  const leases = state.nextLease.peek(ctx) - 1n;
  const [openOrder] = state.ordersByState.keysOf(ctx, BigInt(OrderState.OPEN));
  const orderId =
    openOrder !== undefined && what % 5 > 0 ? openOrder : orders === 0n ? 0n : (BigInt(what) % orders) + 1n;
  const wanted =
    kind === 9 || kind === 10
      ? LeaseState.PENDING
      : [LeaseState.ACTIVE, LeaseState.CLOSING, LeaseState.PAUSED][what % 3]!;
  const [inState] = state.leasesByState.keysOf(ctx, BigInt(wanted));
  const leaseId = inState !== undefined && what % 5 > 0 ? inState : leases === 0n ? 0n : (BigInt(what) % leases) + 1n;
  const lease = state.leases.get(ctx, leaseId);
  const stranger = who === 31;
  const ofLease = (role: "tenant" | "provider") => (lease === undefined || stranger ? chain.actor(9) : lease[role]);
  const claimed = lease?.latest?.seconds ?? lease?.pending?.seconds ?? lease?.acceptedSeconds ?? 0n;
  switch (kind) {
    case 0:
      send(MsgRegisterProviderSchema, register(provider, { bond: coin(100_000_000n), ttlSeconds: 20_000n }));
      return;
    case 1:
      send(MsgHeartbeatSchema, { provider });
      return;
    case 2:
      if (what % 4 === 0) send(MsgDeregisterProviderSchema, { provider });
      return;
    case 3:
    case 4:
      send(
        MsgPostOrderSchema,
        order(tenant, { maxPrice: price, budget: coin(1_000n + amount * 5n), lifetimeSeconds: 60n + seconds }),
      );
      return;
    case 5:
      if (what % 4 === 0) send(MsgCancelOrderSchema, { owner: tenant, orderId });
      return;
    case 6:
    case 7:
    case 8: {
      // A whole match, so that leases are not rare.
      const open = state.orders.get(ctx, orderId);
      if (open === undefined) return;
      send(MsgPlaceBidSchema, { provider, orderId, price: open.maxPrice! });
      if (what % 16 === 0) send(MsgWithdrawBidSchema, { provider, orderId });
      const owner = stranger ? tenant : open.owner;
      const price = open.maxPrice!;
      send(MsgAcceptBidSchema, { owner, orderId, provider, price });
      const matched = state.orders.get(chain.reader(), orderId)?.leaseId ?? 0n;
      if (what % 3 > 0) send(MsgStartLeaseSchema, { provider, leaseId: matched, manifestHash: MANIFEST });
      return;
    }
    case 9:
    case 10:
      send(MsgStartLeaseSchema, { provider: ofLease("provider"), leaseId, manifestHash: MANIFEST });
      return;
    case 11:
    case 12: {
      const seq = (lease?.lastSeq ?? 0n) + BigInt(what % 3);
      send(MsgSubmitUsageSchema, { provider: ofLease("provider"), leaseId, seconds: claimed + seconds, seq });
      return;
    }
    case 13:
      send(MsgAckUsageSchema, {
        tenant: ofLease("tenant"),
        leaseId,
        seconds: claimed - (what % 2 === 0 ? 0n : 1n) < 0n ? 0n : claimed - (what % 2 === 0 ? 0n : 1n),
      });
      return;
    case 14:
      send(MsgTopUpSchema, { sender: provider, leaseId, amount: coin(amount) });
      return;
    case 15:
      send(MsgSubmitResultSchema, { provider: ofLease("provider"), leaseId, resultHash: RESULT });
      return;
    case 16:
      send(MsgCloseLeaseSchema, { sender: ofLease(what % 3 === 0 ? "provider" : "tenant"), leaseId });
      return;
    case 17:
      send(MsgUpdateProviderSchema, {
        provider,
        attributes: ATTRIBUTES,
        price,
        ttlSeconds: 20_000n,
        addBond: coin(amount),
      });
      return;
    default:
      for (const each of chains) each.endBlock(seconds);
  }
}

/** Follows a chain from operation to operation, and complains of whatever must not happen. */
class Watcher {
  readonly #chain: MarketChain;
  readonly #supply: bigint;
  readonly #orders = new Map<bigint, OrderState>();
  readonly #leases = new Map<bigint, LeaseState>();

  constructor(chain: MarketChain) {
    this.#chain = chain;
    this.#supply = chain.ledger.supply(chain.reader(), DENOM);
  }

  look(): void {
    const chain = this.#chain;
    const ctx = chain.reader();
    expect(chain.broken()).toBeUndefined();
    const { state } = chain.keeper;
    expect(chain.ledger.balance(ctx, chain.escrowAccount, DENOM)).toBe(state.escrowTotals.get(ctx, DENOM) ?? 0n);
    expect(chain.ledger.balance(ctx, chain.bondAccount, DENOM)).toBe(state.bondTotals.get(ctx, DENOM) ?? 0n);
    let burned = 0n;
    for (const [id, lease] of state.leases.entries(ctx)) {
      burned += amountInState(lease.burned);
      const before = this.#leases.get(id) ?? LeaseState.PENDING;
      expect([...reachable(LEASE_STEPS, before)]).toContain(lease.state);
      this.#leases.set(id, lease.state);
      const paid = costOfSeconds(priceInState(lease.rate), lease.acceptedSeconds);
      expect(amountInState(lease.paid)).toBe(paid);
      if (lease.state === LeaseState.SETTLED) {
        const escrow = chain.keeper.escrow.get(ctx, lease.escrowId);
        expect(amountInState(escrow.deposited)).toBe(paid + amountInState(escrow.refunded));
      }
    }
    for (const [id, { state: now }] of state.orders.entries(ctx)) {
      expect([...reachable(ORDER_STEPS, this.#orders.get(id) ?? OrderState.OPEN)]).toContain(now);
      this.#orders.set(id, now);
    }
    expect(chain.ledger.supply(ctx, DENOM) + burned).toBe(this.#supply);
  }
}

function balances(chain: MarketChain): readonly bigint[] {
  return [
    ...[1, 2, 3, 4, 5, 9].map((n) => chain.balance(chain.actor(n))),
    chain.ledger.balance(chain.reader(), chain.treasury, DENOM),
  ];
}

const seen = { settled: 0, paid: 0, noShow: 0, lost: 0 };

describe("random dealings of five actors", () => {
  it("conserve every amount, keep to the state machines and refund exactly, at every step", () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 30, maxLength: 90 }), (operations) => {
        const chain = newChain(500);
        for (const n of PROVIDERS)
          chain.must(MsgRegisterProviderSchema, register(chain.actor(n), { bond: coin(100_000_000n) }));
        const watcher = new Watcher(chain);
        for (const op of operations) {
          carryOut([chain], op);
          watcher.look();
        }
        for (let i = 0; i < 4; i++) {
          chain.pass(3_000_000n);
          watcher.look();
        }
        // In the end nobody's money is left in escrow.
        expect(chain.ledger.balance(chain.reader(), chain.escrowAccount, DENOM)).toBe(0n);
        for (const [, lease] of chain.keeper.state.leases.entries(chain.reader())) {
          if (lease.state === LeaseState.SETTLED) seen.settled++;
          if (lease.acceptedSeconds > 0n) seen.paid++;
          if (lease.state === LeaseState.NO_SHOW) seen.noShow++;
          if (lease.lostTime > 0n) seen.lost++;
        }
      }),
      { numRuns: 40, seed: 20_261_123, endOnFailure: true },
    );
    // The operations really got somewhere.
    expect(seen.settled).toBeGreaterThan(40);
    expect(seen.paid).toBeGreaterThan(15);
    expect(seen.noShow).toBeGreaterThan(4);
    expect(seen.lost).toBeGreaterThan(4);
  });

  it("come to the same balances whether deadlines are handled at once or one in a block", () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 30, maxLength: 90 }), (operations) => {
        const [prompt, late] = [newChain(500), newChain(1)];
        for (const chain of [prompt, late]) {
          for (const n of PROVIDERS) {
            chain.must(MsgRegisterProviderSchema, register(chain.actor(n), { bond: coin(100_000_000n) }));
          }
        }
        for (const op of operations) carryOut([prompt, late], op);
        for (const chain of [prompt, late]) for (let i = 0; i < 4; i++) chain.pass(700_000n);
        expect(balances(late)).toEqual(balances(prompt));
      }),
      { numRuns: 40, seed: 11_232_026, endOnFailure: true },
    );
  });
});
