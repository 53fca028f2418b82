import type { AppState } from "../../core/runtime/genesis.js";

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
