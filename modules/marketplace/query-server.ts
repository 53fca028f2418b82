import type { GenService } from "@bufbuild/protobuf/codegenv2";
import type { Query, QueryProvidersRequest } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import type { Bid, Lease, Order, Provider } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  BidState,
  LeaseState,
  OrderState,
  ProviderState,
  ResourceKind,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { PageRequest, PageResponse } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";

import type { ByteString } from "../../core/bytes.js";
import type { IndexedStateMap, StateIndex, StateMap } from "../../core/collections/collections.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { ReadContext } from "../../core/runtime/context.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer } from "../../core/runtime/router.js";
import { readActor } from "./checks.js";
import { ranSeconds } from "./deadlines.js";
import { ErrBidNotFound } from "./errors.js";
import { orderFit } from "./fit.js";
import type { MarketplaceKeeper } from "./keeper.js";
import { coinMessage, CorruptStateError, costOfSeconds, priceInState } from "./types.js";

type Methods = typeof Query extends GenService<infer M> ? M : never;

interface Page<V> {
  readonly values: V[];
  readonly pagination: PageResponse;
}

function allOf<K, V>(
  ctx: ReadContext,
  map: StateMap<K, V>,
  request: PageRequest | undefined,
  options: { readonly prefix?: ByteString; readonly filter: (value: V) => boolean },
): Page<V> {
  const { entries, pagination } = paginate(ctx, map, request, {
    prefix: options.prefix,
    filter: (_key, value) => options.filter(value),
  });
  return { values: entries.map(([, value]) => value), pagination };
}

/** The entries that an index has for a key: filters look at the entry behind each reference. */
function indexed<I, K, V>(
  ctx: ReadContext,
  map: IndexedStateMap<K, V>,
  index: StateIndex<I, K, V>,
  key: I,
  request: PageRequest | undefined,
  filter: (value: V) => boolean,
): Page<V> {
  const found = new Map<readonly [I, K], V>();
  const { entries, pagination } = paginate(ctx, index.refs.map, request, {
    prefix: index.prefix(key),
    filter: (ref) => {
      const value = map.get(ctx, ref[1]);
      if (value === undefined) throw new CorruptStateError("an index leads to nothing");
      if (!filter(value)) return false;
      found.set(ref, value);
      return true;
    },
  });
  return { values: entries.map(([ref]) => found.get(ref)!), pagination };
}

function requireEnum(field: string, value: number, values: Readonly<Record<number, string | number>>): void {
  if (values[value] === undefined) throw ErrInvalidRequest.with(`${field}: ${value} does not exist`);
}

