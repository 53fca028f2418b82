import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

import { Addresses } from "../core/address.js";
import { coinMessages, parseCoinsText } from "../core/math/coins.js";
import type { AppState } from "../core/runtime/genesis.js";
import { defaultAppState, GenesisError, parseAppState } from "../core/runtime/genesis.js";
import { DEFAULT_CONSTANTS } from "../modules/chain/index.js";
import { wireChain } from "./app.js";
import { vestingAccount } from "./genesis-vesting.js";
import type { GenesisAccount } from "./node/runtime.js";

/** `app_state` of a new chain whose one coin is counted in `denom`, such as `ucptm`. */
export function newAppState(denom: string): AppState {
  const state = defaultAppState(wireChain({ defaultDenom: denom }).chain);
  const coin = coinOf(denom);
  return {
    ...state,
    chain: { params: { ...(field(state, "chain", "params") as JsonObject), ...coin.constants } },
    bank: { ...(state["bank"] as JsonObject), denom_metadata: [coin.metadata] },
  };
}

/** Problems of an `app_state`, each with its place; none when a chain can start from it. */
export function appStateProblems(appState: AppState): readonly string[] {
  try {
    parseAppState(wireChain().chain, appState);
    return [];
  } catch (error) {
    if (error instanceof GenesisError) return error.problems;
    throw error;
  }
}

/**
 * `app_state` with one more account, which owns `coins`, such as `5ucptm,3atoken`, a part of them perhaps vesting.
 *
 * @throws GenesisError for an account that is there already, or coins that are none.
 */
export function withAccount(appState: AppState, account: GenesisAccount): AppState {
  const prefix = field(appState, "chain", "params", "bech32_prefix");
  const addresses = new Addresses(typeof prefix === "string" ? prefix : DEFAULT_CONSTANTS.bech32Prefix);
  addresses.account.decode(account.address);
  const coins = parseCoinsText(account.coins);
  const accounts = list(appState, "auth", "accounts");
  const balances = list(appState, "bank", "balances");
  if (accounts.some((known) => addressOf(known) === account.address)) {
    throw new GenesisError([`app_state.auth.accounts: ${account.address} is there already`]);
  }
  const base = {
    address: account.address,
    pub_key: null,
    account_number: String(accounts.length),
    sequence: "0",
  };
  const added =
    account.vesting === undefined
      ? { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...base }
      : vestingAccount(base, coins, account.vesting);
  return {
    ...appState,
    auth: { ...(appState["auth"] as JsonObject), accounts: [...accounts, added] },
    bank: {
      ...(appState["bank"] as JsonObject),
      // Left empty, it is what the balances add up to.
      supply: [],
      balances: [...balances, { address: account.address, coins: coinMessages(coins).map((coin) => ({ ...coin })) }],
    },
  };
}

/** `ucptm` is a millionth of `cptm`; of a denom without that prefix nothing is known but its name. */
function coinOf(denom: string) {
  const isDefault = denom === DEFAULT_CONSTANTS.baseDenom;
  const isMicro = /^u[a-zA-Z]{3,}$/.test(denom);
  const display = isMicro ? denom.slice(1) : denom;
  const exponent = isMicro ? DEFAULT_CONSTANTS.displayExponent : 0;
  const name = isDefault ? DEFAULT_CONSTANTS.coinName : display.toUpperCase();
  const units = [{ denom, exponent: 0, aliases: [] }, ...(isMicro ? [{ denom: display, exponent, aliases: [] }] : [])];
  return {
    constants: {
      base_denom: denom,
      fee_denom: denom,
      display_denom: display,
      display_exponent: exponent,
      coin_name: name,
    },
    metadata: {
      description: `The coin that pays for everything on this chain`,
      denom_units: units,
      base: denom,
      display,
      name,
      symbol: display.toUpperCase(),
    },
  };
}

/** What is at a path of an `app_state`; undefined for nothing. */
export function field(appState: AppState, ...path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = appState as JsonObject;
  for (const name of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** {@link field} of a list; empty for anything else. */
export function list(appState: AppState, ...path: readonly string[]): readonly JsonValue[] {
  const value = field(appState, ...path);
  return Array.isArray(value) ? value : [];
}

function addressOf(account: JsonValue): JsonValue | undefined {
  return (
    field({ account }, "account", "address") ??
    field({ account }, "account", "base_account", "address") ??
    field({ account }, "account", "base_vesting_account", "base_account", "address")
  );
}
