import type { JsonObject, JsonValue } from "@bufbuild/protobuf";

import { newAppState } from "../../../abci-app/genesis-state.js";
import { wireChain } from "../../../abci-app/app.js";
import { Addresses } from "../../../core/address.js";
import type { AppState } from "../../../core/runtime/genesis.js";

const DENOM = "stake";
const PREFIX = "cosmos";

/** Parts of Go's `app_state` that are parts of ours. Its others (`consensus`, `params`, `vesting`, `runtime`) hold nothing. */
const TAKEN = [
  "auth",
  "bank",
  "staking",
  "distribution",
  "slashing",
  "evidence",
  "gov",
  "mint",
  "authz",
  "feegrant",
  "genutil",
] as const;

/** Our own state with Go's in the place of every part that both have. */
export function ourGenesis(theirs: AppState): AppState {
  const base = newAppState(DENOM);
  const chain = base["chain"] as JsonObject;
  const taken = Object.fromEntries(
    TAKEN.flatMap((name) => {
      const part = theirs[name];
      return part === undefined ? [] : [[name, part]];
    }),
  );
  return {
    ...base,
    ...taken,
    chain: { ...chain, params: { ...(chain["params"] as JsonObject), bech32_prefix: PREFIX } },
    auth: withOurModuleAccounts(theirs["auth"] as JsonObject),
  };
}

/**
 * The module accounts that Go's application has not, under numbers that its genesis leaves free: so accounts that are made
 * later get the same numbers on both.
 */
function withOurModuleAccounts(auth: JsonObject): JsonObject {
  const accounts = auth["accounts"] as JsonObject[];
  const last = accounts.at(-1) as JsonObject;
  const known = new Set(accounts.map((account) => baseOf(account)["address"]));
  const addresses = new Addresses(PREFIX);
  let next = accounts.length;
  const ours: JsonValue[] = [];
  for (const { name, permissions, address } of wireChain().accounts.moduleAccounts.values()) {
    const text = addresses.account.encode(address);
    if (known.has(text)) continue;
    ours.push({
      "@type": "/cosmos.auth.v1beta1.ModuleAccount",
      base_account: { address: text, account_number: String(next++), sequence: "0" },
      name,
      permissions: [...permissions],
    });
  }
  return { ...auth, accounts: [...accounts.slice(0, -1), ...ours, last] };
}

function baseOf(account: JsonObject): JsonObject {
  return (account["base_account"] as JsonObject | undefined) ?? account;
}
