import type { JsonObject } from "@bufbuild/protobuf";

import { wireChain } from "../../abci-app/app.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { defaultAppState } from "../../core/runtime/genesis.js";

export interface Holder {
  readonly address: string;
  /** Base units. */
  readonly amount: bigint;
}

/** The state of a chain on which the holders have an account and coins each, in this order. */
export function appStateWith(holders: readonly Holder[], options: { denom?: string; more?: AppState } = {}): AppState {
  const denom = options.denom ?? "ucptm";
  return {
    auth: {
      accounts: holders.map(({ address }, i) => ({
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        address,
        account_number: String(i),
        sequence: "0",
      })),
    },
    bank: {
      balances: holders.map(({ address, amount }) => ({ address, coins: [{ denom, amount: String(amount) }] })),
    },
    ...options.more,
  };
}

/** Parts of an `app_state` by which all fees are the stakers' and nothing is minted: rewards are then what was paid, to the unit. */
export function plainEconomy(): AppState {
  const { tokenomics, mint } = defaultAppState(wireChain().chain) as Record<"tokenomics" | "mint", JsonObject>;
  const none = "0.000000000000000000";
  return {
    tokenomics: {
      ...tokenomics,
      params: { ...(tokenomics["params"] as JsonObject), fee_split: { stakers_bps: 10_000 } },
    },
    mint: {
      minter: { inflation: none, annual_provisions: none },
      params: {
        ...(mint["params"] as JsonObject),
        inflation_rate_change: none,
        inflation_max: none,
        inflation_min: none,
      },
    },
  };
}
