import type { Params, Proposal, WeightedVoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalSchema, ProposalStatus, VoteSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import type { AccAddress, Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { Coins } from "../../../core/math/coins.js";
import { addCoins, coinMessages, formatCoins, parseCoins } from "../../../core/math/coins.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { Dispatcher } from "../../../core/runtime/dispatch.js";
import type { CommunityPool, StakingHooks } from "../../stake/types.js";
import { ErrTooManyActive, ErrTooManyVotes } from "../errors.js";
import type { Bank, DepositPurse, Staking } from "../expected.js";
import type { Settings } from "../settings.js";
import type { DaoState } from "../state.js";
import { Ballots } from "./ballots.js";
import { Deposits, minimumOf } from "./deposits.js";
import {
  ErrInactiveProposal,
  ErrInvalidProposal,
  ErrInvalidProposer,
  ErrUnknownProposal,
  ErrVotingPeriodEnded,
} from "./errors.js";
import * as events from "./events.js";
import { Executions } from "./executions.js";
import { LateQuorum } from "./late-quorum.js";
import { holdsAll } from "./params.js";
import { changed } from "./changed.js";
import type { GovState } from "./state.js";
import { govState } from "./state.js";
import { EMPTY_TALLY_RESULT } from "./tally.js";
import { nanosOf, secondsAndNanos } from "./times.js";

export type GovParams = Params;

export interface GovKeeperOptions {
  readonly addresses: Addresses;
  /** The account of governance: the one signer of what proposals carry out. */
  readonly authority: AccAddress;
  readonly settings: Settings;
  /** The store of the DAO, for what cosmos.gov does not know. */
  readonly dao: DaoState;
  readonly purse: DepositPurse;
  readonly bank: Bank;
  readonly staking: Staking;
  readonly dispatcher: Dispatcher;
  readonly communityPool: CommunityPool | undefined;
  readonly communityPoolAddress: AccAddress;
}

/** What is submitted. Messages, texts and deposit were checked. */
export interface NewProposal {
  readonly messages: Proposal["messages"];
  readonly proposer: AccAddress;
  readonly metadata: string;
  readonly title: string;
  readonly summary: string;
  readonly expedited: boolean;
}

/** Proposals, their deposits and votes: the only writer of the store of governance outside genesis. */
export class GovKeeper {
  readonly options: GovKeeperOptions;
  readonly state: GovState = govState();
  readonly ballots: Ballots;
  readonly deposits: Deposits;
  readonly executions: Executions;
  readonly lateQuorum: LateQuorum;

  constructor(options: GovKeeperOptions) {
    this.options = options;
    this.ballots = new Ballots({ state: this.state, staking: options.staking });
    this.deposits = new Deposits({ ...options, state: this.state });
    this.executions = new Executions(this);
    this.lateQuorum = new LateQuorum(this);
  }

  /** What staking must tell: where delegations of voters change, tallies follow. */
  readonly stakingHooks: StakingHooks = {
    afterDelegationModified: (ctx, delegator, validator) => this.ballots.delegationChanged(ctx, delegator, validator),
    beforeDelegationRemoved: (ctx, delegator, validator) => this.ballots.delegationRemoved(ctx, delegator, validator),
  };

  text(address: AccAddress): string {
    return this.options.addresses.account.encode(address);
  }

  params(ctx: ReadContext): GovParams {
    const params = this.state.params.get(ctx);
    if (params === undefined) throw new Error("governance has no parameters: genesis was not run");
    return params;
  }

  /** Of parameters that were checked. */
  setParams(ctx: Context, params: GovParams): void {
    this.state.params.set(ctx, params);
  }

  /** Coins that were sent there would be lost; undefined when the charge of cancelled proposals can go where it shall. */
  blockedDest({ proposalCancelDest }: GovParams): string | undefined {
    const { addresses, bank, communityPool, communityPoolAddress } = this.options;
    if (proposalCancelDest === "") return undefined;
    const dest = addresses.account.decode(proposalCancelDest);
    if (dest === communityPoolAddress && communityPool !== undefined) return undefined;
    return bank.isBlocked(dest)
      ? `deposits destination ${proposalCancelDest} is not allowed to receive funds`
      : undefined;
  }

  proposal(ctx: ReadContext, id: bigint): Proposal | undefined {
    return this.state.proposals.get(ctx, id);
  }

  /** Throws `gov` 2 where there is no such proposal. */
  requireProposal(ctx: ReadContext, id: bigint): Proposal {
    const proposal = this.proposal(ctx, id);
    if (proposal === undefined) throw ErrUnknownProposal.with(`proposal ${id} doesn't exist`);
    return proposal;
  }

  setProposal(ctx: Context, proposal: Proposal): void {
    const before = this.state.proposals.get(ctx, proposal.id)?.status;
    this.#countActive(ctx, before, proposal.status);
    this.state.proposals.set(ctx, proposal.id, proposal);
  }

  /** A new proposal, in its deposit period. */
  submit(ctx: Context, { messages, proposer, metadata, title, summary, expedited }: NewProposal): Proposal {
    const id = this.state.nextProposal.next(ctx);
    const now = ctx.block.timeNanos;
    const proposal = create(ProposalSchema, {
      id,
      messages,
      status: ProposalStatus.DEPOSIT_PERIOD,
      finalTallyResult: EMPTY_TALLY_RESULT,
      submitTime: secondsAndNanos(now),
      depositEndTime: secondsAndNanos(now + nanosOf(this.params(ctx).maxDepositPeriod)),
      metadata,
      title,
      summary,
      proposer: this.text(proposer),
      expedited,
    });
    this.setProposal(ctx, proposal);
    const typeUrls = messages.map(({ typeUrl }) => typeUrl);
    ctx.events.emit(events.proposalSubmitted({ id, proposer: this.text(proposer), typeUrls }));
    return proposal;
  }

  /** Adds to the deposit of a proposal. Returns whether voting begins with it. Throws registered errors. */
  deposit(ctx: Context, id: bigint, depositor: AccAddress, coins: Coins): boolean {
    const proposal = this.requireProposal(ctx, id);
    const isWaiting = proposal.status === ProposalStatus.DEPOSIT_PERIOD;
    if (!isWaiting && proposal.status !== ProposalStatus.VOTING_PERIOD) throw ErrInactiveProposal.with(String(id));
    const params = this.params(ctx);
    this.deposits.requireDenoms(params, coins);
    this.deposits.requireWorth(params, coins, proposal);
    this.deposits.add(ctx, id, depositor, coins);
    const total = addCoins(parseCoins(proposal.totalDeposit), coins);
    const starts = isWaiting && holdsAll(total, minimumOf(params, proposal));
    const after = changed(proposal, { totalDeposit: coinMessages(total) });
    this.setProposal(ctx, starts ? this.#activate(ctx, after) : after);
    ctx.events.emit(events.deposited({ depositor: this.text(depositor), amount: formatCoins(coins), id }));
    return starts;
  }

  /** Votes in place of any earlier vote. The options were checked. Throws `gov` 3, or `dao` 4 for one vote too many. */
  vote(
    ctx: Context,
    vote: {
      readonly proposalId: bigint;
      readonly voter: AccAddress;
      readonly options: readonly Pick<WeightedVoteOption, "option" | "weight">[];
      readonly metadata: string;
    },
  ): void {
    const { proposalId, voter, options, metadata } = vote;
    const ballot = this.ballots.openBallot(ctx, proposalId);
    if (ballot === undefined) throw ErrInactiveProposal.with(String(proposalId));
    const { maxVotesPerVoter } = this.options.settings.get(ctx);
    if (!this.state.votes.has(ctx, [ballot, voter]) && this.ballots.openVotesOf(ctx, voter) >= maxVotesPerVoter) {
      throw ErrTooManyVotes.with(`${maxVotesPerVoter} are allowed: vote again when one of the proposals has ended`);
    }
    const text = this.text(voter);
    const record = create(VoteSchema, { proposalId, voter: text, options: [...options], metadata });
    this.ballots.cast(ctx, ballot, voter, record);
    ctx.events.emit(events.voted({ voter: text, options, id: proposalId }));
  }

  /** Takes back a proposal of one's own before it is decided, for a part of the deposits. Throws `gov` 2, 18, 20, 21. */
  cancel(ctx: Context, id: bigint, proposer: string): void {
    const proposal = this.requireProposal(ctx, id);
    if (proposal.proposer !== proposer) throw ErrInvalidProposer.with(`invalid proposer ${proposer}`);
    if (proposal.status !== ProposalStatus.DEPOSIT_PERIOD && proposal.status !== ProposalStatus.VOTING_PERIOD) {
      throw ErrInvalidProposal.with("proposal should be in the deposit or voting period");
    }
    if (proposal.votingEndTime !== undefined && nanosOf(proposal.votingEndTime) < ctx.block.timeNanos) {
      throw ErrVotingPeriodEnded.with(`voting period is already ended for this proposal ${id}`);
    }
    this.deposits.charge(ctx, id, this.params(ctx));
    this.deposits.settleOne(ctx, id, this.options.settings.get(ctx).maxSettlementsPerBlock);
    this.remove(ctx, proposal);
  }

  /** Removes a proposal that came to nothing. */
  remove(ctx: Context, proposal: Proposal): void {
    this.ballots.close(ctx, proposal.id);
    this.lateQuorum.forget(ctx, proposal.id);
    this.#countActive(ctx, proposal.status, undefined);
    this.state.proposals.remove(ctx, proposal.id);
  }

  activeCount(ctx: ReadContext): bigint {
    return this.state.activeCount.get(ctx) ?? 0n;
  }

  #activate(ctx: Context, proposal: Proposal): Proposal {
    const { maxActiveProposals } = this.options.settings.get(ctx);
    const limit = proposal.expedited ? maxActiveProposals + Math.floor(maxActiveProposals / 4) : maxActiveProposals;
    if (this.activeCount(ctx) >= BigInt(limit)) {
      throw ErrTooManyActive.with(`${limit} are allowed: deposit the rest when one of them has ended`);
    }
    const params = this.params(ctx);
    const period = proposal.expedited ? params.expeditedVotingPeriod : params.votingPeriod;
    const now = ctx.block.timeNanos;
    this.ballots.open(ctx, proposal.id, false);
    const started = changed(proposal, {
      status: ProposalStatus.VOTING_PERIOD,
      votingStartTime: secondsAndNanos(now),
      votingEndTime: secondsAndNanos(now + nanosOf(period)),
    });
    this.lateQuorum.watch(ctx, started);
    return started;
  }

  #countActive(ctx: Context, before: ProposalStatus | undefined, after: ProposalStatus | undefined): void {
    const [was, is] = [before === ProposalStatus.VOTING_PERIOD, after === ProposalStatus.VOTING_PERIOD];
    if (was === is) return;
    const count = this.activeCount(ctx) + (is ? 1n : -1n);
    // As a genesis without active proposals leaves it: what is read for it costs the same gas then.
    if (count === 0n) this.state.activeCount.remove(ctx);
    else this.state.activeCount.set(ctx, count);
  }
}
