// Tier: make test. Budget: 10 s.
import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  MsgCancelOrderSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgSubmitUsageSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  MisfitReason,
  QueryBidsRequestSchema,
  QueryBidsResponseSchema,
  QueryLeaseRequestSchema,
  QueryLeaseResponseSchema,
  QueryLeasesRequestSchema,
  QueryLeasesResponseSchema,
  QueryOrderFitRequestSchema,
  QueryOrderFitResponseSchema,
  QueryOrdersRequestSchema,
  QueryOrdersResponseSchema,
  QueryProvidersRequestSchema,
  QueryProvidersResponseSchema,
} from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import type { GenesisState } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/marketplace/v1/genesis_pb.js";
import {
  Comparison,
  LeaseState,
  NumberAttribute,
  OrderState,
  ResourceKind,
  TextAttribute,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { fromJson, toJson } from "../../core/codec/protobuf.js";
import { ATTRIBUTES, coin, lease, match, order, perHour, perSecond, register } from "./actors.js";
import { DENOM, MarketChain } from "./harness.js";

const Q = "/computronium.marketplace.v1.Query";
let chain: MarketChain;
let tenant: string;
let big: string;
let small: string;

beforeEach(() => {
  chain = new MarketChain();
  [tenant, big, small] = [1, 2, 3].map((n) => chain.actor(n)) as [string, string, string];
  for (const address of [tenant, big, small]) chain.fund(address, 1_000_000_000n);
  chain.must(MsgRegisterProviderSchema, register(big, { price: perHour(72_000n) }));
  const attributes = {
    ...ATTRIBUTES,
    kind: ResourceKind.EDGE_DEVICE,
    gpuModel: "",
    gpuCount: 0,
    vramMib: 0n,
    region: "us-east",
  };
  chain.must(MsgRegisterProviderSchema, register(small, { attributes, price: perSecond(1n) }));
});

const post = (changes: Parameters<typeof order>[1] = {}) =>
  chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(MsgPostOrderSchema, order(tenant, changes)).response
    .orderId;

describe("queries", () => {
  it("find providers by kind, GPU model and region", () => {
    const find = (filter: Record<string, unknown>) =>
      chain
        .query(`${Q}/Providers`, QueryProvidersRequestSchema, QueryProvidersResponseSchema, filter)
        .providers.map(({ address }) => address);
    expect(find({})).toEqual([big, small]);
    expect(find({ kind: ResourceKind.EDGE_DEVICE })).toEqual([small]);
    expect(find({ gpuModel: "h100-sxm" })).toEqual([big]);
    expect(find({ gpuModel: "h100" })).toEqual([]);
    expect(find({ region: "us-east" })).toEqual([small]);
    expect(() => find({ kind: 77 })).toThrow("kind: 77 does not exist");
  });

  it("find orders by state and owner, page by page, with the total", () => {
    const ids = [post(), post(), post()];
    chain.must(MsgCancelOrderSchema, { owner: tenant, orderId: ids[1]! });
    const find = (filter: Record<string, unknown>) =>
      chain.query(`${Q}/Orders`, QueryOrdersRequestSchema, QueryOrdersResponseSchema, filter);
    expect(find({ state: OrderState.OPEN }).orders.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(find({ owner: tenant, state: OrderState.CANCELLED }).orders.map(({ id }) => id)).toEqual([ids[1]]);
    expect(find({ owner: big }).orders).toEqual([]);
    const first = find({ pagination: { limit: 2n, countTotal: true } });
    expect(first.pagination).toMatchObject({ total: 3n });
    const second = find({ pagination: { key: first.pagination!.nextKey } });
    expect([...first.orders, ...second.orders].map(({ id }) => id)).toEqual(ids);
  });

  it("find bids by order and by provider", () => {
    const ids = [post(), post()];
    for (const orderId of ids) chain.must(MsgPlaceBidSchema, { provider: big, orderId, price: perSecond(3n) });
    const find = (filter: Record<string, unknown>) =>
      chain
        .query(`${Q}/Bids`, QueryBidsRequestSchema, QueryBidsResponseSchema, filter)
        .bids.map(({ orderId }) => orderId);
    expect(find({ provider: big })).toEqual(ids);
    expect(find({ orderId: ids[1] })).toEqual([ids[1]]);
    expect(find({ orderId: ids[1], provider: big })).toEqual([ids[1]]);
    expect(() => find({})).toThrow("order_id or provider is needed");
  });

  it("find leases by tenant, provider and state, and show what has accrued", () => {
    const running = lease(chain, tenant, big).leaseId;
    const pending = match(chain, tenant, big).leaseId;
    const find = (filter: Record<string, unknown>) =>
      chain
        .query(`${Q}/Leases`, QueryLeasesRequestSchema, QueryLeasesResponseSchema, filter)
        .leases.map(({ id }) => id);
    expect(find({ tenant })).toEqual([running, pending]);
    expect(find({ provider: big, state: LeaseState.PENDING })).toEqual([pending]);
    expect(find({ state: LeaseState.ACTIVE })).toEqual([running]);
    chain.endBlock(90n);
    const answer = chain.query(`${Q}/Lease`, QueryLeaseRequestSchema, QueryLeaseResponseSchema, { leaseId: running });
    expect(answer).toMatchObject({ elapsedSeconds: 90n, accrued: coin(900n), fundedSeconds: 3_600n });
    chain.endBlock(9_000n); // its end has passed, and no block has noticed yet
    const later = chain.query(`${Q}/Lease`, QueryLeaseRequestSchema, QueryLeaseResponseSchema, { leaseId: running });
    expect(later).toMatchObject({
      lease: { state: LeaseState.ACTIVE },
      elapsedSeconds: 3_600n,
      accrued: coin(36_000n),
    });
  });

  it("say why an order does not get a bid", () => {
    const fit = (changes: Parameters<typeof order>[1]) =>
      chain.query(`${Q}/OrderFit`, QueryOrderFitRequestSchema, QueryOrderFitResponseSchema, { orderId: post(changes) });
    const reasons = (changes: Parameters<typeof order>[1]) => fit(changes).misfits.map(({ reason }) => reason);
    const maxPrice = perSecond(100n);
    expect(fit({ requirements: {}, maxPrice })).toMatchObject({
      fitting: [small, big],
      fittingCount: 2,
      examined: 2,
      misfits: [],
    });
    expect(reasons({ requirements: {}, maxPrice: perSecond(5n) })).toEqual([MisfitReason.PRICE_ABOVE_MAX]);
    expect(reasons({ requirements: { minTrustBps: 1 }, maxPrice })).toEqual([MisfitReason.TRUST_TOO_LOW]);
    const gpus = { numbers: [{ attribute: NumberAttribute.GPU_COUNT, comparison: Comparison.AT_LEAST, value: 9n }] };
    expect(fit({ requirements: gpus, maxPrice }).misfits).toMatchObject([
      { reason: MisfitReason.NO_PROVIDER_WITH_GPU, providers: 2, only: 2 },
    ]);
    const abroad = { texts: [{ attribute: TextAttribute.REGION, negate: true, values: ["us-east", "eu-west"] }] };
    expect(reasons({ requirements: abroad, maxPrice })).toEqual([MisfitReason.NO_PROVIDER_IN_REGION]);
    chain.pass(86_400n);
    expect(reasons({ requirements: {}, maxPrice })).toEqual([MisfitReason.PROVIDER_OFFLINE]);
  });
});

describe("genesis", () => {
  /** A state with something of everything. */
  function grown(): MarketChain {
    const { leaseId } = lease(chain, tenant, big);
    match(chain, tenant, big);
    post();
    chain.endBlock(50n);
    chain.must(MsgSubmitUsageSchema, { provider: big, leaseId, seconds: 40n, seq: 3n });
    return chain;
  }

  it("exports the whole state through JSON, and a chain that starts from it goes on in the same way", () => {
    grown();
    const through = (name: string) => {
      const genesis = chain.genesisOf(name);
      return fromJson(genesis.schema, toJson(genesis.schema, genesis.export(chain.reader())));
    };
    const copy = new MarketChain({
      genesis: new Map([
        ["marketplace", through("marketplace")],
        ["reputation", through("reputation")],
      ]),
      balances: (to, ctx) => {
        for (const address of [tenant, big, small]
          .map((text) => to.bytes(text))
          .concat(to.escrowAccount, to.bondAccount)) {
          to.ledger.add(ctx, address, DENOM, chain.ledger.balance(chain.reader(), address, DENOM));
        }
      },
    });
    copy.endBlock(50n);
    for (let i = 0; i < 3; i++) {
      chain.pass(5_000n);
      copy.pass(5_000n);
    }
    // The clocks differ by what the first chain had run: all deadlines of this story are over on both.
    for (const address of [tenant, big, small]) expect(copy.balance(address)).toBe(chain.balance(address));
    expect(copy.broken()).toBeUndefined();
  });

  it.each<[string, (state: GenesisState) => void, RegExp]>([
    [
      "a bond that open leases do not explain",
      (s) => void (s.providers[0]!.bondReserved = "1"),
      /providers\[0\]\.bondReserved/,
    ],
    ["an escrow whose sums do not add up", (s) => void (s.escrows[0]!.deposited = "1"), /escrows\[0\]: deposited 1/],
    ["an order that leads nowhere", (s) => void (s.orders[0]!.leaseId = 99n), /orders\[0\]\.leaseId: lease 99/],
    ["a lease paid for what was not accepted", (s) => void (s.leases[0]!.paid = "7"), /leases\[0\]\.paid/],
    [
      "a lease that would overdraw",
      (s) => void ((s.leases[0]!.durationSeconds = 1n << 30n), (s.leases[0]!.fundedSeconds = 1n << 30n)),
      /fundedSeconds: would cost/,
    ],
    ["a number that is taken", (s) => void (s.nextOrderId = 1n), /orders\[0\]\.id/],
    ["a foreign address", (s) => void (s.orders[0]!.owner = "cosmos1xyz"), /orders\[0\]\.owner/],
    ["no parameters", (s) => void delete s.params, /params: missing/],
    [
      "an amount that is none",
      (s) => void (s.escrows[0]!.balance!.amount = "-5"),
      /escrows\[0\]\.balance\.amount: "-5"/,
    ],
  ])("refuses %s, and says where it is", (_name, spoil, message) => {
    const genesis = grown().genesisOf("marketplace");
    const state = genesis.export(chain.reader()) as unknown as GenesisState;
    expect(genesis.validate(state as never)).toEqual([]);
    spoil(state);
    expect(genesis.validate(state as never).join("\n")).toMatch(message);
  });

  it("refuses to start when the coins that it promises are not there", () => {
    const state = grown().genesisOf("marketplace").export(chain.reader());
    expect(state.$typeName).toBe(GenesisStateSchema.typeName);
    expect(() => new MarketChain({ genesis: new Map([["marketplace", state]]) })).toThrow(
      /account of escrow holds 0ucptm/,
    );
  });
});
