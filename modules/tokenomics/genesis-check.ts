import type { GenesisState } from "@computronium/proto/computronium/tokenomics/v1/genesis_pb.js";
import type { Allocation } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import type { Addresses } from "../../core/address.js";
import { RegisteredError } from "../../core/errors.js";
import { parseAmount } from "../../core/math/amount.js";
import { parseDec } from "../../core/math/dec.js";
import { MAX_CLEARINGS } from "./buyback.js";
import { readAddress, readValidator } from "./checks.js";
import { MAX_LOTS, paramProblems } from "./params.js";
import { scheduleProblem } from "./schedule.js";

/** Allocations of a chain; SupplyOverview reads each. */
export const MAX_ALLOCATIONS = 64;
const ALLOCATION_NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
/** Totals and counters stay below it, so that sums of them fit in an amount. */
const MAX_TOTAL = 1n << 200n;

/** What is wrong with a state by itself, each with where it is. */
export function stateProblems(state: GenesisState, addresses: Addresses): readonly string[] {
  const check = new Check(addresses);
  if (state.params === undefined) check.problems.push("params: missing");
  else for (const problem of paramProblems(state.params)) check.problems.push(`params.${problem}`);
  if (state.baseFee !== undefined) check.dec("base_fee.price", state.baseFee.price);
  checkSupply(check, state);
  checkAllocations(check, state.allocations);
  checkReflections(check, state);
  checkEmission(check, state);
  checkBuyback(check, state);
  return check.problems;
}

/** Collects problems by place. */
class Check {
  readonly problems: string[] = [];
  readonly addresses: Addresses;
  readonly #seen = new Set<string>();

  constructor(addresses: Addresses) {
    this.addresses = addresses;
  }

  amount(at: string, text: string): bigint {
    const amount = parseAmount(text);
    if (amount === undefined || amount >= MAX_TOTAL) this.problems.push(`${at}: "${text.slice(0, 80)}" is no amount`);
    return amount ?? 0n;
  }

  dec(at: string, text: string): void {
    if ((parseDec(text) ?? -1n) < 0n) this.problems.push(`${at}: "${text.slice(0, 80)}" is no decimal from 0 on`);
  }

  account(at: string, text: string): void {
    this.#valid(() => readAddress(this.addresses, text, at));
  }

  validator(at: string, text: string): void {
    this.#valid(() => readValidator(this.addresses, text, at));
  }

  #valid(read: () => unknown): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      this.problems.push(error.message);
    }
  }

  unique(at: string, kind: string, ...key: readonly (string | bigint)[]): void {
    const id = [kind, ...key].join("/");
    if (this.#seen.has(id)) this.problems.push(`${at}: is there twice`);
    this.#seen.add(id);
  }
}

function checkSupply(check: Check, { supply }: GenesisState): void {
  if (supply === undefined) return;
  check.amount("supply.initial", supply.initial);
  for (const list of ["minted", "burned"] as const) {
    supply[list].forEach(({ account, amount }, i) => {
      const at = `supply.${list}[${i}]`;
      if (account === "" || account.includes("\0")) check.problems.push(`${at}.account: no name of a module account`);
      check.unique(at, list, account);
      check.amount(`${at}.amount`, amount);
    });
  }
}

function checkAllocations(check: Check, allocations: readonly Allocation[]): void {
  if (allocations.length > MAX_ALLOCATIONS) {
    check.problems.push(`allocations: ${allocations.length} entries, at most ${MAX_ALLOCATIONS}`);
  }
  allocations.forEach(({ name, total, paid, schedule, beneficiary }, i) => {
    const at = `allocations[${i}]`;
    if (!ALLOCATION_NAME.test(name)) check.problems.push(`${at}.name: "${name.slice(0, 64)}" is none`);
    check.unique(at, "allocation", name);
    const sum = check.amount(`${at}.total`, total);
    if (check.amount(`${at}.paid`, paid) > sum) check.problems.push(`${at}.paid: above the total`);
    const problem = schedule === undefined ? ": missing" : scheduleProblem(schedule, sum);
    if (problem !== undefined) check.problems.push(`${at}.schedule.${problem}`);
    if (beneficiary !== "") check.account(`${at}.beneficiary`, beneficiary);
  });
}

