import type { AccAddress } from "../../core/address.js";
import { decFromInteger } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import { historicalRewards, startingInfos, validatorRewards } from "../../modules/stake/distribution/state.js";
import { addTokens } from "../../modules/stake/staking/shares.js";
import { BONDED_POOL } from "../../modules/stake/types.js";
import { moduleAddress } from "../../core/address.js";
import type { StakeWorld } from "./stake-world.js";
import { DELEGATED, DENOM } from "./stake-world.js";

/**
 * What many delegations to a bonded validator that was never slashed leave in the stores of staking and distribution, in a
 * block in which it earned nothing: the same as the messages one by one (test/stake/cost.test.ts), ten times as fast. The delegators get no
 * accounts.
 */
export function delegateInBulk(
  world: StakeWorld,
  ctx: Context,
  { from, to, validator: index }: { readonly from: number; readonly to: number; readonly validator: number },
): void {
  const { bank, staking } = world.wiring;
  const { state, validators } = staking.parts;
  const operator = world.operator(index);
  const count = BigInt(to - from);
  bank.send(ctx, world.rich, moduleAddress(BONDED_POOL), [{ denom: DENOM, amount: count * DELEGATED }]);
  validators.set(ctx, addTokens(validators.require(ctx, operator), count * DELEGATED).pool);

  const rewards = validatorRewards.get(ctx, operator)!;
  // The first of them ends the period that runs, each of the others one in which nothing was earned.
  const last = historicalRewards.get(ctx, [operator, rewards.period - 1n])!;
  if (rewards.current.length > 0) throw new Error("the validator has earned something in this period");
  if (last.references === 1) historicalRewards.remove(ctx, [operator, rewards.period - 1n]);
  else historicalRewards.set(ctx, [operator, rewards.period - 1n], { ...last, references: last.references - 1 });
  validatorRewards.set(ctx, operator, { ...rewards, period: rewards.period + count });
  for (let i = from; i < to; i++) {
    const delegator: AccAddress = world.delegator(i);
    state.delegations.set(ctx, [delegator, operator], decFromInteger(DELEGATED));
    state.delegatorsOf.add(ctx, [operator, delegator]);
    const previousPeriod = rewards.period + BigInt(i - from);
    historicalRewards.set(ctx, [operator, previousPeriod], { ratio: last.ratio, references: i === to - 1 ? 2 : 1 });
    startingInfos.set(ctx, [operator, delegator], {
      previousPeriod,
      stake: decFromInteger(DELEGATED),
      height: ctx.block.height,
    });
  }
}
