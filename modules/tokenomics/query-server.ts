import type { Query } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";
import type { Allocation } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import type { ReadContext } from "../../core/runtime/context.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { readAddress } from "./checks.js";
import { exportBuyback } from "./genesis.js";
import type { TokenomicsKeeper } from "./keeper.js";
import { allocations, baseFee, epochs, work } from "./state.js";

/** Epochs that the work of a provider is looked up in; more than two wait for their payment only when blocks are full of payments. */
const MAX_EPOCHS = 100;

/** Answers the queries of tokenomics. */
export function tokenomicsQueryServer(keeper: TokenomicsKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses, denoms } = keeper.deps;
  const explain = (ctx: ReadContext, allocation: Allocation) => {
    const { released, available, locked } = keeper.allocations.standing(ctx, allocation);
    return {
      allocation,
      released: released.toString(),
      available: available.toString(),
      locked: locked.toString(),
    };
  };
  return {
    params: (ctx) => ({ params: keeper.params(ctx) }),
    supplyOverview: (ctx) => keeper.supplyOverview(ctx),
    baseFee(ctx) {
      const stored = baseFee.get(ctx);
      return {
        enabled: stored !== undefined,
        denom: denoms(ctx).feeDenom,
        price: stored?.price ?? "0.000000000000000000",
        gasUsed: stored?.gasUsed ?? 0n,
        targetGas: keeper.params(ctx).baseFee?.targetGas ?? 0n,
      };
    },
    allocations(ctx, request) {
      const { entries, pagination } = paginate(ctx, allocations, request.pagination);
      return { allocations: entries.map(([, allocation]) => explain(ctx, allocation)), pagination };
    },
    allocation: (ctx, { name }) => ({ allocation: explain(ctx, keeper.allocations.get(ctx, name)) }),
    reflections(ctx, { delegator }) {
      const amount = keeper.reflections.claimable(ctx, readAddress(addresses, delegator, "delegator"));
      // A DecCoin carries the raw count of 10^-18.
      return { amount: { denom: denoms(ctx).baseDenom, amount: amount.toString() } };
    },
    emissionEpochs(ctx, request) {
      const { entries, pagination } = paginate(ctx, epochs, request.pagination);
      return { epochs: entries.map(([, epoch]) => epoch), pagination };
    },
    providerWork(ctx, { provider }) {
      const address = readAddress(addresses, provider, "provider");
      const found = [];
      let seen = 0;
      for (const epoch of epochs.keys(ctx)) {
        if (seen++ === MAX_EPOCHS) break;
        const burned = work.get(ctx, [epoch, address]);
        if (burned !== undefined) found.push({ epoch, provider, burned: burned.toString() });
      }
      return { work: found };
    },
    buyback: (ctx) => ({ state: exportBuyback(ctx) }),
  };
}