function checkReflections(check: Check, { reflections }: GenesisState): void {
  if (reflections === undefined) return;
  check.dec("reflections.index", reflections.index);
  check.dec("reflections.carried", reflections.carried);
  reflections.validators.forEach(({ validator, perShare, index }, i) => {
    const at = `reflections.validators[${i}]`;
    check.validator(`${at}.validator`, validator);
    check.unique(at, "validator", validator);
    check.dec(`${at}.per_share`, perShare);
    check.dec(`${at}.index`, index);
  });
  reflections.delegations.forEach(({ delegator, validator, perShare }, i) => {
    const at = `reflections.delegations[${i}]`;
    check.account(`${at}.delegator`, delegator);
    check.validator(`${at}.validator`, validator);
    check.unique(at, "delegation", delegator, validator);
    check.dec(`${at}.per_share`, perShare);
  });
  reflections.owed.forEach(({ delegator, amount }, i) => {
    const at = `reflections.owed[${i}]`;
    check.account(`${at}.delegator`, delegator);
    check.unique(at, "owed", delegator);
    check.dec(`${at}.amount`, amount);
  });
}

function checkEmission(check: Check, { epochs, work }: GenesisState): void {
  epochs.forEach((epoch, i) => {
    const at = `epochs[${i}]`;
    check.unique(at, "epoch", epoch.epoch);
    const burned = check.amount(`${at}.burned`, epoch.burned);
    if (check.amount(`${at}.pool`, epoch.pool) > burned) check.problems.push(`${at}.pool: above what was burned`);
    check.amount(`${at}.paid`, epoch.paid);
  });
  work.forEach(({ epoch, provider, burned }, i) => {
    const at = `work[${i}]`;
    check.account(`${at}.provider`, provider);
    check.unique(at, "work", epoch, provider);
    check.amount(`${at}.burned`, burned);
    if (!epochs.some((known) => known.epoch === epoch)) check.problems.push(`${at}.epoch: ${epoch} is not there`);
  });
}

function checkBuyback(check: Check, { buyback }: GenesisState): void {
  if (buyback === undefined) return;
  if (buyback.nextLot >= MAX_LOTS) check.problems.push(`buyback.next_lot: ${buyback.nextLot}, at most ${MAX_LOTS - 1}`);
  const { open } = buyback;
  if (open === undefined && buyback.bids.length > 0) check.problems.push("buyback.bids: there is no auction");
  if (open !== undefined) {
    check.amount("buyback.open.lot.amount", open.lot?.amount ?? "");
    check.dec("buyback.open.reserve_price", open.reservePrice);
  }
  buyback.bids.forEach(({ auctionId, bidder, deposit, quantity, price }, i) => {
    const at = `buyback.bids[${i}]`;
    if (auctionId !== open?.id) check.problems.push(`${at}.auction_id: ${auctionId} does not run`);
    check.account(`${at}.bidder`, bidder);
    check.unique(at, "bid", bidder);
    check.amount(`${at}.deposit`, deposit);
    check.amount(`${at}.quantity`, quantity);
    check.dec(`${at}.price`, price);
  });
  if (buyback.clearings.length > MAX_LOTS * MAX_CLEARINGS * 4) check.problems.push("buyback.clearings: too many");
  buyback.clearings.forEach(({ denom, auctionId, price }, i) => {
    const at = `buyback.clearings[${i}]`;
    if (denom === "" || denom.includes("\0")) check.problems.push(`${at}.denom: "${denom}" is none`);
    check.unique(at, "clearing", denom, auctionId);
    check.dec(`${at}.price`, price);
  });
}