/** Answers the queries of the market, from its indexes. */
export function marketplaceQueryServer(keeper: MarketplaceKeeper): QueryServer<Methods> {
  const { state } = keeper;
  const actor = (text: string, field: string) => readActor(keeper.deps.addresses, text, field);

  const providers = (ctx: ReadContext, request: QueryProvidersRequest): Page<Provider> => {
    requireEnum("kind", request.kind, ResourceKind);
    requireEnum("state", request.state, ProviderState);
    const filter = ({ attributes, state: is }: Provider) =>
      (request.kind === ResourceKind.UNSPECIFIED || attributes?.kind === request.kind) &&
      (request.gpuModel === "" || attributes?.gpuModel === request.gpuModel) &&
      (request.region === "" || attributes?.region === request.region) &&
      (request.state === ProviderState.UNSPECIFIED || is === request.state);
    if (request.gpuModel.includes("\0")) throw ErrInvalidRequest.with("gpu_model: U+0000");
    if (request.gpuModel !== "") {
      return indexed(ctx, state.providers, state.providersByGpu, request.gpuModel, request.pagination, filter);
    }
    if (request.kind !== ResourceKind.UNSPECIFIED) {
      return indexed(ctx, state.providers, state.providersByKind, BigInt(request.kind), request.pagination, filter);
    }
    return allOf(ctx, state.providers.map, request.pagination, { filter });
  };

  return {
    params: (ctx) => ({ params: keeper.params(ctx) }),
    provider: (ctx, { address }) => ({ provider: keeper.providers.get(ctx, actor(address, "address")) }),
    providers(ctx, request) {
      const { values, pagination } = providers(ctx, request);
      return { providers: values, pagination };
    },
    order(ctx, { orderId }) {
      const order = keeper.orders.get(ctx, orderId);
      return { order, escrow: keeper.escrow.get(ctx, order.escrowId) };
    },
    orders(ctx, request) {
      requireEnum("state", request.state, OrderState);
      const any = request.state === OrderState.UNSPECIFIED;
      const filter = (order: Order) => any || order.state === request.state;
      const page =
        request.owner !== ""
          ? indexed(ctx, state.orders, state.ordersByOwner, actor(request.owner, "owner"), request.pagination, filter)
          : any
            ? allOf(ctx, state.orders.map, request.pagination, { filter })
            : indexed(ctx, state.orders, state.ordersByState, BigInt(request.state), request.pagination, filter);
      return { orders: page.values, pagination: page.pagination };
    },
    orderFit(ctx, { orderId }) {
      const order = keeper.orders.get(ctx, orderId);
      const { fitting, misfits, ...rest } = orderFit(ctx, keeper, order);
      return { ...rest, fitting: [...fitting], misfits: [...misfits], bidCount: order.bidCount };
    },
    bids(ctx, request) {
      requireEnum("state", request.state, BidState);
      const provider = request.provider === "" ? undefined : actor(request.provider, "provider");
      const filter = (bid: Bid) => request.state === BidState.UNSPECIFIED || bid.state === request.state;
      if (provider !== undefined && request.orderId > 0n) {
        const bid = state.bids.get(ctx, [request.orderId, provider]);
        if (bid === undefined) throw ErrBidNotFound.plain();
        return { bids: filter(bid) ? [bid] : [] };
      }
      if (provider !== undefined) {
        const page = indexed(ctx, state.bids, state.bidsByProvider, provider, request.pagination, filter);
        return { bids: page.values, pagination: page.pagination };
      }
      if (request.orderId === 0n) throw ErrInvalidRequest.with("order_id or provider is needed");
      const prefix = state.bidKey.prefix(request.orderId);
      const page = allOf(ctx, state.bids.map, request.pagination, { prefix, filter });
      return { bids: page.values, pagination: page.pagination };
    },
    lease(ctx, { leaseId }) {
      const lease = keeper.leases.get(ctx, leaseId);
      // That of a NO_SHOW lease went with its order, which may be gone already.
      const escrow = state.escrows.get(ctx, lease.escrowId);
      const price = priceInState(lease.rate);
      const elapsedSeconds = ranSeconds(lease, ctx.timeSeconds);
      return {
        lease,
        ...(escrow === undefined ? {} : { escrow }),
        elapsedSeconds,
        accrued: coinMessage({ denom: price.denom, amount: costOfSeconds(price, elapsedSeconds) }),
        fundedSeconds: lease.fundedSeconds,
      };
    },
    leases(ctx, request) {
      requireEnum("state", request.state, LeaseState);
      const any = request.state === LeaseState.UNSPECIFIED;
      const filter = (lease: Lease) =>
        (any || lease.state === request.state) &&
        (request.tenant === "" || lease.tenant === request.tenant) &&
        (request.provider === "" || lease.provider === request.provider);
      const tenant = request.tenant === "" ? undefined : actor(request.tenant, "tenant");
      const provider = request.provider === "" ? undefined : actor(request.provider, "provider");
      const page =
        tenant !== undefined
          ? indexed(ctx, state.leases, state.leasesByTenant, tenant, request.pagination, filter)
          : provider !== undefined
            ? indexed(ctx, state.leases, state.leasesByProvider, provider, request.pagination, filter)
            : any
              ? allOf(ctx, state.leases.map, request.pagination, { filter })
              : indexed(ctx, state.leases, state.leasesByState, BigInt(request.state), request.pagination, filter);
      return { leases: page.values, pagination: page.pagination };
    },
    escrow: (ctx, { escrowId }) => ({ escrow: keeper.escrow.get(ctx, escrowId) }),
    totals(ctx) {
      const coins = (totals: StateMap<string, bigint>) =>
        [...totals.entries(ctx)].map(([denom, amount]) => coinMessage({ denom, amount }));
      return { escrowed: coins(state.escrowTotals), bonded: coins(state.bondTotals) };
    },
  };
}
