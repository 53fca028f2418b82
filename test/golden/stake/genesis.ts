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

/** Nothing of the fees is burned or spent. */
const ALL_TO_STAKERS = {
  burn_bps: 0,
  stakers_bps: 10_000,
  reflections_bps: 0,
  community_bps: 0,
  treasury_bps: 0,
  development_bps: 0,
};
/** Proposals end when their time is over, and what passed is executed then. */
const AT_ONCE = { timelock: "0", late_quorum_window: "0", late_quorum_extension: "0" };

/** Our own state with Go's in the place of every part that both have. */
export function ourGenesis(theirs: AppState): AppState {
  const base = newAppState(DENOM);
  const taken = Object.fromEntries(
    TAKEN.flatMap((name) => {
      const part = theirs[name];
      return part === undefined ? [] : [[name, part]];
    }),
  );
  return {
    ...base,
    ...taken,
    tokenomics: withParams(base["tokenomics"], { fee_split: ALL_TO_STAKERS }),
    dao: withParams(base["dao"], AT_ONCE),
    chain: withParams(base["chain"], { bech32_prefix: PREFIX }),
    auth: withOurModuleAccounts(theirs["auth"] as JsonObject),
  };
}

function withParams(part: JsonValue | undefined, changed: JsonObject): JsonObject {
  const { params, ...rest } = part as JsonObject;
  return { ...rest, params: { ...(params as JsonObject), ...changed } };
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
