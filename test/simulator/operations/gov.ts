import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus, VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { Query } from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import {
  MsgCancelProposalSchema,
  MsgDepositSchema,
  MsgExecLegacyContentSchema,
  MsgSubmitProposalSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@computronium/proto/cosmos/gov/v1/tx_pb.js";

import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import type { Actor } from "../actors.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { oneIn } from "../random.js";
import type { World } from "../world.js";
import { daoProposals } from "./dao.js";
import { GOVERNANCE } from "./parameters.js";
import { proposedMessages } from "./proposals.js";
import { aDelegation, validators } from "./staking.js";

const PAGE = { limit: 50n };
const MIN_DEPOSIT = 1_000_000n;

async function proposals(world: World, proposalStatus: ProposalStatus): Promise<readonly Proposal[]> {
  return (await world.find(Query.method.proposals, { proposalStatus, pagination: PAGE }))?.proposals ?? [];
}

/** Who votes: mostly those who have a say. */
async function aVoter(world: World, random: SeededRandom): Promise<Actor | undefined> {
  const all = await validators(world);
  if (all.length > 0 && oneIn(random, 2)) return world.actorAt(random.pick(all).operatorAddress);
  return oneIn(random, 4) ? world.someone(random) : (await aDelegation(world, random))?.actor;
}

/** Mostly yes, so that something happens. */
const OPTIONS = [
  VoteOption.YES,
  VoteOption.YES,
  VoteOption.YES,
  VoteOption.YES,
  VoteOption.NO,
  VoteOption.ABSTAIN,
  VoteOption.NO_WITH_VETO,
];
const { DEPOSIT_PERIOD, VOTING_PERIOD, PASSED } = ProposalStatus;

export const govOperations: readonly Operation[] = [
  operation("gov/submit", 8, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const submit = message(MsgSubmitProposalSchema, {
      messages: [...(await proposedMessages(world, random, daoProposals))],
      initialDeposit: [
        coin(random.pick([MIN_DEPOSIT / 2n, MIN_DEPOSIT, MIN_DEPOSIT, 5n * MIN_DEPOSIT, 5n * MIN_DEPOSIT])),
      ],
      proposer: actor.address,
      title: `proposal ${random.below(1_000)}`,
      summary: "of the simulator",
      metadata: "of the simulator",
      expedited: oneIn(random, 4),
    });
    return { actor, messages: [submit] };
  }),
  operation("gov/deposit", 3, async (world, random) => {
    const [actor, waiting] = [await world.someone(random), await proposals(world, DEPOSIT_PERIOD)];
    if (actor === undefined || waiting.length === 0) return undefined;
    const { id: proposalId } = random.pick(waiting);
    const amount = [coin(MIN_DEPOSIT / BigInt(random.pick([1, 1, 2, 10])))];
    return { actor, messages: [message(MsgDepositSchema, { proposalId, depositor: actor.address, amount })] };
  }),
  operation("gov/vote", 30, async (world, random) => {
    const [actor, open] = [await aVoter(world, random), await proposals(world, VOTING_PERIOD)];
    if (actor === undefined || open.length === 0) return undefined;
    const { id: proposalId } = random.pick(open);
    const vote = message(MsgVoteSchema, { proposalId, voter: actor.address, option: random.pick(OPTIONS) });
    return { actor, messages: [vote] };
  }),
  operation("gov/vote-weighted", 4, async (world, random) => {
    const [actor, open] = [await aVoter(world, random), await proposals(world, VOTING_PERIOD)];
    if (actor === undefined || open.length === 0) return undefined;
    const { id: proposalId } = random.pick(open);
    const share = 1 + random.below(99);
    const options = [
      { option: VoteOption.YES, weight: `0.${String(share).padStart(2, "0")}` },
      { option: VoteOption.ABSTAIN, weight: `0.${String(100 - share).padStart(2, "0")}` },
    ];
    return { actor, messages: [message(MsgVoteWeightedSchema, { proposalId, voter: actor.address, options })] };
  }),
  operation("gov/cancel", 1, async (world, random) => {
    const open = [...(await proposals(world, VOTING_PERIOD)), ...(await proposals(world, DEPOSIT_PERIOD))];
    if (open.length === 0) return undefined;
    const { id: proposalId, proposer } = random.pick(open);
    const actor = world.actorAt(proposer);
    return actor && { actor, messages: [message(MsgCancelProposalSchema, { proposalId, proposer })] };
  }),
  attack("gov/cancel-of-another", 1, async (world, random) => {
    const [actor, open] = [await world.someone(random), await proposals(world, VOTING_PERIOD)];
    if (actor === undefined || open.length === 0) return undefined;
    const { id: proposalId, proposer } = random.pick(open);
    if (proposer === actor.address) return undefined;
    return { actor, messages: [message(MsgCancelProposalSchema, { proposalId, proposer: actor.address })] };
  }),
  attack("gov/vote-after-the-end", 1, async (world, random) => {
    const [actor, closed] = [await world.someone(random), await proposals(world, PASSED)];
    if (actor === undefined || closed.length === 0) return undefined;
    const { id: proposalId } = random.pick(closed);
    const vote = message(MsgVoteSchema, { proposalId, voter: actor.address, option: VoteOption.NO });
    return { actor, messages: [vote] };
  }),
  attack("gov/exec-content", 1, async (world, random) => {
    const actor = await world.someone(random);
    const authority = oneIn(random, 2) ? GOVERNANCE : (actor?.address ?? "");
    return actor && { actor, messages: [message(MsgExecLegacyContentSchema, { authority })] };
  }),
];
