import { Query } from "@computronium/proto/computronium/dao/v1/query_pb.js";
import {
  MsgAdmitResourceClassSchema,
  MsgApproveMilestoneSchema,
  MsgCancelGrantSchema,
  MsgCancelBountySchema,
  MsgClaimBountySchema,
  MsgCreateBountySchema,
  MsgCreateGrantSchema,
  MsgEndPauseSchema,
  MsgJudgeBountySchema,
  MsgPauseExecutionSchema,
  MsgRemoveResourceClassSchema,
  MsgReportMilestoneSchema,
  MsgSetBudgetSchema,
  MsgSpendTreasurySchema,
} from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import type { Bounty, Budget, Grant } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { BountyState, ExecutionState, MilestoneState } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { Addresses, moduleAddress } from "../../../core/address.js";
import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import { packed } from "../any.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";
import { FEE } from "../world.js";
import { GOVERNANCE } from "./parameters.js";
import type { Maker } from "./proposals.js";

const PAGE = { limit: 50n };
const TREASURY = new Addresses("cptm").account.encode(moduleAddress("treasury"));
const CATEGORIES = ["operations", "research", "security"];

async function aBudget(world: World, random: SeededRandom): Promise<Budget | undefined> {
  const { budgets } = await world.ask(Query.method.budgets, { pagination: PAGE });
  return budgets.length === 0 ? undefined : random.pick(budgets);
}

async function aGrant(world: World, random: SeededRandom): Promise<Grant | undefined> {
  const { grants } = await world.ask(Query.method.grants, { pagination: PAGE });
  const open = grants.filter((grant) => grant.open);
  return open.length === 0 ? undefined : random.pick(open);
}

async function aBounty(world: World, random: SeededRandom): Promise<Bounty | undefined> {
  const { bounties } = await world.ask(Query.method.bounties, { pagination: PAGE });
  const open = bounties.filter(({ state }) => state === BountyState.OPEN);
  return open.length === 0 ? undefined : random.pick(open);
}

/** Things of the DAO that votes may do; for {@link proposedMessages}. */
export const daoProposals: readonly Maker[] = [
  async (world, random) =>
    packed(MsgSetBudgetSchema, {
      authority: GOVERNANCE,
      category: random.pick(CATEGORIES),
      description: "of the simulator",
      limit: [coin(BigInt(1 + random.below(50_000_000)))],
      periodSeconds: BigInt(random.pick([3_600, 86_400, 604_800])),
      startTime: oneIn(random, 2) ? 0n : world.timeSeconds + BigInt(random.below(10_000)),
      endTime: oneIn(random, 2) ? 0n : world.timeSeconds + 1_000_000n,
      spender: oneIn(random, 4) ? "" : random.pick(world.actors.slice(0, 8)).address,
    }),
  async (world, random) =>
    packed(MsgCreateGrantSchema, {
      sender: GOVERNANCE,
      category: random.pick(CATEGORIES),
      ...grantFields(world, random),
    }),
  async (_, random) =>
    packed(MsgAdmitResourceClassSchema, {
      authority: GOVERNANCE,
      name: `class-${random.below(4)}`,
      description: "of the simulator",
      unit: "hour",
      specUri: "https://example.org/spec",
      specHash: new Uint8Array(32).fill(1),
    }),
  async (_, random) =>
    packed(MsgRemoveResourceClassSchema, { authority: GOVERNANCE, name: `class-${random.below(4)}` }),
];

function grantFields(world: World, random: SeededRandom) {
  return {
    payee: random.pick(world.actors).address,
    reviewer: random.pick(world.actors).address,
    title: `grant ${random.below(100)}`,
    milestones: Array.from({ length: 1 + random.below(3) }, (_, i) => ({
      title: `milestone ${i}`,
      amount: [coin(BigInt(1 + random.below(1_000_000)))],
      deadlineTime: world.timeSeconds + BigInt(random.pick([1_000, 100_000, 2_000_000])),
    })),
  };
}

