import type { GenesisState, OpenSettlement, OpenWatch } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";
import type { OpenWatchSchema } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/dao/v1/genesis_pb.js";
import type { Bounty, Grant } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import {
  BountyState,
  ExecutionState,
  MilestoneState,
  QuorumWatch,
  SettlementKind,
} from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";

import { create } from "../../core/codec/protobuf.js";
import type { CoinMessage, Coins } from "../../core/math/coins.js";
import { coinsProblem, parseCoins } from "../../core/math/coins.js";
import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { GenesisError } from "../../core/runtime/genesis.js";
import { RegisteredError } from "../../core/errors.js";
import { checkCategory, checkName, MAX_TIME_SECONDS } from "./checks.js";
import type { GovKeeper } from "./gov/keeper.js";
import { nanosOf, secondsAndNanos } from "./gov/times.js";
import type { DaoKeeper, DaoKeeperOptions } from "./keeper.js";
import { defaultParams, paramProblems } from "./params.js";
import { isWaiting } from "./state.js";
import { checkTerms } from "./treasury.js";

export function defaultDaoGenesis(): GenesisState {
  return create(GenesisStateSchema, { params: defaultParams() });
}

type Known = Pick<DaoKeeperOptions, "addresses" | "authority">;

/** Collects what is wrong, each with where it is. */
class Problems {
  readonly list: string[] = [];
  readonly #known: Known;
  readonly #seen = new Set<string>();

  constructor(known: Known) {
    this.#known = known;
  }

  add(where: string, what: string): void {
    this.list.push(`${where}: ${what}`);
  }

