import { formatCoin } from "../../core/math/coins.js";
import type { Invariant } from "../../core/runtime/module.js";
import { balances, denomOwners, supply } from "./state.js";

export const bankInvariants: readonly Invariant[] = [
  {
    name: "bank/total-supply",
    check(ctx) {
      const missing = new Map<string, bigint>(supply.entries(ctx));
      for (const [[, denom], amount] of balances.entries(ctx)) missing.set(denom, (missing.get(denom) ?? 0n) - amount);
      const uneven = [...missing].filter(([, amount]) => amount !== 0n);
      if (uneven.length === 0) return undefined;
      const figures = uneven.map(([denom, amount]) => formatCoin({ denom, amount })).join(", ");
      return `the supply is above the sum of the balances by ${figures}`;
    },
  },
  {
    name: "bank/no-zeros",
    check(ctx) {
      for (const [[, denom], amount] of balances.entries(ctx))
        if (amount === 0n) return `a balance of 0${denom} is kept`;
      for (const [denom, amount] of supply.entries(ctx)) if (amount === 0n) return `a supply of 0${denom} is kept`;
      return undefined;
    },
  },
  {
    name: "bank/denom-owners",
    check(ctx) {
      let count = 0;
      for (const [[address, denom]] of balances.entries(ctx)) {
        count++;
        if (!denomOwners.has(ctx, [denom, address])) return `an owner of ${denom} is not in the index of owners`;
      }
      const owners = [...denomOwners.keys(ctx)].length;
      return owners === count ? undefined : `${owners} owners for ${count} balances`;
    },
  },
];
