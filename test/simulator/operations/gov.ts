import { MsgSetSendEnabledSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { Query } from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import {
  MsgCancelProposalSchema,
  MsgDepositSchema,
  MsgSubmitProposalSchema,
  MsgVoteWeightedSchema,
} from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { Query as DaoQuery } from "@computronium/proto/computronium/dao/v1/query_pb.js";
import {
  MsgClaimBountySchema,
  MsgCreateBountySchema,
  MsgJudgeBountySchema,
  MsgSpendTreasurySchema,
} from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import type { Bounty } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { BountyState } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import { packed } from "../any.js";
import { OTHER_DENOM } from "../genesis.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { oneIn } from "../random.js";
import type { World } from "../world.js";
import { GOVERNANCE } from "./parameters.js";

async function aProposal(
  world: World,
  random: SeededRandom,
  ...statuses: readonly ProposalStatus[]
): Promise<Proposal | undefined> {
  const answer = await world.find(Query.method.proposals, {
    proposalStatus: random.pick(statuses),
    pagination: { limit: 20n, reverse: true },
  });
  const proposals = answer?.proposals ?? [];
  return proposals.length === 0 ? undefined : random.pick(proposals);
}

async function aBounty(world: World, random: SeededRandom): Promise<Bounty | undefined> {
  const answer = await world.find(DaoQuery.method.bounties, { state: BountyState.OPEN });
  const bounties = answer?.bounties ?? [];
  return bounties.length === 0 ? undefined : random.pick(bounties);
}

/** A split of 1 between two options, or one option alone. */
function someWeights(random: SeededRandom) {
  const option = 1 + random.below(3);
  const percent = oneIn(random, 2) ? 100 : 1 + random.below(99);
  const text = (value: number) => (value === 100 ? "1" : `0.${String(value).padStart(2, "0")}`);
  if (percent === 100) return [{ option, weight: "1" }];
  return [
    { option, weight: text(percent) },
    { option: option + 1, weight: text(100 - percent) },
  ];
}

export const govOperations: readonly Operation[] = [
  operation("gov/submit", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const expedited = oneIn(random, 4);
    const switched = { denom: OTHER_DENOM, enabled: oneIn(random, 2) };
    const messages = oneIn(random, 3)
      ? []
      : [packed(MsgSetSendEnabledSchema, { authority: GOVERNANCE, sendEnabled: [switched] })];
    const deposit = oneIn(random, 3) ? 5_000_000n : expedited ? 50_000_000n : 10_000_000n;
    const submit = message(MsgSubmitProposalSchema, {
      messages,
      initialDeposit: [coin(deposit)],
      proposer: actor.address,
      metadata: "ipfs://why",
      title: `proposal ${random.below(1_000)}`,
      summary: "as it says",
      expedited,
    });
    return { actor, messages: [submit], options: { gas: 1_000_000n } };
  }),
  operation("gov/deposit", 1, async (world, random) => {
    const actor = await world.someone(random);
    const proposal = await aProposal(world, random, ProposalStatus.DEPOSIT_PERIOD, ProposalStatus.VOTING_PERIOD);
    if (actor === undefined || proposal === undefined) return undefined;
    const amount = [coin(random.pick([500_000n, 5_000_000n]))];
    const { id: proposalId } = proposal;
    return { actor, messages: [message(MsgDepositSchema, { proposalId, depositor: actor.address, amount })] };
  }),
  operation("gov/vote", 4, async (world, random) => {
    const actor = await world.someone(random);
    const proposal = await aProposal(world, random, ProposalStatus.VOTING_PERIOD);
    if (actor === undefined || proposal === undefined) return undefined;
    const { id: proposalId } = proposal;
    const vote = message(MsgVoteWeightedSchema, { proposalId, voter: actor.address, options: someWeights(random) });
    return { actor, messages: [vote], options: { gas: 2_000_000n } };
  }),
  operation("gov/cancel", 1, async (world, random) => {
    const proposal = await aProposal(world, random, ProposalStatus.DEPOSIT_PERIOD, ProposalStatus.VOTING_PERIOD);
    const actor = proposal && world.actorAt(proposal.proposer);
    if (proposal === undefined || actor === undefined) return undefined;
    const cancel = message(MsgCancelProposalSchema, { proposalId: proposal.id, proposer: actor.address });
    return { actor, messages: [cancel], options: { gas: 1_000_000n } };
  }),
  operation("dao/create-bounty", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const bounty = message(MsgCreateBountySchema, {
      funder: actor.address,
      judge: world.anyoneBut(random, actor).address,
      title: "something",
      reward: [coin(BigInt(1 + random.below(1_000)))],
      expiryTime: world.timeSeconds + BigInt(1 + random.below(2_000)),
    });
    return { actor, messages: [bounty] };
  }),
  operation("dao/claim-bounty", 1, async (world, random) => {
    const actor = await world.someone(random);
    const bounty = await aBounty(world, random);
    if (actor === undefined || bounty === undefined || bounty.judge === actor.address) return undefined;
    const claim = { claimant: actor.address, bountyId: bounty.id, evidence: "here" };
    return { actor, messages: [message(MsgClaimBountySchema, claim)] };
  }),
  operation("dao/judge-bounty", 1, async (world, random) => {
    const bounty = await aBounty(world, random);
    const actor = bounty && world.actorAt(bounty.judge);
    if (bounty === undefined || actor === undefined || bounty.claims.length === 0) return undefined;
    const { claimant } = random.pick(bounty.claims);
    const judgement = { judge: actor.address, bountyId: bounty.id, claimant, accept: oneIn(random, 2) };
    return { actor, messages: [message(MsgJudgeBountySchema, judgement)] };
  }),
  attack("dao/spend-without-budget", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const spending = { sender: actor.address, category: "core", recipient: actor.address, amount: [coin(1n)] };
    return { actor, messages: [message(MsgSpendTreasurySchema, spending)] };
  }),
  attack("gov/cancel-of-another", 1, async (world, random) => {
    const actor = await world.someone(random);
    const proposal = await aProposal(world, random, ProposalStatus.DEPOSIT_PERIOD, ProposalStatus.VOTING_PERIOD);
    if (actor === undefined || proposal === undefined || proposal.proposer === actor.address) return undefined;
    const cancel = message(MsgCancelProposalSchema, { proposalId: proposal.id, proposer: actor.address });
    return { actor, messages: [cancel] };
  }),
];
