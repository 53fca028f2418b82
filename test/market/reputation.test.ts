// Tier: make test. Budget: 10 s.
import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgSubmitResultSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  QueryPairsRequestSchema,
  QueryPairsResponseSchema,
  QueryRankingRequestSchema,
  QueryRankingResponseSchema,
  QueryScoresRequestSchema,
  QueryScoresResponseSchema,
} from "@computronium/proto/computronium/reputation/v1/query_pb.js";

import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import { coin, lease, match, order, perSecond, register, RESULT } from "./actors.js";
import { DENOM, MarketChain } from "./harness.js";

const KIND = "compute/data-centre";
const FUNDS = 1_000_000_000_000n;
let chain: MarketChain;

beforeEach(() => {
  chain = new MarketChain();
});

function join(n: number): string {
  const address = chain.actor(n);
  chain.fund(address, FUNDS);
  return address;
}

function provider(n: number): string {
  const address = join(n);
  chain.must(MsgRegisterProviderSchema, register(address, { bond: coin(1_000_000_000n), ttlSeconds: 7n * 86_400n }));
  return address;
}

/** A lease of one second at a price, delivered and settled. */
function deal(tenant: string, from: string, price: bigint): void {
  const rate = perSecond(price);
  const ids = lease(chain, tenant, from, {
    price: rate,
    order: { maxPrice: rate, budget: coin(price), durationSeconds: 1n },
  });
  chain.endBlock(1n);
  chain.send(MsgSubmitResultSchema, { provider: from, leaseId: ids.leaseId, resultHash: RESULT });
  chain.pass(600n);
}

const score = (address: string) => chain.reputation.scoreBps(chain.reader(), chain.bytes(address), KIND);
const alpha = (address: string) =>
  parseDec(chain.reputation.state.reputations.get(chain.reader(), [chain.bytes(address), KIND])?.alpha ?? "0")!;

describe("reputation", () => {
  it("starts at nothing, grows with settled work and halves its weight in a half-life", () => {
    const [tenant, from] = [join(1), provider(2)];
    expect(score(from)).toBe(0);
    deal(tenant, from, 140_000n); // take 7,000: log2(1 + 7) = 3
    expect(alpha(from)).toBe(3n * DEC_ONE);
    expect(score(from)).toBe(2_307); // 3 / 13
    chain.endBlock(90n * 86_400n);
    const scores = chain.query(
      "/computronium.reputation.v1.Query/Scores",
      QueryScoresRequestSchema,
      QueryScoresResponseSchema,
      { provider: from },
    );
    expect(scores.scores).toHaveLength(1);
    const explained = scores.scores[0]!;
    expect(explained.scoreBps).toBeLessThanOrEqual(1_304); // 1.5 / 11.5
    expect(explained.scoreBps).toBeGreaterThan(1_300);
    // The answer shows all that the score is made of.
    const parts = [explained.alphaNow, explained.betaNow, explained.priorWeight].map((text) => parseDec(text)!);
    expect((parts[0]! * DEC_ONE) / (parts[0]! + parts[1]! + parts[2]!)).toBe(parseDec(explained.score));
    expect(explained.reputation).toMatchObject({ goodReceipts: 1n, badReceipts: 0n, fees: "7000", seconds: 1n });
  });

  it("falls with a no-show, by what the provider lost of its bond", () => {
    const [tenant, from] = [join(1), provider(2)];
    deal(tenant, from, 140_000n);
    match(chain, tenant, from);
    chain.pass(300n);
    const record = chain.reputation.state.reputations.get(chain.reader(), [chain.bytes(from), KIND])!;
    expect(parseDec(record.beta)).toBe(8n * DEC_ONE); // log2(1 + 1,000) is above the cap of a pair
    expect(score(from)).toBeLessThan(1_429); // 3 / 21
    expect(record.badReceipts).toBe(1n);
  });

  it("opens orders that ask for trust only to those who have it", () => {
    const [tenant, trusted, newcomer] = [join(1), provider(2), provider(3)];
    deal(tenant, trusted, 140_000n);
    const { orderId } = chain.must<typeof MsgPostOrderSchema, { orderId: bigint }>(
      MsgPostOrderSchema,
      order(tenant, { requirements: { minTrustBps: 2_000 } }),
    ).response;
    const price = perSecond(1n);
    expect(chain.send(MsgPlaceBidSchema, { provider: newcomer, orderId, price })).toMatchObject({ code: 64 });
    chain.must(MsgPlaceBidSchema, { provider: trusted, orderId, price });
  });

  it("ranks the best first, page by page, and lists what pairs dealt", () => {
    const tenant = join(1);
    const providers = [2, 3, 4].map(provider);
    providers.forEach((from, i) => deal(tenant, from, 20_000n * BigInt(i + 1)));
    const seen: string[] = [];
    let key = new Uint8Array(0);
    do {
      const page = chain.query(
        "/computronium.reputation.v1.Query/Ranking",
        QueryRankingRequestSchema,
        QueryRankingResponseSchema,
        {
          kind: KIND,
          pagination: { limit: 1n, key },
        },
      );
      seen.push(...page.scores.map(({ reputation }) => reputation!.provider));
      key = new Uint8Array(page.pagination!.nextKey);
    } while (key.length > 0);
    expect(seen).toEqual(providers.toReversed());
    const pairs = chain.query(
      "/computronium.reputation.v1.Query/Pairs",
      QueryPairsRequestSchema,
      QueryPairsResponseSchema,
      { provider: providers[0]! },
    );
    expect(pairs.pairs).toMatchObject([{ tenant, goodCost: "1000", badCost: "0", receipts: 1n }]);
  });

  it("forgets the pairs of epochs that are over", () => {
    deal(join(1), provider(2), 20_000n);
    chain.pass(14n * 86_400n);
    expect([...chain.reputation.state.pairs.entries(chain.reader())]).toEqual([]);
  });
});

