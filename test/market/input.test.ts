// Tier: make test. Budget: 10 s.
import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  MsgAcceptBidSchema,
  MsgCancelOrderSchema,
  MsgCloseLeaseSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgSubmitUsageSchema,
  MsgTopUpSchema,
  MsgUpdateParamsSchema,
  MsgUpdateProviderSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  Comparison,
  NumberAttribute,
  RateUnit,
  TextAttribute,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { ATTRIBUTES, coin, lease, match, order, perSecond, register } from "./actors.js";
import { MarketChain } from "./harness.js";

let chain: MarketChain;
let tenant: string;
let provider: string;

beforeEach(() => {
  chain = new MarketChain();
  tenant = chain.actor(1);
  provider = chain.actor(2);
  chain.fund(tenant, 1n << 200n);
  chain.fund(provider, 1n << 200n);
});

/** Numbers that others have got wrong; each as text of a message. */
const BAD_AMOUNTS = [
  "0",
  "-1",
  "",
  "1.5",
  "1e3",
  "0x10",
  " 1",
  "01",
  "+1",
  (1n << 128n).toString(),
  (1n << 256n).toString(),
  "9".repeat(5_000),
];
const GOOD_AMOUNTS = [
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 53n) + 1n,
  1n << 63n,
  (1n << 64n) - 1n,
  1n << 64n,
  (1n << 128n) - 1n,
];

describe("amounts", () => {
  it.each(BAD_AMOUNTS)("are refused wherever one comes in: %.40s", (amount) => {
    const bad = { denom: "ucptm", amount };
    const rate = { amount: bad, per: RateUnit.SECOND };
    const before = chain.balance(tenant);
    chain.must(MsgRegisterProviderSchema, register(provider));
    const { leaseId } = lease(chain, tenant, provider);
    const posted = chain.balance(tenant);
    expect(before - posted).toBe(36_000n);
    for (const outcome of [
      chain.send(MsgRegisterProviderSchema, register(tenant, { bond: bad })),
      chain.send(MsgRegisterProviderSchema, register(tenant, { price: rate })),
      chain.send(MsgPostOrderSchema, order(tenant, { budget: bad })),
      chain.send(MsgPostOrderSchema, order(tenant, { maxPrice: rate })),
      chain.send(MsgPlaceBidSchema, { provider, orderId: 1n, price: rate }),
      chain.send(MsgAcceptBidSchema, { owner: tenant, provider, orderId: 1n, price: rate }),
      chain.send(MsgTopUpSchema, { sender: tenant, leaseId, amount: bad }),
    ]) {
      expect(outcome).toMatchObject({ ok: false, codespace: "marketplace", code: 4 });
    }
    expect(chain.balance(tenant)).toBe(posted);
    expect(chain.broken()).toBeUndefined();
  });

  it.each(GOOD_AMOUNTS)("work to the last unit at the edges of number formats: %s", (amount) => {
    const rate = perSecond(amount);
    chain.must(
      MsgRegisterProviderSchema,
      register(provider, { price: rate, bond: coin(amount > 10_000_000n ? amount : 10_000_000n) }),
    );
    const funds = chain.balance(tenant);
    const { leaseId } = lease(chain, tenant, provider, {
      price: rate,
      order: { maxPrice: rate, budget: coin(amount) },
    });
    expect(chain.keeper.leases.get(chain.reader(), leaseId).fundedSeconds).toBe(1n);
    chain.endBlock(1n);
    chain.must(MsgSubmitUsageSchema, { provider, leaseId, seconds: (1n << 64n) - 1n, seq: (1n << 64n) - 1n });
    chain.pass(2_000n);
    expect(chain.balance(tenant)).toBe(funds - amount);
    expect(chain.keeper.leases.get(chain.reader(), leaseId)).toMatchObject({
      paid: amount.toString(),
      taken: ((amount * 500n) / 10_000n).toString(),
    });
    expect(chain.broken()).toBeUndefined();
  });
});

