import type { GenesisState } from "@computronium/proto/cosmos/auth/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/auth/v1beta1/genesis_pb.js";

import { moduleAddress } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { GenesisPart } from "../../core/runtime/module.js";
import type { AccountKeeper } from "./keeper.js";
import { defaultParams, paramProblems } from "./params.js";
import type { Account } from "./types.js";
import { vestingProblem } from "./vesting.js";

/** Public keys that an account in genesis may have. */
const PUBLIC_KEY_URLS: readonly string[] = [
  "/cosmos.crypto.secp256k1.PubKey",
  "/cosmos.crypto.multisig.LegacyAminoPubKey",
];

export function authGenesis(keeper: AccountKeeper): GenesisPart<typeof GenesisStateSchema> {
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, { params: defaultParams() }),
    validate: (state) => [...validateParams(state), ...validateAccounts(keeper, state)],
    init: (ctx, state) => initAccounts(keeper, ctx, state),
    export: (ctx) => exportAccounts(keeper, ctx),
  };
}

function validateParams({ params }: GenesisState): string[] {
  if (params === undefined) return ["params: missing"];
  return paramProblems(params).map(({ field, problem }) => `params.${field}: ${problem}`);
}

function validateAccounts(keeper: AccountKeeper, { accounts }: GenesisState): string[] {
  const problems: string[] = [];
  const firstAt = new Map<string, number>();
  const moduleAddresses = new Set([...keeper.moduleAccounts.values()].map(({ address }) => address));
  accounts.forEach((any, i) => {
    let account: Account;
    try {
      account = keeper.codec.fromAny(any);
    } catch (error) {
      problems.push(`accounts[${i}]: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const { address, pubKey, module, vesting } = account;
    const first = firstAt.get(address);
    if (first === undefined) firstAt.set(address, i);
    else problems.push(`accounts[${i}].address: the same as in accounts[${first}]`);
    if (module !== undefined && address !== moduleAddress(module.name)) {
      problems.push(`accounts[${i}].base_account.address: not the address of the module account ${module.name}`);
    }
    const wrong = vesting === undefined ? undefined : vestingProblem(vesting);
    if (wrong !== undefined) problems.push(`accounts[${i}]: ${wrong}`);
    if (vesting !== undefined && moduleAddresses.has(address)) {
      problems.push(`accounts[${i}]: the account of a module cannot have a vesting schedule`);
    }
    if (pubKey !== undefined && !PUBLIC_KEY_URLS.includes(pubKey.typeUrl)) {
      problems.push(`accounts[${i}].pub_key: "${pubKey.typeUrl}" is no public key: ${PUBLIC_KEY_URLS.join(", ")} are`);
    }
  });
  return problems;
}

function initAccounts(keeper: AccountKeeper, ctx: Context, { params, accounts }: GenesisState): void {
  keeper.setParams(ctx, params ?? defaultParams());
  const numbered = withDistinctNumbers(accounts.map((any) => keeper.codec.fromAny(any)));
  for (const account of numbered) keeper.insert(ctx, account);
  const last = numbered.at(-1);
  keeper.setNextAccountNumber(ctx, last === undefined ? 0n : last.accountNumber + 1n);
  for (const name of keeper.moduleAccounts.keys()) keeper.ensureModuleAccount(ctx, name);
}

/**
 * The accounts in order of their numbers. Of several with one number, as they are in a file that was put together by
 * hand, the first keeps it and the others get the lowest free ones (authtypes.SanitizeGenesisAccounts).
 */
function withDistinctNumbers(accounts: readonly Account[]): readonly Account[] {
  const taken = new Set<bigint>();
  const kept: Account[] = [];
  const others: Account[] = [];
  for (const account of accounts) {
    (taken.has(account.accountNumber) ? others : kept).push(account);
    taken.add(account.accountNumber);
  }
  others.sort((a, b) => (a.accountNumber < b.accountNumber ? -1 : a.accountNumber > b.accountNumber ? 1 : 0));
  let free = 0n;
  for (const account of others) {
    while (taken.has(free)) free++;
    taken.add(free);
    kept.push({ ...account, accountNumber: free });
  }
  return kept.sort((a, b) => (a.accountNumber < b.accountNumber ? -1 : 1));
}

function exportAccounts(keeper: AccountKeeper, ctx: ReadContext): GenesisState {
  const accounts = [...keeper.all(ctx)].map((account) => keeper.codec.toAny(account));
  return create(GenesisStateSchema, { params: keeper.params(ctx), accounts });
}
