import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { ValAddress } from "../../../core/address.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import type { Invariant } from "../../../core/runtime/module.js";
import type { StakingKeeper } from "./keeper.js";

/** What holds at every height, slashes that entries still have to bear included. They cost as much as the state is large. */
export function stakingInvariants(keeper: StakingKeeper): readonly Invariant[] {
  const { state, pools, liabilities } = keeper.parts;
  const tokensOf = (ctx: ReadContext, isBonded: boolean) => {
    let sum = 0n;
    for (const [, { status, tokens }] of state.validators.entries(ctx)) {
      if ((status === BondStatus.BONDED) === isBonded) sum += tokens;
    }
    return sum;
  };
  const compare = (what: string, held: bigint, expected: bigint) =>
    held === expected ? undefined : `${what}: ${held} are held, ${expected} are accounted for`;
  return [
    {
      name: "staking/bonded-pool",
      check: (ctx) => compare("bonded pool", pools.balance(ctx, true), tokensOf(ctx, true)),
    },
    {
      name: "staking/not-bonded-pool",
      check(ctx) {
        let expected = tokensOf(ctx, false);
        for (const [, { unbonding }] of state.unbondings.entries(ctx)) {
          for (const { balance } of unbonding?.entries ?? []) expected += BigInt(balance);
        }
        return compare("not bonded pool", pools.balance(ctx, false), expected);
      },
    },
    {
      name: "staking/shares",
      check(ctx) {
        const sums = new Map<ValAddress, bigint>();
        for (const [[delegator, validator], shares] of state.delegations.entries(ctx)) {
          if (shares <= 0n) return `a delegation has ${shares} shares`;
          if (!state.delegatorsOf.has(ctx, [validator, delegator])) return "a delegation is missing in its index";
          sums.set(validator, (sums.get(validator) ?? 0n) + shares);
        }
        for (const [operator, record] of state.validators.entries(ctx)) {
          const sum = sums.get(operator) ?? 0n;
          if (record.delegatorShares !== sum) return compare("shares of a validator", record.delegatorShares, sum);
          sums.delete(operator);
        }
        return sums.size === 0 ? undefined : "there are delegations to validators that do not exist";
      },
    },
    {
      name: "staking/liabilities",
      check(ctx) {
        const sums = new Map<ValAddress, { balance: bigint; entries: bigint }>();
        const add = (validator: ValAddress, initialBalance: string) => {
          const sum = sums.get(validator) ?? { balance: 0n, entries: 0n };
          sums.set(validator, { balance: sum.balance + BigInt(initialBalance), entries: sum.entries + 1n });
        };
        for (const [[, validator], { unbonding }] of state.unbondings.entries(ctx)) {
          for (const { initialBalance, balance } of unbonding?.entries ?? []) {
            if (BigInt(balance) > BigInt(initialBalance)) return "an entry has more than it began with";
            add(validator, initialBalance);
          }
        }
        for (const [[, [source]], { redelegation }] of state.redelegations.entries(ctx)) {
          for (const { initialBalance } of redelegation?.entries ?? []) add(source, initialBalance);
        }
        for (const [validator, { balance, entries }] of sums) {
          for (const total of [liabilities.total(ctx, validator), liabilities.since(ctx, validator, 0n)]) {
            if (total.balance !== balance) return compare("sums of a validator's entries", total.balance, balance);
            if (total.entries !== entries) return compare("number of a validator's entries", total.entries, entries);
          }
        }
        for (const [[validator]] of state.liabilities.entries(ctx)) {
          if (!sums.has(validator)) return "there are sums of a validator that has no entries";
        }
        return undefined;
      },
    },
    {
      name: "staking/active-set",
      check(ctx) {
        let total = 0n;
        for (const [operator, power] of state.lastPowers.entries(ctx)) {
          total += power;
          if (state.validators.get(ctx, operator)?.status !== BondStatus.BONDED) {
            return "a validator of the active set is not bonded";
          }
        }
        return compare("power of the active set", state.lastTotalPower.get(ctx) ?? 0n, total);
      },
    },
  ];
}
