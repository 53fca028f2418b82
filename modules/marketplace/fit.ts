import type { Order, Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { ProviderState } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { MisfitReason } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";

import type { ReadContext } from "../../core/runtime/context.js";
import type { MarketplaceKeeper } from "./keeper.js";
import { unmetRequirements } from "./requirements.js";
import type { Price } from "./types.js";
import { amountInState, comparePrices, CorruptStateError, kindName, priceInState } from "./types.js";

/** How many providers the explanation of an order looks at. */
export const MAX_EXAMINED = 1000;
const MAX_FITTING_LISTED = 50;

/** All that keeps a provider from an order at a price, in a fixed order; empty when it fits. */
export function providerMisfits(
  ctx: ReadContext,
  keeper: MarketplaceKeeper,
  candidate: { readonly order: Order; readonly provider: Provider; readonly price: Price },
): readonly MisfitReason[] {
  const { order, provider, price } = candidate;
  const { attributes } = provider;
  if (attributes === undefined || order.requirements === undefined) {
    throw new CorruptStateError("a provider without attributes, or an order without requirements");
  }
  const params = keeper.params(ctx);
  const reasons: MisfitReason[] = [];
  if (provider.address === order.owner) reasons.push(MisfitReason.SAME_ACCOUNT);
  if (provider.state !== ProviderState.ONLINE || provider.liveUntilTime <= ctx.timeSeconds) {
    reasons.push(MisfitReason.PROVIDER_OFFLINE);
  }
  reasons.push(...unmetRequirements(order.requirements, attributes));
  const maxPrice = priceInState(order.maxPrice);
  if (price.denom !== maxPrice.denom) reasons.push(MisfitReason.PRICE_IN_OTHER_DENOM);
  else if (comparePrices(price, maxPrice) > 0) reasons.push(MisfitReason.PRICE_ABOVE_MAX);
  if (order.requirements.minTrustBps > 0) {
    const address = keeper.deps.addresses.account.decode(provider.address);
    const score = keeper.deps.reputation.scoreBps(ctx, address, kindName(attributes.kind) ?? "");
    if (score < order.requirements.minTrustBps) reasons.push(MisfitReason.TRUST_TOO_LOW);
  }
  const bondedInDenom = provider.bond?.denom === params.minBond?.denom;
  if (!bondedInDenom || keeper.bonds.free(provider) < amountInState(params.noShowPenalty)) {
    reasons.push(MisfitReason.BOND_EXHAUSTED);
  }
  if (provider.openLeases >= params.maxOpenLeasesPerProvider) reasons.push(MisfitReason.TOO_MANY_LEASES);
  return reasons;
}

export interface OrderFit {
  readonly fitting: readonly string[];
  readonly fittingCount: number;
  readonly misfits: readonly { readonly reason: MisfitReason; readonly providers: number; readonly only: number }[];
  readonly examined: number;
  readonly truncated: boolean;
}

/** Which of the first {@link MAX_EXAMINED} providers, by address, fit an order at their asking prices, and what the others lack. */
export function orderFit(ctx: ReadContext, keeper: MarketplaceKeeper, order: Order): OrderFit {
  const fitting: { readonly address: string; readonly price: Price }[] = [];
  const counts = new Map<MisfitReason, { providers: number; only: number }>();
  let examined = 0;
  let truncated = false;
  for (const [, provider] of keeper.state.providers.entries(ctx)) {
    if (examined === MAX_EXAMINED) {
      truncated = true;
      break;
    }
    examined++;
    const price = priceInState(provider.price);
    const reasons = providerMisfits(ctx, keeper, { order, provider, price });
    if (reasons.length === 0) fitting.push({ address: provider.address, price });
    for (const reason of reasons) {
      const count = counts.get(reason) ?? { providers: 0, only: 0 };
      count.providers++;
      if (reasons.length === 1) count.only++;
      counts.set(reason, count);
    }
  }
  // Stable sorts: equals stay in the order of addresses, or of first appearance.
  fitting.sort((a, b) => comparePrices(a.price, b.price));
  const misfits = [...counts].map(([reason, count]) => ({ reason, ...count }));
  misfits.sort((a, b) => b.providers - a.providers || a.reason - b.reason);
  return {
    fitting: fitting.slice(0, MAX_FITTING_LISTED).map(({ address }) => address),
    fittingCount: fitting.length,
    misfits,
    examined,
    truncated,
  };
}
