import type { Context } from "../../../core/runtime/context.js";
import { forgetValidator } from "./commission.js";
import { beginDelegation, requireDelegation, requireValidator, withdraw } from "./delegations.js";
import { beginFirstPeriod, endPeriod } from "./periods.js";
import { startingInfos, validatorRewards } from "./state.js";
import type { DistributionDeps } from "./types.js";
import { forcedDestination } from "./withdraw-address.js";

/**
 * For a chain that counts its blocks from 1 again: everybody is paid what he has earned, the rest goes to the community pool, and all
 * periods begin anew, as in the export for zero height of the SDK's applications. Costs as much as there are delegations.
 */
export function forgetHeights(ctx: Context, deps: DistributionDeps): void {
  const pairs = [...startingInfos.keys(ctx)];
  for (const [operator, delegator] of pairs) {
    const validator = requireValidator(ctx, deps, operator);
    const delegation = requireDelegation(ctx, deps, delegator, operator);
    withdraw(ctx, deps, validator, delegation, forcedDestination(ctx, deps, delegator));
  }
  for (const operator of [...validatorRewards.keys(ctx)]) {
    forgetValidator(ctx, deps, requireValidator(ctx, deps, operator).consAddress, operator);
    beginFirstPeriod(ctx, operator);
  }
  for (const [operator, delegator] of pairs) {
    const validator = requireValidator(ctx, deps, operator);
    validatorRewards.set(ctx, operator, endPeriod(ctx, deps.addresses, validator).rewards);
    beginDelegation(ctx, deps, validator, requireDelegation(ctx, deps, delegator, operator));
    const info = startingInfos.get(ctx, [operator, delegator])!;
    startingInfos.set(ctx, [operator, delegator], { ...info, height: 0n });
  }
}