  attempt(where: string, check: () => unknown): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      this.add(where, error.message);
    }
  }

  address(where: string, text: string): void {
    this.attempt(where, () => this.#known.addresses.account.decode(text));
  }

  coins(where: string, coins: readonly CoinMessage[]): void {
    const problem = coinsProblem(coins);
    if (problem !== undefined) this.add(`${where}${problem.path}`, problem.problem);
  }

  time(where: string, seconds: bigint): void {
    if (seconds > MAX_TIME_SECONDS) this.add(where, `${seconds} is after the year 9999`);
  }

  once(where: string, key: string): void {
    if (this.#seen.has(key)) this.add(where, "is there twice");
    this.#seen.add(key);
  }
}

/** What is wrong with a state by itself, each with where it is. */
export function daoGenesisProblems(state: GenesisState, known: Known): readonly string[] {
  const problems = new Problems(known);
  if (state.params === undefined) problems.add("params", "missing");
  else for (const problem of paramProblems(state.params, known)) problems.list.push(`params.${problem}`);
  state.settlements.forEach((settlement, i) => checkSettlement(problems, `settlements[${i}]`, settlement));
  state.executions.forEach((execution, i) => {
    const at = `executions[${i}]`;
    problems.once(at, `execution ${execution.proposalId}`);
    if (execution.state < ExecutionState.PENDING || execution.state > ExecutionState.CANCELLED) {
      problems.add(`${at}.state`, `${execution.state} is none`);
    }
    if (!isWaiting(execution)) return;
    const due = nanosOf(execution.dueTime);
    if (due <= 0n || due >= 1n << 63n) problems.add(`${at}.due_time`, "is out of range");
    const unpaused = nanosOf(execution.unpausedDueTime);
    if (unpaused < 0n || unpaused > due) problems.add(`${at}.unpaused_due_time`, "is not within 1970 and due_time");
  });
  state.watches.forEach((watch, i) => {
    problems.once(`watches[${i}]`, `watch ${watch.proposalId}`);
    checkWatch(problems, `watches[${i}]`, watch);
  });
  state.budgets.forEach((budget, i) => {
    const at = `budgets[${i}]`;
    problems.once(at, `budget ${budget.category}`);
    problems.attempt(at, () => checkCategory(budget.category));
    problems.attempt(at, () => checkTerms(budget));
    for (const field of ["limit", "spent", "totalSpent"] as const) problems.coins(`${at}.${field}`, budget[field]);
    if (budget.spender !== "") problems.address(`${at}.spender`, budget.spender);
  });
  state.grants.forEach((grant, i) => checkGrant(problems, `grants[${i}]`, grant, state.nextGrantId || 1n));
  state.bounties.forEach((bounty, i) => checkBounty(problems, `bounties[${i}]`, bounty, state.nextBountyId || 1n));
  state.resourceClasses.forEach(({ name }, i) => {
    problems.once(`resource_classes[${i}]`, `class ${name}`);
    problems.attempt(`resource_classes[${i}]`, () => checkName(name));
  });
  state.networkAdapters.forEach(({ name, operator }, i) => {
    problems.once(`network_adapters[${i}]`, `adapter ${name}`);
    problems.attempt(`network_adapters[${i}]`, () => checkName(name));
    problems.address(`network_adapters[${i}].operator`, operator);
  });
  return problems.list;
}

function checkWatch(problems: Problems, at: string, { watch, checkTime }: OpenWatch): void {
  if (watch < QuorumWatch.UNSPECIFIED || watch > QuorumWatch.EXTENDED) problems.add(`${at}.watch`, `${watch} is none`);
  if (checkTime === undefined) return;
  const nanos = nanosOf(checkTime);
  if (nanos < 0n || nanos >= 1n << 63n) problems.add(`${at}.check_time`, "is out of range");
  if (watch !== QuorumWatch.UNSPECIFIED) problems.add(`${at}.check_time`, "is there, though it was looked at already");
}

function checkSettlement(problems: Problems, at: string, { proposalId, settlement, deposits }: OpenSettlement): void {
  problems.once(at, `settlement ${proposalId}`);
  const { kind = SettlementKind.UNSPECIFIED, chargeRatio = "", chargeDest = "" } = settlement ?? {};
  if (kind < SettlementKind.REFUND || kind > SettlementKind.CHARGE)
    problems.add(`${at}.settlement.kind`, `${kind} is none`);
  const ratio = parseDec(chargeRatio) ?? -1n;
  if (kind === SettlementKind.CHARGE && (ratio < 0n || ratio > DEC_ONE)) {
    problems.add(`${at}.settlement.charge_ratio`, `"${chargeRatio}" is not within 0 and 1`);
  }
  if (chargeDest !== "") problems.address(`${at}.settlement.charge_dest`, chargeDest);
  deposits.forEach(({ depositor, amount }, i) => {
    problems.once(`${at}.deposits[${i}]`, `deposit ${proposalId} ${depositor}`);
    problems.address(`${at}.deposits[${i}].depositor`, depositor);
    problems.coins(`${at}.deposits[${i}].amount`, amount);
  });
}

function checkGrant(problems: Problems, at: string, grant: Grant, nextId: bigint): void {
  problems.once(at, `grant ${grant.id}`);
  if (grant.id === 0n || grant.id >= nextId) problems.add(`${at}.id`, `${grant.id} is not below next_grant_id`);
  problems.address(`${at}.payee`, grant.payee);
  problems.address(`${at}.reviewer`, grant.reviewer);
  grant.milestones.forEach(({ amount, deadlineTime, state }, i) => {
    problems.coins(`${at}.milestones[${i}].amount`, amount);
    problems.time(`${at}.milestones[${i}].deadline_time`, deadlineTime);
    if (state < MilestoneState.OPEN || state > MilestoneState.CANCELLED) {
      problems.add(`${at}.milestones[${i}].state`, `${state} is none`);
    }
  });
  const isOpen = grant.milestones.some(({ state }) => state === MilestoneState.OPEN);
  if (grant.open !== isOpen) problems.add(`${at}.open`, `${grant.open}, but its milestones say ${isOpen}`);
}

function checkBounty(problems: Problems, at: string, bounty: Bounty, nextId: bigint): void {
  problems.once(at, `bounty ${bounty.id}`);
  if (bounty.id === 0n || bounty.id >= nextId) problems.add(`${at}.id`, `${bounty.id} is not below next_bounty_id`);
  problems.address(`${at}.funder`, bounty.funder);
  problems.address(`${at}.judge`, bounty.judge);
  problems.coins(`${at}.reward`, bounty.reward);
  problems.time(`${at}.expiry_time`, bounty.expiryTime);
  if (bounty.judgingEndTime < bounty.expiryTime) problems.add(`${at}.judging_end_time`, "is before its expiry");
  if (bounty.state < BountyState.OPEN || bounty.state > BountyState.CANCELLED) {
    problems.add(`${at}.state`, `${bounty.state} is none`);
  }
  bounty.claims.forEach(({ claimant }, i) => problems.address(`${at}.claims[${i}].claimant`, claimant));
}

/** Writes a checked state. Throws GenesisError where it does not fit that of governance, or the coins that are there. */
export function initDaoGenesis(ctx: Context, keeper: DaoKeeper, genesis: GenesisState): void {
  const { state, gov, treasury } = keeper;
  if (genesis.params === undefined) throw new Error("app_state.dao.params: missing");
  const decode = (text: string) => keeper.options.addresses.account.decode(text);
  keeper.settings.set(ctx, genesis.params);
  for (const { proposalId, settlement, deposits } of genesis.settlements) {
    if (settlement === undefined) continue;
    gov.state.settlements.set(ctx, proposalId, settlement);
    for (const { depositor, amount } of deposits) {
      gov.deposits.restore(ctx, proposalId, decode(depositor), parseCoins(amount));
    }
  }
  for (const execution of genesis.executions) {
    if (gov.proposal(ctx, execution.proposalId) === undefined) {
      throw new GenesisError([`app_state.dao.executions: there is no proposal ${execution.proposalId}`]);
    }
    state.executions.set(ctx, execution.proposalId, execution);
  }
  initVotes(ctx, gov, genesis.watches);
  for (const budget of genesis.budgets) state.budgets.set(ctx, budget.category, budget);
  for (const grant of genesis.grants) {
    state.grants.set(ctx, grant.id, grant);
    for (const coins of heldByGrant(grant)) treasury.restore(ctx, coins);
  }
  for (const bounty of genesis.bounties) {
    state.bounties.set(ctx, bounty.id, bounty);
    if (bounty.state === BountyState.OPEN) treasury.restore(ctx, parseCoins(bounty.reward));
  }
  for (const value of genesis.resourceClasses) state.resourceClasses.set(ctx, value.name, value);
  for (const value of genesis.networkAdapters) state.networkAdapters.set(ctx, value.name, value);
  state.nextGrant.set(ctx, genesis.nextGrantId || 1n);
  state.nextBounty.set(ctx, genesis.nextBountyId || 1n);
  const shortage = gov.deposits.shortage(ctx) ?? treasury.shortage(ctx);
  if (shortage !== undefined) throw new GenesisError([`app_state.gov, app_state.dao: ${shortage}`]);
}

/** What is known of the votes that go on. Throws GenesisError for one that does not. */
function initVotes(ctx: Context, gov: GovKeeper, watches: readonly OpenWatch[]): void {
  for (const { proposalId, watch, checkTime, votedAnew } of watches) {
    const proposal = gov.proposal(ctx, proposalId);
    if (proposal?.status !== ProposalStatus.VOTING_PERIOD) {
      throw new GenesisError([`app_state.dao.watches: nobody votes on proposal ${proposalId}`]);
    }
    if (votedAnew && proposal.expedited) {
      throw new GenesisError([`app_state.dao.watches: proposal ${proposalId} is expedited: no vote on it began anew`]);
    }
    gov.lateQuorum.restore(ctx, proposalId, { watch, ...(checkTime && { checkTime: nanosOf(checkTime) }) });
    if (votedAnew) gov.ballots.restoreAsSecond(ctx, proposalId);
  }
  const known = new Set(watches.map(({ proposalId }) => proposalId));
  for (const [, id] of [...gov.state.votingEnds.refs.keys(ctx)]) {
    if (!known.has(id)) gov.lateQuorum.watch(ctx, gov.requireProposal(ctx, id));
  }
}

function exportVotes(
  ctx: ReadContext,
  { state, lateQuorum, ballots }: GovKeeper,
): MessageInitShape<typeof OpenWatchSchema>[] {
  return [...state.votingEnds.refs.keys(ctx)].map(([, proposalId]) => {
    const checkTime = lateQuorum.checkTime(ctx, proposalId);
    return {
      proposalId,
      watch: lateQuorum.get(ctx, proposalId),
      ...(checkTime !== undefined && { checkTime: secondsAndNanos(checkTime) }),
      votedAnew: ballots.isSecond(ctx, proposalId),
    };
  });
}

/** What is set aside for a grant: the amounts of its open milestones. */
export function heldByGrant({ milestones }: Grant): readonly Coins[] {
  return milestones.filter(({ state }) => state === MilestoneState.OPEN).map(({ amount }) => parseCoins(amount));
}

export function exportDaoGenesis(ctx: ReadContext, keeper: DaoKeeper): GenesisState {
  const { state, gov } = keeper;
  const values = <K, V>(map: { entries(from: ReadContext): IterableIterator<readonly [K, V]> }): V[] =>
    [...map.entries(ctx)].map(([, value]) => value);
  const { settlements, deposits, depositKey } = gov.state;
  return create(GenesisStateSchema, {
    params: keeper.settings.get(ctx),
    settlements: [...settlements.entries(ctx)].map(([proposalId, settlement]) => ({
      proposalId,
      settlement,
      deposits: [...deposits.entries(ctx, { prefix: depositKey.prefix(proposalId) })].map(([, deposit]) => deposit),
    })),
    executions: values(state.executions),
    watches: exportVotes(ctx, gov),
    budgets: values(state.budgets),
    grants: values(state.grants),
    bounties: values(state.bounties),
    resourceClasses: values(state.resourceClasses),
    networkAdapters: values(state.networkAdapters),
    nextGrantId: state.nextGrant.peek(ctx),
    nextBountyId: state.nextBounty.peek(ctx),
  });
}
