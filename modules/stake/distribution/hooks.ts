import type { StakingHooks } from "../types.js";
import { forgetValidator } from "./commission.js";
import { beginDelegation, requireDelegation, requireValidator, withdraw } from "./delegations.js";
import { beginFirstPeriod, endPeriod, recordSlash } from "./periods.js";
import { validatorRewards } from "./state.js";
import type { DistributionDeps } from "./types.js";
import { forcedDestination, tellRedirection } from "./withdraw-address.js";

/** What distribution does when stake changes, as x/distribution/keeper/hooks.go: whatever changes, rewards so far are paid first. */
export function distributionHooks(deps: DistributionDeps): StakingHooks {
  const { addresses } = deps;
  return {
    afterValidatorCreated: (ctx, validator) => beginFirstPeriod(ctx, validator),

    afterValidatorRemoved: (ctx, consAddress, validator) => forgetValidator(ctx, deps, consAddress, validator),

    beforeDelegationCreated(ctx, _delegator, operator) {
      const { rewards } = endPeriod(ctx, addresses, requireValidator(ctx, deps, operator));
      validatorRewards.set(ctx, operator, rewards);
    },

    beforeDelegationSharesModified(ctx, delegator, operator) {
      const validator = requireValidator(ctx, deps, operator);
      const delegation = requireDelegation(ctx, deps, delegator, operator);
      const destination = forcedDestination(ctx, deps, delegator);
      withdraw(ctx, deps, validator, delegation, destination);
      tellRedirection(ctx, deps, destination, {
        validator: addresses.validator.encode(operator),
        delegator: addresses.account.encode(delegator),
      });
    },

    afterDelegationModified(ctx, delegator, operator) {
      const validator = requireValidator(ctx, deps, operator);
      beginDelegation(ctx, deps, validator, requireDelegation(ctx, deps, delegator, operator));
    },

    beforeValidatorSlashed(ctx, operator, fraction) {
      recordSlash(ctx, addresses, requireValidator(ctx, deps, operator), fraction);
    },
  };
}
