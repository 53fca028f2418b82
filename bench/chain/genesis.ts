import type { ChainSpec } from "./chain.js";

/** The part of a Cosmos genesis file's `app_state` that funds accounts. */
export interface FundableState {
  auth: { accounts: unknown[] };
  bank: { balances: unknown[]; supply: { denom: string; amount: string }[] };
}

/**
 * Appends the accounts of the load with account numbers from `firstAccountNumber` on, so that both chains can be given
 * the very same transactions. `alreadyFunded` is what other accounts hold.
 */
export function fundAccounts(
  state: FundableState,
  spec: Pick<ChainSpec, "addresses" | "denom" | "balance">,
  options: { firstAccountNumber: number; alreadyFunded: bigint },
): void {
  for (const [index, address] of spec.addresses.entries()) {
    state.auth.accounts.push({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address,
      pub_key: null,
      account_number: String(options.firstAccountNumber + index),
      sequence: "0",
    });
    state.bank.balances.push({ address, coins: [{ denom: spec.denom, amount: spec.balance.toString() }] });
  }
  const supply = BigInt(spec.addresses.length) * spec.balance + options.alreadyFunded;
  state.bank.supply = [{ denom: spec.denom, amount: supply.toString() }];
}
