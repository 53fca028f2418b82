// Tier: make test. Budget: 30 s.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  MsgCloseLeaseSchema,
  MsgHeartbeatSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  EscrowAccountSchema,
  OrderSchema,
  OrderState,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { GenesisState } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { coin, lease, MANIFEST, order, perSecond, register } from "./actors.js";
import { openTemporary } from "../../core/store/open-temporary.js";
import { DENOM, eventNames, MarketChain, START_TIME, STORES } from "./harness.js";

let database: ReturnType<typeof openTemporary>;
beforeEach(() => {
  database = openTemporary(STORES);
});
afterEach(() => database.close());

/** A chain whose genesis holds so many open orders that all expire in the same second. */
function crowdedChain(count: number): MarketChain {
  const plain = new MarketChain();
  const owner = plain.actor(1);
  const genesis = plain.genesisOf("marketplace").defaults() as unknown as GenesisState;
  for (let i = 1; i <= count; i++) {
    const id = BigInt(i);
    genesis.escrows.push(
      create(EscrowAccountSchema, { id, owner, balance: coin(1_000n), deposited: "1000", paid: "0", refunded: "0" }),
    );
    genesis.orders.push(
      create(OrderSchema, {
        ...{ id, owner, state: OrderState.OPEN, requirements: {}, jobClass: 1, verification: 1 },
        ...{ manifestHash: MANIFEST, maxPrice: perSecond(1n), durationSeconds: 60n, escrowId: id },
        ...{ createdTime: START_TIME, expiryTime: START_TIME + 100n },
      }),
    );
  }
  genesis.nextOrderId = BigInt(count + 1);
  genesis.nextEscrowId = BigInt(count + 1);
  return new MarketChain({
    committed: database.store,
    genesis: new Map([["marketplace", genesis]]),
    balances: (chain, ctx) => chain.ledger.add(ctx, chain.escrowAccount, DENOM, 1_000n * BigInt(count)),
  });
}

describe("the queue of deadlines", () => {
  it("handles 10,000 orders that expire in one second in bounded blocks, and refunds every one", () => {
    const count = 10_000;
    const chain = crowdedChain(count);
    const limit = chain.keeper.params(chain.reader()).maxTimersPerBlock;
    chain.endBlock(100n);
    let blocks = 0;
    for (let left = count; left > 0; left -= limit) {
      expect(eventNames(chain.endBlock()).length).toBe(Math.min(limit, left));
      blocks++;
    }
    expect(blocks).toBe(Math.ceil(count / limit));
    expect(chain.endBlock()).toEqual([]);
    expect(chain.balance(chain.actor(1))).toBe(1_000n * BigInt(count));
    expect(chain.ledger.balance(chain.reader(), chain.escrowAccount, DENOM)).toBe(0n);
  });

  it("does a message's part of a backlog at once: whoever waits for his order need not wait for the others", () => {
    const chain = crowdedChain(2_000);
    chain.endBlock(100n);
    chain.endBlock(); // 500 are done
    expect(chain.keeper.orders.get(chain.reader(), 2_000n).state).toBe(OrderState.OPEN);
    chain.keeper.orders.advance(chain.context(), 2_000n);
    expect(chain.keeper.orders.get(chain.reader(), 2_000n).state).toBe(OrderState.EXPIRED);
    chain.pass(0n);
    expect(chain.broken()).toBeUndefined();
    expect(chain.balance(chain.actor(1))).toBe(2_000_000n);
  });

  it("bounds the leases that one lost provider can bring down in a block", () => {
    const chain = new MarketChain();
    const [tenant, provider] = [chain.actor(1), chain.actor(2)];
    chain.fund(tenant, 1_000_000_000n);
    chain.fund(provider, 1_000_000_000n);
    chain.must(MsgRegisterProviderSchema, register(provider, { bond: coin(100_000_000n), ttlSeconds: 1_000n }));
    const ids = Array.from({ length: 64 }, () => lease(chain, tenant, provider).leaseId);
    const refused = chain.send(MsgPostOrderSchema, order(tenant));
    expect(refused.ok).toBe(true);
    chain.pass(1_000n);
    chain.pass(600n);
    for (const id of ids) expect(chain.keeper.leases.get(chain.reader(), id).penaltyPaid).toBe(true);
    expect(chain.balance(tenant)).toBe(1_000_000_000n - 36_000n + 64n * 1_000_000n);
    chain.must(MsgHeartbeatSchema, { provider });
    expect(chain.broken()).toBeUndefined();
    expect(chain.send(MsgCloseLeaseSchema, { sender: tenant, leaseId: ids[0]! })).toMatchObject({ code: 81 });
  });
});
