import type { Invariant } from "../../core/runtime/module.js";
import type { AccountKeeper } from "./keeper.js";
import { addressByNumber, nextAccountNumber } from "./state.js";
import { vestingProblem } from "./vesting.js";

export function authInvariants(keeper: AccountKeeper): readonly Invariant[] {
  return [
    {
      name: "auth/account-numbers",
      check(ctx) {
        const next = nextAccountNumber.peek(ctx);
        let count = 0;
        for (const { address, accountNumber } of keeper.all(ctx)) {
          count++;
          if (accountNumber >= next) return `account number ${accountNumber} is not below the next one, ${next}`;
          if (addressByNumber.get(ctx, accountNumber) !== address) {
            return `account number ${accountNumber} does not lead to its account`;
          }
        }
        const numbers = [...addressByNumber.keys(ctx)].length;
        return numbers === count ? undefined : `${numbers} account numbers for ${count} accounts`;
      },
    },
    {
      name: "auth/vesting",
      check(ctx) {
        for (const { accountNumber, vesting } of keeper.all(ctx)) {
          const problem = vesting === undefined ? undefined : vestingProblem(vesting);
          if (problem !== undefined) return `account ${accountNumber}: ${problem}`;
        }
        return undefined;
      },
    },
  ];
}
