import type { Query } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import { addDecCoins, decCoinMessages, NO_DEC_COINS } from "../../../core/math/dec-coins.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import { paginate } from "../../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument } from "../../../core/runtime/status.js";
import { readBooks } from "./books.js";
import { accountOf } from "./commission.js";
import { requireValidator, rewardsNow } from "./delegations.js";
import type { ValidatorRewards } from "./state.js";
import { slashEventKey, slashEvents, validatorRewards } from "./state.js";
import { requireParams } from "./stored-params.js";
import type { DistributionDeps } from "./types.js";
import { withdrawAddressOf } from "./withdraw-address.js";

export function distributionQueryServer(deps: DistributionDeps): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses, staking } = deps;

  function validatorAddress(text: string): ValAddress {
    if (text === "") throw invalidArgument("empty validator address");
    return addresses.validator.decode(text);
  }

  function delegatorAddress(text: string): AccAddress {
    if (text === "") throw invalidArgument("empty delegator address");
    return addresses.account.decode(text);
  }

  /** Of a validator that exists; nothing where it earned nothing yet. */
  function rewardsOf(ctx: ReadContext, text: string): Pick<ValidatorRewards, "commission" | "outstanding"> {
    const { operator } = requireValidator(ctx, deps, validatorAddress(text));
    return validatorRewards.get(ctx, operator) ?? { commission: NO_DEC_COINS, outstanding: NO_DEC_COINS };
  }

  return {
    params: (ctx) => ({ params: requireParams(ctx) }),

    validatorDistributionInfo(ctx, request) {
      const operator = validatorAddress(request.validatorAddress);
      const self = accountOf(operator);
      const selfBondRewards = decCoinMessages(rewardsNow(ctx, deps, self, operator));
      const commission = decCoinMessages(rewardsOf(ctx, request.validatorAddress).commission);
      return { operatorAddress: addresses.account.encode(self), selfBondRewards, commission };
    },

    validatorOutstandingRewards: (ctx, request) => ({
      rewards: { rewards: decCoinMessages(rewardsOf(ctx, request.validatorAddress).outstanding) },
    }),

    validatorCommission: (ctx, request) => ({
      commission: { commission: decCoinMessages(rewardsOf(ctx, request.validatorAddress).commission) },
    }),

    validatorSlashes(ctx, { validatorAddress: text, startingHeight, endingHeight, pagination }) {
      const operator = validatorAddress(text);
      if (endingHeight !== 0n && endingHeight < startingHeight) {
        throw invalidArgument(`starting height greater than ending height (${startingHeight} > ${endingHeight})`);
      }
      const page = paginate(ctx, slashEvents, pagination, {
        prefix: slashEventKey.prefix(operator),
        filter: ([, [height]]) => height >= startingHeight && (endingHeight === 0n || height <= endingHeight),
      });
      const slashes = page.entries.map(([, { period, fraction }]) => ({
        validatorPeriod: period,
        fraction: fraction.toString(),
      }));
      return { slashes, pagination: page.pagination };
    },

    delegationRewards(ctx, request) {
      const delegator = delegatorAddress(request.delegatorAddress);
      const operator = validatorAddress(request.validatorAddress);
      return { rewards: decCoinMessages(rewardsNow(ctx, deps, delegator, operator)) };
    },

    delegationTotalRewards(ctx, request) {
      let total = NO_DEC_COINS;
      const rewards = [];
      const delegator = delegatorAddress(request.delegatorAddress);
      for (const { validator } of staking.delegationsOf(ctx, delegator)) {
        const reward = rewardsNow(ctx, deps, delegator, validator);
        total = addDecCoins(total, reward);
        rewards.push({ validatorAddress: addresses.validator.encode(validator), reward: decCoinMessages(reward) });
      }
      return { rewards, total: decCoinMessages(total) };
    },

    delegatorValidators(ctx, request) {
      const delegations = staking.delegationsOf(ctx, delegatorAddress(request.delegatorAddress));
      return { validators: [...delegations].map(({ validator }) => addresses.validator.encode(validator)) };
    },

    delegatorWithdrawAddress(ctx, request) {
      const to = withdrawAddressOf(ctx, delegatorAddress(request.delegatorAddress));
      return { withdrawAddress: addresses.account.encode(to) };
    },

    communityPool: (ctx) => ({ pool: decCoinMessages(readBooks(ctx).communityPool) }),
  };
}