export const daoOperations: readonly Operation[] = [
  operation("dao/donate", 3, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const amount = [coin(amountUpTo(random, ((await world.spendable(actor.address)) - FEE) / 50n))];
    return { actor, messages: [message(MsgSendSchema, { fromAddress: actor.address, toAddress: TREASURY, amount })] };
  }),
  operation("dao/spend", 4, async (world, random) => {
    const budget = await aBudget(world, random);
    const actor = budget && world.actorAt(budget.spender);
    if (budget === undefined || actor === undefined) return undefined;
    const spend = message(MsgSpendTreasurySchema, {
      sender: actor.address,
      category: budget.category,
      recipient: random.pick(world.actors).address,
      amount: [coin(amountUpTo(random, BigInt(budget.limit[0]!.amount)))],
      purpose: "of the simulator",
    });
    return { actor, messages: [spend] };
  }),
  operation("dao/create-grant", 3, async (world, random) => {
    const budget = await aBudget(world, random);
    const actor = budget && world.actorAt(budget.spender);
    if (budget === undefined || actor === undefined) return undefined;
    const fields = { sender: actor.address, category: budget.category, ...grantFields(world, random) };
    return { actor, messages: [message(MsgCreateGrantSchema, fields)] };
  }),
  operation("dao/report-milestone", 3, async (world, random) => {
    const grant = await aGrant(world, random);
    const actor = grant && world.actorAt(grant.payee);
    if (grant === undefined || actor === undefined) return undefined;
    const milestone = random.below(grant.milestones.length);
    const report = { payee: actor.address, grantId: grant.id, milestone, report: "done" };
    return { actor, messages: [message(MsgReportMilestoneSchema, report)] };
  }),
  operation("dao/approve-milestone", 4, async (world, random) => {
    const grant = await aGrant(world, random);
    const actor = grant && world.actorAt(grant.reviewer);
    if (grant === undefined || actor === undefined) return undefined;
    const open = grant.milestones.findIndex(({ state }) => state === MilestoneState.OPEN);
    const approve = { reviewer: actor.address, grantId: grant.id, milestone: Math.max(0, open) };
    return { actor, messages: [message(MsgApproveMilestoneSchema, approve)] };
  }),
  operation("dao/cancel-grant", 1, async (world, random) => {
    const grant = await aGrant(world, random);
    const budget = await aBudget(world, random);
    const actor = budget && world.actorAt(budget.spender);
    if (grant === undefined || actor === undefined) return undefined;
    const cancel = { sender: actor.address, grantId: grant.id, reason: "of the simulator" };
    return { actor, messages: [message(MsgCancelGrantSchema, cancel)] };
  }),
  operation("dao/create-bounty", 3, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const create = message(MsgCreateBountySchema, {
      funder: actor.address,
      category: "",
      judge: random.pick(world.actors).address,
      title: `bounty ${random.below(100)}`,
      reward: [coin(amountUpTo(random, ((await world.spendable(actor.address)) - FEE) / 50n))],
      expiryTime: world.timeSeconds + BigInt(random.pick([1_000, 100_000, 2_000_000])),
    });
    return { actor, messages: [create] };
  }),
  operation("dao/claim-bounty", 3, async (world, random) => {
    const [bounty, actor] = [await aBounty(world, random), await world.someone(random)];
    if (bounty === undefined || actor === undefined) return undefined;
    const claim = { claimant: actor.address, bountyId: bounty.id, evidence: "here it is" };
    return { actor, messages: [message(MsgClaimBountySchema, claim)] };
  }),
  operation("dao/judge-bounty", 3, async (world, random) => {
    const bounty = await aBounty(world, random);
    const actor = bounty && world.actorAt(bounty.judge);
    if (bounty === undefined || actor === undefined || bounty.claims.length === 0) return undefined;
    const { claimant } = random.pick(bounty.claims);
    const judge = { judge: actor.address, bountyId: bounty.id, claimant, accept: !oneIn(random, 3) };
    return { actor, messages: [message(MsgJudgeBountySchema, judge)] };
  }),
  operation("dao/cancel-bounty", 2, async (world, random) => {
    const bounty = await aBounty(world, random);
    const actor = bounty && world.actorAt(bounty.funder);
    if (bounty === undefined || actor === undefined) return undefined;
    const cancel = { sender: actor.address, bountyId: bounty.id, reason: "of the simulator" };
    return { actor, messages: [message(MsgCancelBountySchema, cancel)] };
  }),
  operation("dao/end-pause", 2, async (world, random) => {
    const { params } = await world.ask(Query.method.params, {});
    const actor = world.actorAt(params?.guardian ?? "");
    const { executions } = await world.ask(Query.method.executions, { state: ExecutionState.PAUSED, pagination: PAGE });
    if (actor === undefined || executions.length === 0) return undefined;
    const { proposalId } = random.pick(executions);
    return { actor, messages: [message(MsgEndPauseSchema, { guardian: actor.address, proposalId })] };
  }),
  operation("dao/pause", 2, async (world, random) => {
    const { params } = await world.ask(Query.method.params, {});
    const actor = world.actorAt(params?.guardian ?? "");
    const { executions } = await world.ask(Query.method.executions, {
      state: ExecutionState.PENDING,
      pagination: PAGE,
    });
    if (actor === undefined || executions.length === 0) return undefined;
    const { proposalId } = random.pick(executions);
    const seconds = BigInt(1 + random.below(5_000));
    const pause = { guardian: actor.address, proposalId, seconds, reason: "of the simulator" };
    return { actor, messages: [message(MsgPauseExecutionSchema, pause)] };
  }),
  attack("dao/spend-of-another", 1, async (world, random) => {
    const [actor, budget] = [await world.someone(random), await aBudget(world, random)];
    // A vote in this very block could make him the spender: only the first eight ever are.
    if (actor === undefined || budget === undefined || actor.index < 8) return undefined;
    const spend = message(MsgSpendTreasurySchema, {
      sender: actor.address,
      category: budget.category,
      recipient: actor.address,
      amount: [coin(1n)],
      purpose: "of the simulator",
    });
    return { actor, messages: [spend] };
  }),
  attack("dao/cancel-bounty-of-another", 1, async (world, random) => {
    const [actor, bounty] = [await world.someone(random), await aBounty(world, random)];
    if (actor === undefined || bounty === undefined || bounty.funder === actor.address) return undefined;
    const cancel = { sender: actor.address, bountyId: bounty.id, reason: "of the simulator" };
    return { actor, messages: [message(MsgCancelBountySchema, cancel)] };
  }),
  attack("dao/end-pause-as-anybody", 1, async (world, random) => {
    const [actor, { executions }] = [
      await world.someone(random),
      await world.ask(Query.method.executions, { state: ExecutionState.PAUSED, pagination: PAGE }),
    ];
    const { params } = await world.ask(Query.method.params, {});
    if (actor === undefined || executions.length === 0 || params?.guardian === actor.address) return undefined;
    const { proposalId } = random.pick(executions);
    return { actor, messages: [message(MsgEndPauseSchema, { guardian: actor.address, proposalId })] };
  }),
  attack("dao/judge-as-anybody", 1, async (world, random) => {
    const [actor, bounty] = [await world.someone(random), await aBounty(world, random)];
    const claimant = bounty?.claims[0]?.claimant;
    if (actor === undefined || bounty === undefined || claimant === undefined || bounty.judge === actor.address) {
      return undefined;
    }
    const judge = { judge: actor.address, bountyId: bounty.id, claimant, accept: true };
    return { actor, messages: [message(MsgJudgeBountySchema, judge)] };
  }),
];
