import type { ValAddress } from "../../../core/address.js";
import type { DecCoins } from "../../../core/math/dec-coins.js";
import {
  addDecCoins,
  equalDecCoins,
  formatDecCoins,
  NO_DEC_COINS,
  subtractDecCoins,
} from "../../../core/math/dec-coins.js";
import type { Invariant } from "../../../core/runtime/module.js";
import { holdingsProblem, readBooks } from "./books.js";
import { rewardsOf } from "./delegations.js";
import { historicalRewards, slashEvents, startingInfos, validatorRewards } from "./state.js";
import type { DistributionDeps } from "./types.js";

/** What must hold at every height, at a cost that grows with the delegations: for simulations and `--inv-check-period`. */
export function distributionInvariants(deps: DistributionDeps): readonly Invariant[] {
  const { addresses, staking } = deps;
  const name = (validator: ValAddress): string => addresses.validator.encode(validator);
  return [
    {
      name: "distribution/nonnegative-outstanding",
      check(ctx) {
        let sum: DecCoins = NO_DEC_COINS;
        for (const [validator, { current, commission, outstanding }] of validatorRewards.entries(ctx)) {
          if (subtractDecCoins(outstanding, addDecCoins(current, commission)) === undefined) {
            return `${name(validator)} has ${formatDecCoins(outstanding)} outstanding, less than current rewards and commission`;
          }
          sum = addDecCoins(sum, outstanding);
        }
        const { outstanding } = readBooks(ctx);
        if (equalDecCoins(sum, outstanding)) return undefined;
        return `outstanding are ${formatDecCoins(sum)}, the books say ${formatDecCoins(outstanding)}`;
      },
    },
    {
      name: "distribution/can-withdraw",
      check(ctx) {
        const earned = new Map<ValAddress, DecCoins>();
        for (const delegation of staking.delegations(ctx)) {
          const { validator: operator } = delegation;
          const validator = staking.validator(ctx, operator);
          if (validator === undefined) return `somebody delegates to ${name(operator)}, which is no validator`;
          if (!startingInfos.has(ctx, [operator, delegation.delegator])) {
            const delegator = addresses.account.encode(delegation.delegator);
            return `nothing is known of the delegation of ${delegator} to ${name(operator)}`;
          }
          const rewards = rewardsOf(ctx, deps, validator, delegation);
          earned.set(operator, addDecCoins(earned.get(operator) ?? NO_DEC_COINS, rewards));
        }
        for (const [operator, rewards] of earned) {
          const { commission, outstanding } = validatorRewards.get(ctx, operator)!;
          if (subtractDecCoins(outstanding, addDecCoins(rewards, commission)) === undefined) {
            return `${name(operator)} owes ${formatDecCoins(rewards)} and ${formatDecCoins(commission)}, of ${formatDecCoins(outstanding)}`;
          }
        }
        return undefined;
      },
    },
    {
      name: "distribution/reference-count",
      check(ctx) {
        const needed =
          count(validatorRewards.keys(ctx)) + count(startingInfos.keys(ctx)) + count(slashEvents.keys(ctx));
        let counted = 0;
        for (const [, { references }] of historicalRewards.entries(ctx)) counted += references;
        return needed === counted ? undefined : `${counted} references to ends of periods, ${needed} are needed`;
      },
    },
    {
      name: "distribution/module-account",
      check: (ctx) => holdingsProblem(ctx, deps.purse),
    },
  ];
}

function count(keys: Iterator<unknown>): number {
  let found = 0;
  while (keys.next().done !== true) found++;
  return found;
}
