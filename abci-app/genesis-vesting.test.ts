// Tier: test. Budget: 3 s. Accounts that `add-genesis-account` makes with a vesting schedule.
import { describe, expect, it } from "@jest/globals";

import { GenesisError, initGenesis, parseAppState } from "../core/runtime/genesis.js";
import { lockedCoins } from "../modules/auth/vesting.js";
import { appStateProblems, newAppState, withAccount } from "./genesis-state.js";
import type { VestingOptions } from "./node/runtime.js";
import { memoryContext, memoryStores } from "../core/testing/memory.js";
import { wireChain } from "./app.js";

const ADDRESS = "cptm19rl4cm2hmr8afy4kldpxz3fka4jguq0arvmwr3";
const NOW = 1_800_000_000n;

/** The account, as a chain has it that starts with it. */
function started(vesting: VestingOptions, coins = "1000ucptm") {
  const wiring = wireChain();
  const ctx = memoryContext(memoryStores());
  const state = withAccount(newAppState("ucptm"), { address: ADDRESS, coins, vesting });
  initGenesis(wiring.chain, ctx, parseAppState(wiring.chain, state));
  return wiring.accounts.get(ctx, wiring.addresses.account.decode(ADDRESS))!.vesting!;
}

const lockedAt = (vesting: ReturnType<typeof started>, after: bigint) =>
  lockedCoins(vesting, NOW + after)[0]?.amount ?? 0n;

describe("an account of genesis", () => {
  it("has its coins set free little by little, at once, in periods, or never", () => {
    const continuous = started({ amount: "500ucptm", startTime: NOW, endTime: NOW + 100n });
    expect([0n, 50n, 100n].map((after) => lockedAt(continuous, after))).toEqual([500n, 250n, 0n]);
    const delayed = started({ amount: "500ucptm", endTime: NOW + 100n });
    expect([99n, 100n].map((after) => lockedAt(delayed, after))).toEqual([500n, 0n]);
    const periods = [
      { coins: "100ucptm", length_seconds: 10 },
      { coins: "200ucptm", length_seconds: 20 },
    ];
    const periodic = started({ startTime: NOW, periods });
    expect([9n, 10n, 30n].map((after) => lockedAt(periodic, after))).toEqual([300n, 200n, 0n]);
    const permanent = started({ amount: "500ucptm", permanent: true });
    expect(lockedAt(permanent, NOW)).toBe(500n);
  });

  it.each<[string, VestingOptions]>([
    ["more than it has", { amount: "1001ucptm", endTime: NOW }],
    ["another coin than it has", { amount: "1uother", endTime: NOW }],
    ["no amount", { endTime: NOW }],
    ["no end", { amount: "5ucptm" }],
    ["an end before its start", { amount: "5ucptm", startTime: NOW, endTime: NOW }],
  ])("is refused with %s", (_name, vesting) => {
    expect(() => withAccount(newAppState("ucptm"), { address: ADDRESS, coins: "1000ucptm", vesting })).toThrow(
      GenesisError,
    );
  });

  it("is there once, whatever its kind", () => {
    const vesting = { amount: "5ucptm", permanent: true };
    const state = withAccount(newAppState("ucptm"), { address: ADDRESS, coins: "10ucptm", vesting });
    expect(appStateProblems(state)).toEqual([]);
    expect(() => withAccount(state, { address: ADDRESS, coins: "10ucptm" })).toThrow(/is there already/);
  });

  it("written by hand with parts that do not fit is refused with the place", () => {
    const account = {
      "@type": "/cosmos.vesting.v1beta1.PeriodicVestingAccount",
      base_vesting_account: {
        base_account: { address: ADDRESS },
        original_vesting: [{ denom: "ucptm", amount: "5" }],
        end_time: "100",
      },
      start_time: "10",
      vesting_periods: [{ length: "90", amount: [{ denom: "ucptm", amount: "4" }] }],
    };
    const problems = (changed: object) =>
      appStateProblems({ ...newAppState("ucptm"), auth: { accounts: [{ ...account, ...changed }] } } as never);
    expect(problems({})).toEqual([
      "app_state.auth.accounts[0]: original vesting coins do not match the sum of all coins in vesting periods",
    ]);
    expect(problems({ vesting_periods: [] })[0]).toMatch(/end time does not match/);
    expect(problems({ start_time: "100" })[0]).toMatch(/cannot be before end-time/);
    expect(problems({ base_vesting_account: null })[0]).toMatch(/base_account is missing/);
  });
});
