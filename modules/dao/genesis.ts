import type { GenesisState } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";
import { SettlementKind } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import { coinsProblem, parseCoins } from "../../core/math/coins.js";
import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { GenesisError } from "../../core/runtime/genesis.js";
import type { GovKeeper } from "./gov/keeper.js";
import { defaultParams, paramProblems } from "./params.js";

export function defaultDaoGenesis(): GenesisState {
  return create(GenesisStateSchema, { params: defaultParams() });
}

/** What is wrong with a state by itself, each with where it is. */
export function daoGenesisProblems(state: GenesisState, addresses: Addresses): readonly string[] {
  const problems: string[] = [];
  if (state.params === undefined) problems.push("params: missing");
  else for (const problem of paramProblems(state.params)) problems.push(`params.${problem}`);
  const address = (where: string, text: string): void => {
    try {
      addresses.account.decode(text);
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      problems.push(`${where}: ${error.message}`);
    }
  };
  const ids = new Set<bigint>();
  state.settlements.forEach(({ proposalId, settlement, deposits }, i) => {
    const at = `settlements[${i}]`;
    if (ids.has(proposalId)) problems.push(`${at}.proposal_id: is there twice`);
    ids.add(proposalId);
    const { kind = SettlementKind.UNSPECIFIED, chargeRatio = "", chargeDest = "" } = settlement ?? {};
    if (kind < SettlementKind.REFUND || kind > SettlementKind.CHARGE)
      problems.push(`${at}.settlement.kind: ${kind} is none`);
    const ratio = parseDec(chargeRatio) ?? -1n;
    if (kind === SettlementKind.CHARGE && (ratio < 0n || ratio > DEC_ONE)) {
      problems.push(`${at}.settlement.charge_ratio: "${chargeRatio}" is not within 0 and 1`);
    }
    if (chargeDest !== "") address(`${at}.settlement.charge_dest`, chargeDest);
    const depositors = new Set<string>();
    deposits.forEach((deposit, j) => {
      if (depositors.has(deposit.depositor)) problems.push(`${at}.deposits[${j}].depositor: is there twice`);
      depositors.add(deposit.depositor);
      address(`${at}.deposits[${j}].depositor`, deposit.depositor);
      const problem = coinsProblem(deposit.amount);
      if (problem !== undefined) problems.push(`${at}.deposits[${j}].amount${problem.path}: ${problem.problem}`);
    });
  });
  return problems;
}

/** Writes a checked state. Throws GenesisError where the account of governance holds less than deposits are. */
export function initDaoGenesis(ctx: Context, gov: GovKeeper, genesis: GenesisState): void {
  if (genesis.params === undefined) throw new Error("app_state.dao.params: missing");
  gov.options.settings.set(ctx, genesis.params);
  for (const { proposalId, settlement, deposits } of genesis.settlements) {
    if (settlement === undefined) continue;
    gov.state.settlements.set(ctx, proposalId, settlement);
    for (const { depositor, amount } of deposits) {
      gov.deposits.restore(ctx, proposalId, gov.options.addresses.account.decode(depositor), parseCoins(amount));
    }
  }
  const shortage = gov.deposits.shortage(ctx);
  if (shortage !== undefined) throw new GenesisError([`app_state.gov.deposits: ${shortage}`]);
}

export function exportDaoGenesis(ctx: ReadContext, gov: GovKeeper): GenesisState {
  const { state } = gov;
  return create(GenesisStateSchema, {
    params: gov.options.settings.get(ctx),
    settlements: [...state.settlements.entries(ctx)].map(([proposalId, settlement]) => ({
      proposalId,
      settlement,
      deposits: [...state.deposits.entries(ctx, { prefix: state.depositKey.prefix(proposalId) })].map(
        ([, deposit]) => deposit,
      ),
    })),
  });
}
