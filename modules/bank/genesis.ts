import type { Balance, GenesisState } from "@computronium/proto/cosmos/bank/v1beta1/genesis_pb.js";
import { BalanceSchema, GenesisStateSchema } from "@computronium/proto/cosmos/bank/v1beta1/genesis_pb.js";
import type { Params } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";
import type { Coin } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { MAX_AMOUNT, parseAmount } from "../../core/math/amount.js";
import { coinMessage, coinsProblem, formatCoins, isDenom } from "../../core/math/coins.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { GenesisPart } from "../../core/runtime/module.js";
import type { BankKeeper } from "./keeper.js";
import { metadataProblems } from "./metadata.js";
import { balances, denomMetadata, sendEnabled, supply } from "./state.js";

export function bankGenesis(keeper: BankKeeper): GenesisPart<typeof GenesisStateSchema> {
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, { params: defaultParams() }),
    validate: (state) => validate(keeper.addresses, state),
    init: (ctx, state) => init(keeper, ctx, state),
    export: (ctx) => exportState(keeper, ctx),
  };
}

function defaultParams(): Params {
  return create(ParamsSchema, { defaultSendEnabled: true });
}

function validate(addresses: Addresses, state: GenesisState): readonly string[] {
  return [
    ...validateParams(state),
    ...validateSendEnabled(state),
    ...validateBalances(addresses, state),
    ...validateSupply(state),
    ...validateMetadata(state),
  ];
}

function validateParams({ params }: GenesisState): string[] {
  if (params === undefined) return ["params: missing"];
  if (params.sendEnabled.length === 0) return [];
  return ["params.send_enabled: use of send_enabled in params is no longer supported; it has a field of its own"];
}

function validateSendEnabled(state: GenesisState): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  state.sendEnabled.forEach(({ denom }, i) => {
    if (!isDenom(denom)) problems.push(`send_enabled[${i}].denom: invalid denom: ${denom}`);
    if (seen.has(denom)) problems.push(`send_enabled[${i}].denom: duplicate send enabled found: '${denom}'`);
    seen.add(denom);
  });
  return problems;
}

function validateBalances(addresses: Addresses, state: GenesisState): string[] {
  const problems: string[] = [];
  const firstAt = new Map<AccAddress, number>();
  state.balances.forEach(({ address, coins }, i) => {
    let owner: AccAddress | undefined;
    try {
      owner = addresses.account.decode(address);
    } catch (error) {
      problems.push(`balances[${i}].address: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (owner !== undefined) {
      const first = firstAt.get(owner);
      if (first === undefined) firstAt.set(owner, i);
      else problems.push(`balances[${i}].address: duplicate balance for address ${address}, as in balances[${first}]`);
    }
    const wrong = coinsProblem(coins);
    if (wrong !== undefined) problems.push(`balances[${i}].coins${wrong.path}: ${wrong.problem}`);
  });
  return problems;
}

/** What the balances add up to, in order of denoms. Amounts that are none count as nothing: they are reported where they stand. */
function totalOf(balancesOf: readonly Balance[]): readonly { readonly denom: string; readonly amount: bigint }[] {
  const sums = new Map<string, bigint>();
  for (const { coins } of balancesOf) {
    for (const { denom, amount } of coins) sums.set(denom, (sums.get(denom) ?? 0n) + (parseAmount(amount) ?? 0n));
  }
  const total = [...sums].map(([denom, amount]) => ({ denom, amount }));
  return total.sort((a, b) => (a.denom < b.denom ? -1 : 1));
}

function validateSupply(state: GenesisState): string[] {
  const total = totalOf(state.balances);
  const tooMuch = total.filter(({ amount }) => amount > MAX_AMOUNT);
  if (tooMuch.length > 0) {
    return tooMuch.map(({ denom }) => `balances: of ${denom} they add up to more than 2^256-1`);
  }
  if (state.supply.length === 0) return [];
  const wrong = coinsProblem(state.supply);
  if (wrong !== undefined) return [`supply${wrong.path}: ${wrong.problem}`];
  const expected = formatCoins(total);
  const given = state.supply.map(({ denom, amount }) => `${amount}${denom}`).join(",");
  return given === expected ? [] : [`supply: genesis supply is incorrect, expected ${given}, got ${expected}`];
}

function validateMetadata(state: GenesisState): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  state.denomMetadata.forEach((metadata, i) => {
    for (const problem of metadataProblems(metadata)) problems.push(`denom_metadata[${i}].${problem}`);
    if (seen.has(metadata.base)) {
      problems.push(`denom_metadata[${i}].base: duplicate client metadata for denom ${metadata.base}`);
    }
    seen.add(metadata.base);
  });
  return problems;
}

function init(keeper: BankKeeper, ctx: Context, state: GenesisState): void {
  keeper.setParams(ctx, state.params ?? defaultParams());
  for (const { denom, enabled } of state.sendEnabled) keeper.setSendEnabled(ctx, denom, enabled);
  for (const { address, coins } of state.balances) {
    const owner = keeper.addresses.account.decode(address);
    for (const { denom, amount } of coins) {
      keeper.setBalance(ctx, { address: owner, denom, before: 0n, after: BigInt(amount) });
    }
  }
  for (const { denom, amount } of totalOf(state.balances)) keeper.initSupply(ctx, denom, amount);
  for (const metadata of state.denomMetadata) keeper.setMetadata(ctx, metadata);
}

function exportState(keeper: BankKeeper, ctx: ReadContext): GenesisState {
  const owned: { address: AccAddress; coins: Pick<Coin, "denom" | "amount">[] }[] = [];
  for (const [[address, denom], amount] of balances.entries(ctx)) {
    // One owner's balances stand together, in order of their denoms.
    let last = owned.at(-1);
    if (last?.address !== address) owned.push((last = { address, coins: [] }));
    last.coins.push(coinMessage({ denom, amount }));
  }
  return create(GenesisStateSchema, {
    params: keeper.params(ctx),
    balances: owned.map(({ address, coins }) =>
      create(BalanceSchema, { address: keeper.addresses.account.encode(address), coins }),
    ),
    supply: [...supply.entries(ctx)].map(([denom, amount]) => coinMessage({ denom, amount })),
    denomMetadata: [...denomMetadata.entries(ctx)].map(([, metadata]) => metadata),
    sendEnabled: [...sendEnabled.entries(ctx)].map(([denom, enabled]) => ({ denom, enabled })),
  });
}
