// Tier: test. Budget: 8 s. Providers are paid out of what their settled work burned, and dealing with oneself loses.
import { describe, expect, it } from "@jest/globals";
import type { JsonObject } from "@bufbuild/protobuf";
import {
  MsgAcceptBidSchema,
  MsgAckUsageSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgStartLeaseSchema,
  MsgSubmitUsageSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";

import { wireChain } from "../../abci-app/app.js";
import { moduleAddress } from "../../core/address.js";
import type { AccAddress } from "../../core/address.js";
import { defaultAppState } from "../../core/runtime/genesis.js";
import { coin, MANIFEST, order, perSecond, register } from "../market/actors.js";
import type { StakeWorld } from "../kit/stake-world.js";
import { DENOM } from "../kit/stake-world.js";
import { economy, economyWorld, held } from "./world.js";

const DAY = 86_400n;

/** A market that burns half of its take of 10 %. */
function marketWorld(emission: JsonObject = {}): StakeWorld {
  const { marketplace, tokenomics } = defaultAppState(wireChain().chain) as Record<
    "marketplace" | "tokenomics",
    JsonObject
  >;
  const params = { ...(marketplace["params"] as JsonObject), take_rate_bps: 1_000, take_burn_bps: 5_000 };
  const defaults = (tokenomics["params"] as JsonObject)["emission"] as JsonObject;
  return economyWorld({
    ...economy({ params: { emission: { ...defaults, ...emission } } }),
    marketplace: { ...marketplace, params },
  });
}

/** One lease of 3,600 seconds for 10 a second, from order to settlement. */
function lease(world: StakeWorld, id: bigint, tenantAddress: AccAddress, providerAddress: AccAddress): void {
  const tenant = world.account(tenantAddress);
  const provider = world.account(providerAddress);
  const ctx = world.context();
  const bid = { orderId: id, provider, price: perSecond(10n) };
  world.execute(ctx, MsgPostOrderSchema, order(tenant));
  world.execute(ctx, MsgPlaceBidSchema, bid);
  world.execute(ctx, MsgAcceptBidSchema, { owner: tenant, ...bid });
  world.execute(ctx, MsgStartLeaseSchema, { provider, leaseId: id, manifestHash: MANIFEST });
  world.block({ seconds: 3_600n });
  world.execute(world.context(), MsgSubmitUsageSchema, { provider, leaseId: id, seconds: 3_600n, seq: 1n });
  world.execute(world.context(), MsgAckUsageSchema, { tenant, leaseId: id, seconds: 3_600n });
}

function open(world: StakeWorld, tenant: AccAddress, providers: readonly AccAddress[]): void {
  const ctx = world.context();
  for (const address of [tenant, ...providers]) {
    world.wiring.bank.send(ctx, world.rich, address, [{ denom: DENOM, amount: 20_000_000n }]);
  }
  for (const provider of providers) {
    world.execute(
      ctx,
      MsgRegisterProviderSchema,
      register(world.account(provider), { ttlSeconds: 604_800n, bond: coin(10_000_000n) }),
    );
  }
}

describe("Emission", () => {
  it("is shared by what the settled work of each provider burned, when the day is over", () => {
    const world = marketWorld();
    const [tenant, ann, bob] = [world.delegator(0), world.delegator(1), world.delegator(2)];
    open(world, tenant, [ann, bob]);
    lease(world, 1n, tenant, ann);
    lease(world, 2n, tenant, ann);
    lease(world, 3n, tenant, bob);
    // Each lease cost 36,000, of which 3,600 are taken and 1,800 burned.
    const before = [ann, bob].map((who) => world.wiring.bank.balance(world.context(), who, DENOM));
    expect(world.brokenInvariants()).toEqual([]);
    world.block({ seconds: DAY });
    world.block();
    const after = [ann, bob].map((who) => world.wiring.bank.balance(world.context(), who, DENOM));
    expect(after.map((amount, i) => amount - before[i]!)).toEqual([1_800n, 900n]);
    const { burnedBy, mintedBy } = world.wiring.tokenomics.supplyOverview(world.context());
    expect(burnedBy).toContainEqual(expect.objectContaining({ account: "marketplace_escrow", amount: "5400" }));
    expect(mintedBy).toContainEqual(expect.objectContaining({ account: "tokenomics", amount: "2700" }));
    expect(world.brokenInvariants()).toEqual([]);
  });

  it("makes dealing with oneself lose, at the highest share that can be set", () => {
    const world = marketWorld({ share_bps: 9_000 });
    const [self, other] = [world.delegator(0), world.delegator(1)];
    open(world, self, [other]);
    const both = () =>
      world.wiring.bank.balance(world.context(), self, DENOM) +
      world.wiring.bank.balance(world.context(), other, DENOM);
    const before = both();
    for (const id of [1n, 2n, 3n]) lease(world, id, self, other);
    world.block({ seconds: DAY });
    world.block();
    // 10,800 taken, 5,400 of it burned, 4,860 emitted again.
    expect(before - both()).toBe(10_800n - 4_860n);
    // The rest of the take is the chain's.
    const funds = ["treasury", "reinvestment", "development"].map((name) => held(world, name));
    expect(funds).toEqual([2_700n, 1_350n, 1_350n]);
    expect(held(world, "market_revenue")).toBe(0n);
    expect(moduleAddress("market_revenue")).toHaveLength(20);
  });

  it("is paid in bounded slices, and never above its cap", () => {
    const world = marketWorld({ max_per_epoch: "1000", max_payouts_per_block: 1 });
    const [tenant, ann, bob] = [world.delegator(0), world.delegator(1), world.delegator(2)];
    open(world, tenant, [ann, bob]);
    lease(world, 1n, tenant, ann);
    lease(world, 2n, tenant, bob);
    const sum = () =>
      [ann, bob].reduce((total, who) => total + world.wiring.bank.balance(world.context(), who, DENOM), 0n);
    const before = sum();
    world.block({ seconds: DAY });
    const first = sum() - before;
    world.block();
    expect([first, sum() - before - first]).toEqual([500n, 500n]);
    world.block();
    expect(world.brokenInvariants()).toEqual([]);
  });
});
