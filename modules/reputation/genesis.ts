import type { GenesisState } from "@computronium/proto/computronium/reputation/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/reputation/v1/genesis_pb.js";

import type { Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import { parseAmount } from "../../core/math/amount.js";
import { parseDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { ReputationKeeper } from "./keeper.js";
import { paramProblems } from "./params.js";

/** What is wrong with a state by itself, each with where it is. */
export function stateProblems(state: GenesisState, addresses: Addresses): readonly string[] {
  const problems: string[] = [];
  if (state.params === undefined) problems.push("params: missing");
  else for (const problem of paramProblems(state.params)) problems.push(`params.${problem}`);
  const address = (where: string, text: string) => {
    try {
      if (addresses.account.decode(text).length > 64) problems.push(`${where}: address is too long`);
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      problems.push(`${where}: ${error.message}`);
    }
  };
  const unique = (seen: Set<string>, where: string, key: string) => {
    if (seen.has(key)) problems.push(`${where}: is there twice`);
    seen.add(key);
  };
  const seenReputations = new Set<string>();
  state.reputations.forEach((reputation, i) => {
    const at = `reputations[${i}]`;
    address(`${at}.provider`, reputation.provider);
    unique(seenReputations, at, `${reputation.provider}/${reputation.kind}`);
    if (!/^[a-z0-9/-]{1,64}$/.test(reputation.kind)) problems.push(`${at}.kind: "${reputation.kind}" is no kind`);
    for (const field of ["alpha", "beta"] as const) {
      if ((parseDec(reputation[field]) ?? -1n) < 0n)
        problems.push(`${at}.${field}: "${reputation[field]}" is no weight`);
    }
    if (parseAmount(reputation.fees) === undefined) problems.push(`${at}.fees: "${reputation.fees}" is no amount`);
    if (reputation.rankedScoreBps > 10_000) problems.push(`${at}.rankedScoreBps: above 10000`);
  });
  const seenPairs = new Set<string>();
  state.pairs.forEach((pair, i) => {
    const at = `pairs[${i}]`;
    address(`${at}.provider`, pair.provider);
    address(`${at}.tenant`, pair.tenant);
    if (pair.provider === pair.tenant) problems.push(`${at}: tenant and provider are the same`);
    unique(seenPairs, at, `${pair.epoch}/${pair.provider}/${pair.tenant}`);
    for (const field of ["goodCost", "badCost"] as const) {
      if (parseAmount(pair[field]) === undefined) problems.push(`${at}.${field}: "${pair[field]}" is no amount`);
    }
  });
  return problems;
}

export function initGenesis(ctx: Context, keeper: ReputationKeeper, genesis: GenesisState): void {
  if (genesis.params === undefined) throw new Error("app_state.reputation.params: missing");
  keeper.setParams(ctx, genesis.params);
  const decode = (text: string) => keeper.deps.addresses.account.decode(text);
  for (const reputation of genesis.reputations) {
    keeper.state.reputations.set(ctx, [decode(reputation.provider), reputation.kind], reputation);
  }
  for (const pair of genesis.pairs) {
    keeper.state.pairs.set(ctx, [pair.epoch, [decode(pair.provider), decode(pair.tenant)]], pair);
  }
}

export function exportGenesis(ctx: ReadContext, keeper: ReputationKeeper): GenesisState {
  return create(GenesisStateSchema, {
    params: keeper.params(ctx),
    reputations: [...keeper.state.reputations.entries(ctx)].map(([, reputation]) => reputation),
    pairs: [...keeper.state.pairs.entries(ctx)].map(([, pair]) => pair),
  });
}