describe("trade between linked addresses", () => {
  /** What accounts of one owner hold all in all, bonds and escrow included: nothing else of theirs is anywhere. */
  const wealth = (addresses: readonly string[]) =>
    addresses.reduce((sum, address) => sum + chain.balance(address), 0n) +
    chain.ledger.balance(chain.reader(), chain.escrowAccount, DENOM) +
    chain.ledger.balance(chain.reader(), chain.bondAccount, DENOM);

  it.each([
    ["one tenant, one large lease", 1, 1, 400_000n],
    ["one tenant, twenty small leases", 1, 20, 20_000n],
    ["five tenants, four leases each", 5, 4, 20_000n],
    ["ten tenants, leases too small to matter", 10, 2, 1_000n],
  ])("costs more than its score could be worth, and gains nothing: %s", (_name, tenants, rounds, price) => {
    const wash = provider(2);
    const own = Array.from({ length: tenants }, (_, i) => join(10 + i));
    const before = wealth([wash, ...own]);
    for (let i = 0; i < rounds; i++) for (const tenant of own) deal(tenant, wash, price);
    const lost = before - wealth([wash, ...own]);
    // The circle returns every coin but the take, which is out of reach.
    expect(lost).toBe(BigInt(tenants * rounds) * ((price * 500n) / 10_000n));
    expect(chain.ledger.balance(chain.reader(), chain.treasury, DENOM)).toBe(lost);
    // Weight is not to be had below cost_unit × ln 2 each (ln 2 > 0.693): the owner paid at least that.
    const costUnit = 1_000n;
    expect(lost * 1_000n * DEC_ONE).toBeGreaterThanOrEqual(alpha(wash) * costUnit * 693n);
    // And with one tenant there is a ceiling for an epoch, whatever he pays.
    expect(alpha(wash)).toBeLessThanOrEqual(BigInt(tenants) * 8n * DEC_ONE);
    expect(chain.broken()).toBeUndefined();
  });

  it("weighs the same for one owner however he cuts a sum, and no more than an honest dealing of that sum", () => {
    const [tenant, honest, cut] = [join(1), provider(2), provider(3)];
    deal(tenant, honest, 200_000n);
    for (let i = 0; i < 10; i++) deal(tenant, cut, 20_000n);
    const difference = alpha(honest) - alpha(cut);
    // Decay over the two hours that ten leases take is all that tells them apart.
    expect(difference).toBeGreaterThanOrEqual(0n);
    expect(difference * 1_000n).toBeLessThan(alpha(honest));
  });

  it("stops at the ceiling of a pair in an epoch, while the take goes on being paid", () => {
    const [tenant, wash] = [join(1), provider(2)];
    deal(tenant, wash, 20_000_000n); // take 1,000,000: log2(1,001) is above 8
    const full = alpha(wash);
    expect(full).toBe(8n * DEC_ONE);
    const treasury = chain.ledger.balance(chain.reader(), chain.treasury, DENOM);
    deal(tenant, wash, 20_000_000n);
    expect(alpha(wash)).toBeLessThanOrEqual(full);
    expect(chain.ledger.balance(chain.reader(), chain.treasury, DENOM) - treasury).toBe(1_000_000n);
  });
});
