import type { LocalAccount } from "./accounts.js";

/** JSON as it stands in a genesis file. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A CometBFT validator as the genesis file lists it. */
export interface GenesisValidator {
  readonly address: string;
  readonly pub_key: JsonObject;
  readonly power: string;
  readonly name: string;
}

/** A genesis file, as far as a network changes it. */
export interface GenesisFile {
  [key: string]: Json;
  chain_id: string;
  validators: Json[];
  app_state: { [module: string]: JsonObject };
}

export interface GenesisPlan {
  /** Empty where transactions make them. */
  readonly validators: readonly GenesisValidator[];
  /** Transactions of genesis, by which validators stake. */
  readonly transactions: readonly Json[];
  /** Who has how much, in base units of `denom`. */
  readonly balances: readonly { readonly account: LocalAccount; readonly amount: bigint }[];
  readonly denom: string;
  /** Laid over `app_state`, object by object; arrays and scalars replace. */
  readonly overrides: JsonObject;
}

/** The genesis file of a network: what `init` made, with validators, funded accounts and overrides. */
export function composeGenesis(template: GenesisFile, plan: GenesisPlan): GenesisFile {
  const { denom, balances } = plan;
  const funded: JsonObject = {
    auth: {
      accounts: balances.map(({ account }, i) => ({
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        address: account.address,
        account_number: i.toString(),
        sequence: "0",
      })),
    },
    bank: {
      balances: balances.map(({ account, amount }) => ({
        address: account.address,
        coins: [{ denom, amount: amount.toString() }],
      })),
      supply: [{ denom, amount: balances.reduce((sum, { amount }) => sum + amount, 0n).toString() }],
    },
    genutil: { gen_txs: [...plan.transactions] },
  };
  return {
    ...template,
    validators: plan.validators.map((validator) => ({ ...validator })),
    app_state: overlay(overlay(template.app_state, funded), plan.overrides) as GenesisFile["app_state"],
  };
}

/** `above` laid over `below`: objects are merged, everything else is replaced. */
export function overlay(below: Json | undefined, above: Json): Json {
  if (!isObject(below) || !isObject(above)) return above;
  const merged: JsonObject = { ...below };
  for (const [key, value] of Object.entries(above)) merged[key] = overlay(below[key], value);
  return merged;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
