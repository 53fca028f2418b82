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
    ...(base["tokenomics"] === undefined ? {} : { tokenomics: withFeesForStakers(base["tokenomics"] as JsonObject) }),
    chain: { ...chain, params: { ...(chain["params"] as JsonObject), bech32_prefix: PREFIX } },
    auth: withOurModuleAccounts(theirs["auth"] as JsonObject),
  };
}

/** All fees to the stakers, as where no part of them is burned or spent. */
function withFeesForStakers(tokenomics: JsonObject): JsonObject {
  const params = tokenomics["params"] as JsonObject;
  const split = Object.keys(params["fee_split"] as JsonObject).map((part) => [part, part === "stakers_bps" ? 10_000 : 0]);
  return { ...tokenomics, params: { ...params, fee_split: Object.fromEntries(split) as JsonObject } };
}

/**
 * The module accounts that Go's application has not, under numbers that its genesis leaves free: so accounts that are made
 * later get the same numbers on both.
 */
function withOurModuleAccounts(auth: JsonObject): JsonObject {
  const accounts = auth["accounts"] as JsonObject[];
  const known = new Set(accounts.map((account) => baseOf(account)["address"]));
  const taken = new Set(accounts.map((account) => Number(baseOf(account)["account_number"])));
  const addresses = new Addresses(PREFIX);
  let free = 0;
  const ours: JsonValue[] = [];
  for (const { name, permissions, address } of wireChain().accounts.moduleAccounts.values()) {
    const text = addresses.account.encode(address);
    if (known.has(text)) continue;
    while (taken.has(free)) free++;
    taken.add(free);
    ours.push({
      "@type": "/cosmos.auth.v1beta1.ModuleAccount",
      base_account: { address: text, account_number: String(free), sequence: "0" },
      name,
      permissions: [...permissions],
    });
  }
  return { ...auth, accounts: [...accounts, ...ours] };
}

/** What is in an account of a kind of its own: a module's, or one that vests. */
function baseOf(account: JsonObject): JsonObject {
  const inner = account["base_account"] ?? account["base_vesting_account"];
  return inner === undefined ? account : baseOf(inner as JsonObject);
}