describe("messages", () => {
  const max64 = (1n << 64n) - 1n;

  it.each([
    ["no attributes", { attributes: undefined as never }, 2],
    ["an unknown kind", { attributes: { ...ATTRIBUTES, kind: 99 as never } }, 2],
    ["GPUs without a model", { attributes: { ...ATTRIBUTES, gpuModel: "" } }, 2],
    ["a model in capitals", { attributes: { ...ATTRIBUTES, gpuModel: "H100" } }, 2],
    ["a model with U+0000", { attributes: { ...ATTRIBUTES, gpuModel: "h100\0" } }, 2],
    ["a region with spaces", { attributes: { ...ATTRIBUTES, region: "eu west" } }, 2],
    ["memory beyond reason", { attributes: { ...ATTRIBUTES, ramMib: max64 } }, 2],
    ["no processor", { attributes: { ...ATTRIBUTES, cpuCores: 0 } }, 2],
    ["a unit that does not exist", { price: { amount: coin(1n), per: 77 as never } }, 3],
    ["a price in another denom", { price: { amount: coin(1n, "uatom"), per: RateUnit.SECOND } }, 44],
    ["a denom that is none", { price: { amount: coin(1n, "1x"), per: RateUnit.SECOND } }, 4],
    ["a bond below the minimum", { bond: coin(9_999_999n) }, 23],
    ["a bond in another denom", { bond: coin(10_000_000n, "uatom") }, 23],
    ["too many endpoints", { endpoints: Array<string>(9).fill("https://a.example") }, 7],
    ["an endpoint that is no URL", { endpoints: ["javascript:alert(1)"] }, 7],
    ["an endpoint with a quote", { endpoints: ['https://a.example/"'] }, 7],
    ["an endpoint too long", { endpoints: [`https://${"a".repeat(250)}`] }, 7],
    ["a time to live of zero", { ttlSeconds: 0n }, 8],
    ["a time to live of 2^64 - 1", { ttlSeconds: max64 }, 8],
    ["a time to live below the bound", { ttlSeconds: 29n }, 8],
  ])("refuse a registration with %s", (_name, changes, code) => {
    expect(chain.send(MsgRegisterProviderSchema, register(provider, changes))).toMatchObject({
      codespace: "marketplace",
      code,
    });
    expect(chain.balance(provider)).toBe(1n << 200n);
  });

  it.each([
    ["no requirements", { requirements: undefined as never }, 5],
    ["17 clauses", { requirements: { numbers: Array(17).fill({ attribute: 1, comparison: 1, value: 1n }) } }, 5],
    ["17 values in a clause", { requirements: { texts: [{ attribute: 2, values: Array<string>(17).fill("eu") }] } }, 5],
    ["a clause without values", { requirements: { texts: [{ attribute: TextAttribute.REGION, values: [] }] } }, 5],
    [
      "an attribute that does not exist",
      { requirements: { numbers: [{ attribute: 9 as never, comparison: Comparison.EQUAL }] } },
      5,
    ],
    [
      "a comparison that does not exist",
      { requirements: { numbers: [{ attribute: NumberAttribute.RAM_MIB, comparison: 9 as never }] } },
      5,
    ],
    ["a kind twice", { requirements: { kinds: [1, 1] } }, 5],
    ["trust above one", { requirements: { minTrustBps: 10_001 } }, 5],
    ["an unknown job class", { jobClass: 0 }, 9],
    ["a verification that is not there", { verification: 2 as never }, 9],
    ["a short hash", { manifestHash: new Uint8Array(31) }, 6],
    ["no time", { durationSeconds: 0n }, 8],
    ["2^64 - 1 seconds", { durationSeconds: max64 }, 8],
    ["more than the longest lease", { durationSeconds: 90n * 86_400n + 1n }, 8],
    ["a life of 2^64 - 1", { lifetimeSeconds: max64 }, 8],
    ["a budget below the minimum", { budget: coin(999n) }, 45],
    ["a budget in another denom than the price", { budget: coin(1_000n, "uatom") }, 44],
    [
      "a denom that is not accepted",
      { budget: coin(1_000n, "uatom"), maxPrice: { amount: coin(1n, "uatom"), per: 1 } },
      44,
    ],
  ])("refuse an order with %s", (_name, changes, code) => {
    const outcome = chain.send(MsgPostOrderSchema, order(tenant, changes as never));
    expect(outcome).toMatchObject({ codespace: "marketplace", code });
    expect(chain.balance(tenant)).toBe(1n << 200n);
  });

  it.each(["", "cptm1", "cosmos1qyqszqgpqyqszqgpqyqszqgpqyqszqgpjnp7du", "x".repeat(2_000), "cptm1\u{1f600}"])(
    "refuse an address that is none: %.30s",
    (address) => {
      for (const outcome of [
        chain.send(MsgRegisterProviderSchema, register(address)),
        chain.send(MsgPostOrderSchema, order(address)),
        chain.send(MsgCloseLeaseSchema, { sender: address, leaseId: 1n }),
      ]) {
        expect(outcome).toMatchObject({ codespace: "sdk", code: 7 });
      }
    },
  );

  it("refuse an address in capitals, and one that is too long for a key", () => {
    const long = chain.addresses.account.encode("a".repeat(200) as never);
    for (const address of [provider.toUpperCase(), long]) {
      expect(chain.send(MsgRegisterProviderSchema, register(address))).toMatchObject({ codespace: "sdk", code: 7 });
    }
  });

  it("refuse what belongs to others", () => {
    chain.must(MsgRegisterProviderSchema, register(provider));
    const { orderId, leaseId } = match(chain, tenant, provider);
    const stranger = chain.actor(7);
    expect(chain.send(MsgCancelOrderSchema, { owner: stranger, orderId })).toMatchObject({ code: 42 });
    expect(chain.send(MsgCloseLeaseSchema, { sender: stranger, leaseId })).toMatchObject({ code: 82 });
    expect(chain.send(MsgSubmitUsageSchema, { provider: tenant, leaseId, seconds: 1n, seq: 1n })).toMatchObject({
      code: 83,
    });
    const params = chain.keeper.params(chain.reader());
    expect(chain.send(MsgUpdateParamsSchema, { authority: stranger, params })).toMatchObject({
      codespace: "gov",
      code: 13,
    });
  });

  it("refuse dealing with oneself", () => {
    chain.must(MsgRegisterProviderSchema, register(provider));
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(provider),
    ).response;
    expect(chain.send(MsgPlaceBidSchema, { provider, orderId, price: perSecond(1n) })).toMatchObject({ code: 66 });
  });

  it("refuse a bid that was changed after the tenant saw it", () => {
    chain.must(MsgRegisterProviderSchema, register(provider));
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant),
    ).response;
    chain.must(MsgPlaceBidSchema, { provider, orderId, price: perSecond(5n) });
    chain.must(MsgPlaceBidSchema, { provider, orderId, price: perSecond(9n) });
    const accept = { owner: tenant, orderId, provider, price: perSecond(5n) };
    expect(chain.send(MsgAcceptBidSchema, accept)).toMatchObject({ code: 67 });
  });

  it("let a cheaper bid take the place of the dearest when an order is full", () => {
    const params = { ...chain.keeper.params(chain.reader()), maxBidsPerOrder: 2 };
    const authority = chain.addresses.account.encode(chain.authority);
    chain.must(MsgUpdateParamsSchema, { authority, params });
    const bidders = [10, 11, 12, 13].map((n) => chain.actor(n));
    for (const bidder of bidders) {
      chain.fund(bidder, 10_000_000n);
      chain.must(MsgRegisterProviderSchema, register(bidder));
    }
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant),
    ).response;
    const bid = (i: number, price: bigint) =>
      chain.send(MsgPlaceBidSchema, { provider: bidders[i]!, orderId, price: perSecond(price) });
    expect([bid(0, 9n), bid(1, 8n), bid(2, 7n)].every(({ ok }) => ok)).toBe(true);
    expect(bid(3, 8n)).toMatchObject({ code: 65 });
    const left = [...chain.keeper.state.bids.entries(chain.reader())].map(([, { provider: of }]) => of);
    expect(left.sort()).toEqual([bidders[1], bidders[2]].sort());
    expect(chain.broken()).toBeUndefined();
  });

  it("never leave more leases open than the bond can answer for", () => {
    chain.must(MsgRegisterProviderSchema, register(provider)); // ten penalties
    for (let i = 0; i < 10; i++) match(chain, tenant, provider);
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant),
    ).response;
    expect(chain.send(MsgPlaceBidSchema, { provider, orderId, price: perSecond(1n) })).toMatchObject({ code: 23 });
    chain.must(MsgUpdateProviderSchema, {
      ...{ provider, attributes: ATTRIBUTES, price: perSecond(1n), ttlSeconds: 60n },
      addBond: coin(1_000_000n),
    });
    chain.must(MsgPlaceBidSchema, { provider, orderId, price: perSecond(1n) });
  });

  it.each([
    ["takeRateBps", 2_001],
    ["takeBurnBps", 10_001],
    ["startWindowSeconds", 0n],
    ["ackWindowSeconds", (1n << 64n) - 1n],
    ["maxTimersPerBlock", 0],
    ["maxBidsPerOrder", 257],
    ["acceptedDenoms", []],
    ["noShowPenalty", "10000001"],
    ["noShowPenalty", "-1"],
  ])("refuse parameters outside of their bounds: %s = %s", (field, value) => {
    const params = { ...chain.keeper.params(chain.reader()), [field]: value };
    const authority = chain.addresses.account.encode(chain.authority);
    expect(chain.send(MsgUpdateParamsSchema, { authority, params })).toMatchObject({
      codespace: "marketplace",
      code: 10,
    });
  });
});
