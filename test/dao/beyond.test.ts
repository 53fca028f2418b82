// Tier: test. Budget: 20 s. What goes beyond the governance of Cosmos chains: timelock and guardian, late quorum, budgets, grants, bounties, the registry.
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { MsgSetSendEnabledSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import {
  QueryBudgetRequestSchema,
  QueryBudgetResponseSchema,
  QueryBountiesRequestSchema,
  QueryBountiesResponseSchema,
  QueryExecutionRequestSchema,
  QueryExecutionResponseSchema,
  QueryGrantsRequestSchema,
  QueryGrantsResponseSchema,
  QueryResourceClassesRequestSchema,
  QueryResourceClassesResponseSchema,
} from "@computronium/proto/computronium/dao/v1/query_pb.js";
import {
  MsgAdmitNetworkAdapterSchema,
  MsgAdmitResourceClassSchema,
  MsgApproveMilestoneSchema,
  MsgCancelExecutionSchema,
  MsgCancelGrantSchema,
  MsgCancelBountySchema,
  MsgClaimBountySchema,
  MsgCloseBudgetSchema,
  MsgCreateBountySchema,
  MsgCreateGrantSchema,
  MsgEndPauseSchema,
  MsgJudgeBountySchema,
  MsgPauseExecutionSchema,
  MsgRemoveResourceClassSchema,
  MsgReportMilestoneSchema,
  MsgSetBudgetSchema,
  MsgSpendTreasurySchema,
  MsgUpdateParamsSchema,
} from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import type { Params } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { BountyState, ExecutionState, MilestoneState } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import { moduleAddress } from "../../core/address.js";
import { DaoChain, DENOM, MILLION, RICHES } from "./harness.js";

const coins = (amount: bigint) => [{ denom: DENOM, amount: String(amount) }];

let chain: DaoChain;

function open(dao: Record<string, unknown> = {}): void {
  chain = new DaoChain({ dao });
  chain.validator(0, 60n * MILLION);
  chain.validator(1, 40n * MILLION);
  chain.block();
}

const status = (id: bigint) => chain.wiring.dao.gov.proposal(chain.reader(), id)!;
const execution = (proposalId: bigint) =>
  chain.query(
    "/computronium.dao.v1.Query/Execution",
    [QueryExecutionRequestSchema, { proposalId }],
    QueryExecutionResponseSchema,
  );

/** Passes a proposal of one message, which is carried out at once. */
function decide<I extends DescMessage>(schema: I, fields: MessageInitShape<I>): bigint {
  const id = chain.propose([[schema, fields]]);
  chain.vote(0, id);
  chain.pass(100n);
  return id;
}

const off = () => ({ authority: chain.authority, sendEnabled: [{ denom: DENOM, enabled: false }] });
const switchOff = () => [MsgSetSendEnabledSchema, off()] as const;
const canSend = () =>
  chain.send(MsgSendSchema, { fromAddress: chain.account(0), toAddress: chain.account(1), amount: coins(1n) }).ok;
const plain = ({ $typeName: _type, ...params }: Params) => params;
const params = () => plain(chain.wiring.dao.settings.get(chain.reader()));

describe("The timelock", () => {
  beforeEach(() => {
    chain = new DaoChain();
    open({ timelock: "0.5", guardian: chain.account(9), max_pause_seconds: "1000" });
  });
  const pause = (proposalId: bigint, seconds: bigint, guardian = chain.account(9)) =>
    chain.send(MsgPauseExecutionSchema, { guardian, proposalId, seconds, reason: "look at it" });

  it("lets what was decided wait; the status is PASSED meanwhile", () => {
    const id = decide(...switchOff());
    expect(status(id).status).toBe(ProposalStatus.PASSED);
    expect(execution(id)).toMatchObject({ execution: { state: ExecutionState.PENDING }, pausable: true });
    expect(canSend()).toBe(true);
    chain.pass(49n);
    expect(canSend()).toBe(true);
    chain.pass(1n);
    expect(canSend()).toBe(false);
    expect(execution(id)).toMatchObject({ execution: { state: ExecutionState.EXECUTED }, pausable: false });
    expect(chain.broken()).toBeUndefined();
  });

  it("says what failed at its end", () => {
    const id = decide(MsgSendSchema, { fromAddress: chain.authority, toAddress: chain.account(1), amount: coins(1n) });
    expect(status(id).status).toBe(ProposalStatus.PASSED);
    const events = chain.pass(50n);
    expect(status(id)).toMatchObject({ status: ProposalStatus.FAILED });
    expect(status(id).failedReason).toContain("insufficient funds");
    expect(execution(id).execution!.state).toBe(ExecutionState.FAILED);
    const reason = events
      .find(({ type }) => type.endsWith("EventExecutionChanged"))!
      .attributes.find(({ key }) => key === "reason");
    expect(reason!.value).toContain("insufficient funds");
  });

  it("is made longer by the guardian, once, for so long and no longer", () => {
    const id = decide(...switchOff());
    expect(pause(id, 1_001n)).toMatchObject({ codespace: "sdk", code: 18 });
    expect(pause(id, 10n, chain.account(8))).toMatchObject({ codespace: "sdk", code: 4 });
    expect(pause(id, 1_000n)).toMatchObject({ ok: true });
    expect(pause(id, 10n)).toMatchObject({ codespace: "dao", code: 9 });
    expect(pause(99n, 10n)).toMatchObject({ codespace: "sdk", code: 38 });
    chain.pass(999n);
    expect(canSend()).toBe(true);
    expect(execution(id).execution).toMatchObject({ state: ExecutionState.PAUSED, pauseReason: "look at it" });
    chain.pass(1n);
    expect(canSend()).toBe(false);
    expect(pause(id, 10n)).toMatchObject({ codespace: "dao", code: 7 });
  });

  it("is what it was when the guardian ends the pause: nothing comes sooner than without it, nor is it paused again", () => {
    const [id, other] = [
      decide(...switchOff()),
      decide(MsgUpdateParamsSchema, { authority: chain.authority, params: params() }),
    ];
    const end = (proposalId: bigint, guardian = chain.account(9)) =>
      chain.send(MsgEndPauseSchema, { guardian, proposalId });
    expect(status(id).status).toBe(ProposalStatus.PASSED);
    const second = decide(...switchOff());
    expect(end(second)).toMatchObject({ codespace: "dao", code: 7 });
    expect(pause(second, 900n)).toMatchObject({ ok: true });
    expect(end(second, chain.account(8))).toMatchObject({ codespace: "sdk", code: 4 });
    expect(end(99n)).toMatchObject({ codespace: "sdk", code: 38 });
    chain.must(MsgSetSendEnabledSchema, {
      ...off(),
      authority: chain.authority,
      sendEnabled: [{ denom: DENOM, enabled: true }],
    });
    chain.pass(20n);
    const ended = end(second);
    expect(ended).toMatchObject({ ok: true });
    expect(JSON.stringify((ended as { events: unknown }).events)).toContain("EventExecutionChanged");
    expect(execution(second)).toMatchObject({
      execution: { state: ExecutionState.PENDING, pauseUsed: true, pauseReason: "look at it" },
      pausable: false,
    });
    expect(end(second)).toMatchObject({ codespace: "dao", code: 7 });
    expect(pause(second, 10n)).toMatchObject({ codespace: "dao", code: 9 });
    chain.pass(29n);
    expect(execution(second).execution!.state).toBe(ExecutionState.PENDING);
    chain.pass(1n);
    expect(canSend()).toBe(false);
    expect(end(second)).toMatchObject({ codespace: "dao", code: 7 });
    expect(execution(other).execution!.state).toBe(ExecutionState.EXECUTED);
  });

  it("is over at once when the guardian ends a pause that had made it longer; exports know when it would have been", () => {
    const id = decide(...switchOff());
    expect(pause(id, 900n)).toMatchObject({ ok: true });
    const from = { appState: chain.export(), time: chain.time, height: chain.height };
    for (const one of [new DaoChain({ from }), chain]) {
      chain = one;
      chain.pass(200n);
      expect(canSend()).toBe(true);
      chain.must(MsgEndPauseSchema, { guardian: chain.account(9), proposalId: id });
      expect(canSend()).toBe(true);
      chain.block();
      expect(canSend()).toBe(false);
    }
    const { dao, ...others } = from.appState as Record<string, { executions?: readonly object[] }>;
    const executions = dao!.executions!.map((each) => ({ ...each, unpaused_due_time: "2200-01-01T00:00:00Z" }));
    expect(
      () => new DaoChain({ from: { ...from, appState: { ...others, dao: { ...dao, executions } } as never } }),
    ).toThrow(/unpaused_due_time/);
  });

  it("is never made longer for a vote about the guardian itself, though it hide in other messages", () => {
    const change = { authority: chain.authority, params: { ...params(), guardian: "" } };
    const id = decide(MsgUpdateParamsSchema, change);
    expect(pause(id, 10n)).toMatchObject({ codespace: "dao", code: 9 });
    const other = chain.propose([switchOff(), [MsgUpdateParamsSchema, change]]);
    const harmless = chain.propose([[MsgUpdateParamsSchema, { authority: chain.authority, params: params() }]]);
    for (const each of [other, harmless]) chain.vote(0, each);
    chain.pass(50n);
    expect(params().guardian).toBe("");
    expect(pause(other, 10n)).toMatchObject({ codespace: "sdk", code: 4 });
  });

  it("ends before its time when another vote cancels what waits", () => {
    const id = chain.propose([switchOff()]);
    const cancel = chain.propose([[MsgCancelExecutionSchema, { authority: chain.authority, proposalId: id }]], {
      expedited: true,
    });
    for (const n of [0, 1]) chain.vote(n, cancel);
    chain.vote(0, id);
    chain.pass(40n);
    chain.pass(20n);
    // The cancelling one is due at 60, when nothing waits yet: it fails.
    expect(status(cancel).status).toBe(ProposalStatus.FAILED);
    chain.pass(40n);
    expect(execution(id).execution!.state).toBe(ExecutionState.PENDING);
    const second = chain.propose([[MsgCancelExecutionSchema, { authority: chain.authority, proposalId: id }]], {
      expedited: true,
    });
    for (const n of [0, 1]) chain.vote(n, second);
    expect(pause(id, 500n)).toMatchObject({ ok: true });
    chain.pass(40n);
    chain.pass(20n);
    expect(status(second).status).toBe(ProposalStatus.PASSED);
    expect(execution(id).execution!.state).toBe(ExecutionState.CANCELLED);
    chain.pass(1_000n);
    expect(canSend()).toBe(true);
    expect(chain.send(MsgCancelExecutionSchema, { authority: chain.account(0), proposalId: id })).toMatchObject({
      code: 13,
    });
  });

  it("and votes, watches, grants and all go on after an export", () => {
    decide(MsgSetBudgetSchema, {
      authority: chain.authority,
      category: "core",
      limit: coins(MILLION),
      periodSeconds: 3_600n,
    });
    chain.propose([switchOff()]);
    const other = new DaoChain({ from: { appState: chain.export(), time: chain.time, height: chain.height } });
    for (const one of [chain, other]) {
      one.vote(0, 2n);
      one.pass(100n);
      one.pass(50n);
    }
    // The begin of a block, which mints, ran twice in the copy: other parts are compared by the simulator.
    for (const part of ["gov", "dao"]) expect(other.export()[part]).toEqual(chain.export()[part]);
    expect(other.wiring.dao.treasury.budget(other.reader(), "core")).toBeDefined();
  });
});

describe("A vote whose quorum comes late", () => {
  it("goes on for a while, once", () => {
    open({ late_quorum_window: "0.1", late_quorum_extension: "0.25" });
    const [late, early] = [chain.propose([switchOff()]), chain.propose([switchOff()])];
    chain.vote(0, early);
    chain.block(95n);
    chain.block(0n);
    chain.vote(0, late);
    const events = chain.pass(5n);
    expect(events.some(({ type }) => type.endsWith("EventVotingExtended"))).toBe(true);
    expect(status(early).status).toBe(ProposalStatus.PASSED);
    expect(status(late).status).toBe(ProposalStatus.VOTING_PERIOD);
    chain.pass(24n);
    expect(status(late).status).toBe(ProposalStatus.VOTING_PERIOD);
    chain.pass(1n);
    expect(status(late).status).toBe(ProposalStatus.PASSED);
    expect(chain.broken()).toBeUndefined();
    expect([...chain.wiring.dao.state.watches.entries(chain.reader())]).toEqual([]);
  });
});

describe("The treasury", () => {
  const treasury = () => chain.wiring.addresses.account.encode(moduleAddress("treasury"));
  const budget = () =>
    chain.query(
      "/computronium.dao.v1.Query/Budget",
      [QueryBudgetRequestSchema, { category: "core" }],
      QueryBudgetResponseSchema,
    );
  const spend = (sender: number, amount: bigint, category = "core") =>
    chain.send(MsgSpendTreasurySchema, {
      sender: chain.account(sender),
      category,
      recipient: chain.account(7),
      amount: coins(amount),
      purpose: "work",
    });

  beforeEach(() => {
    open();
    chain.must(MsgSendSchema, { fromAddress: chain.account(8), toAddress: treasury(), amount: coins(100n * MILLION) });
    decide(MsgSetBudgetSchema, {
      authority: chain.authority,
      category: "core",
      description: "the people who build it",
      limit: coins(10n * MILLION),
      periodSeconds: 10_000n,
      spender: chain.account(6),
    });
  });

  it("is spent through budgets, within the limit of each period", () => {
    expect(spend(5, 1n)).toMatchObject({ codespace: "sdk", code: 4 });
    expect(spend(6, 1n, "other")).toMatchObject({ codespace: "sdk", code: 38 });
    expect(spend(6, 4n * MILLION)).toMatchObject({ ok: true });
    expect(spend(6, 6n * MILLION + 1n)).toMatchObject({ codespace: "dao", code: 5 });
    expect(budget()).toMatchObject({ left: coins(6n * MILLION), budget: { totalSpent: coins(4n * MILLION) } });
    expect(spend(6, 6n * MILLION)).toMatchObject({ ok: true });
    expect(budget().left).toEqual([]);
    chain.block(10_000n);
    expect(spend(6, 10n * MILLION)).toMatchObject({ ok: true });
    expect(chain.balance(chain.account(7))).toBe(RICHES + 20n * MILLION);
    // A change of the terms forgets nothing of this period.
    decide(MsgSetBudgetSchema, {
      authority: chain.authority,
      category: "core",
      limit: coins(11n * MILLION),
      periodSeconds: 20_000n,
    });
    expect(budget()).toMatchObject({ left: coins(MILLION), budget: { totalSpent: coins(20n * MILLION) } });
    decide(MsgCloseBudgetSchema, { authority: chain.authority, category: "core" });
    expect(spend(6, 1n)).toMatchObject({ code: 38 });
  });

  it("pays grants by milestones; what is late or cancelled goes back", () => {
    const now = chain.time;
    const milestone = (title: string, amount: bigint, deadlineTime: bigint) => ({
      title,
      amount: coins(amount),
      deadlineTime,
    });
    const grant = {
      sender: chain.account(6),
      category: "core",
      payee: chain.account(7),
      reviewer: chain.account(5),
      title: "a wallet",
      milestones: [
        milestone("one", MILLION, now + 100n),
        milestone("two", 2n * MILLION, now + 200n),
        milestone("three", 3n * MILLION, now + 300n),
      ],
    };
    expect(chain.send(MsgCreateGrantSchema, { ...grant, reviewer: grant.payee })).toMatchObject({ code: 18 });
    expect(chain.send(MsgCreateGrantSchema, { ...grant, milestones: [] })).toMatchObject({ code: 18 });
    chain.must(MsgCreateGrantSchema, grant);
    expect(budget().left).toMatchObject(coins(4n * MILLION));
    expect(chain.balance(treasury())).toBe(94n * MILLION);
    const report = { payee: chain.account(7), grantId: 1n, milestone: 0, report: "done" };
    expect(chain.send(MsgReportMilestoneSchema, { ...report, payee: chain.account(6) })).toMatchObject({ code: 4 });
    chain.must(MsgReportMilestoneSchema, report);
    const approve = (milestone: number, reviewer = 5) =>
      chain.send(MsgApproveMilestoneSchema, { reviewer: chain.account(reviewer), grantId: 1n, milestone });
    expect(approve(0, 7)).toMatchObject({ code: 4 });
    expect(approve(0)).toMatchObject({ ok: true });
    expect(approve(0)).toMatchObject({ codespace: "dao", code: 7 });
    expect(approve(9)).toMatchObject({ codespace: "sdk", code: 18 });
    expect(chain.balance(chain.account(7))).toBe(RICHES + MILLION);
    chain.block(201n);
    expect(approve(1)).toMatchObject({ codespace: "dao", code: 8 });
    chain.block();
    expect(chain.balance(treasury())).toBe(96n * MILLION);
    const list = () =>
      chain.query(
        "/computronium.dao.v1.Query/Grants",
        [QueryGrantsRequestSchema, { payee: chain.account(7), onlyOpen: true }],
        QueryGrantsResponseSchema,
      ).grants;
    expect(list()[0]!.milestones.map(({ state }) => state)).toEqual([
      MilestoneState.PAID,
      MilestoneState.EXPIRED,
      MilestoneState.OPEN,
    ]);
    const cancel = (sender: number) =>
      chain.send(MsgCancelGrantSchema, { sender: chain.account(sender), grantId: 1n, reason: "" });
    expect(cancel(6)).toMatchObject({ code: 4 });
    expect(cancel(5)).toMatchObject({ ok: true });
    expect(cancel(5)).toMatchObject({ codespace: "dao", code: 7 });
    expect(chain.balance(treasury())).toBe(99n * MILLION);
    expect(list()).toEqual([]);
    expect(chain.broken()).toBeUndefined();
  });

  it("and anybody funds bounties, which a judge pays, or which go back", () => {
    const now = chain.time;
    const bounty = {
      funder: chain.account(6),
      category: "core",
      judge: chain.account(5),
      title: "find the fault",
      reward: coins(5n * MILLION),
      expiryTime: now + 100n,
    };
    chain.must(MsgCreateBountySchema, bounty);
    chain.must(MsgCreateBountySchema, { ...bounty, funder: chain.account(4), category: "" });
    chain.must(MsgCreateBountySchema, { ...bounty, funder: chain.account(4), category: "", expiryTime: now + 50n });
    expect(chain.send(MsgCreateBountySchema, { ...bounty, funder: chain.account(4) })).toMatchObject({ code: 4 });
    expect(chain.balance(chain.account(4))).toBe(RICHES - 10n * MILLION);
    const claim = (n: number, bountyId = 1n) =>
      chain.send(MsgClaimBountySchema, { claimant: chain.account(n), bountyId, evidence: "here" });
    const judge = (claimant: number, accept: boolean, bountyId = 1n, by = 5) =>
      chain.send(MsgJudgeBountySchema, {
        judge: chain.account(by),
        bountyId,
        claimant: chain.account(claimant),
        accept,
      });
    expect(claim(5)).toMatchObject({ code: 4 });
    expect(claim(2)).toMatchObject({ ok: true });
    expect(claim(2)).toMatchObject({ codespace: "dao", code: 7 });
    expect(claim(3)).toMatchObject({ ok: true });
    expect(claim(3, 2n)).toMatchObject({ ok: true });
    expect(judge(2, false)).toMatchObject({ ok: true });
    expect(judge(2, true)).toMatchObject({ code: 38 });
    chain.pass(101n);
    // The third had no claims; the first two wait for the judge.
    expect(chain.balance(chain.account(4))).toBe(RICHES - 5n * MILLION);
    expect(claim(9)).toMatchObject({ codespace: "dao", code: 8 });
    expect(judge(3, true, 1n, 4)).toMatchObject({ code: 4 });
    expect(judge(3, true)).toMatchObject({ ok: true });
    expect(chain.balance(chain.account(3))).toBe(RICHES + 5n * MILLION);
    chain.pass(14n * 86_400n);
    expect(chain.balance(chain.account(4))).toBe(RICHES);
    const states = chain
      .query(
        "/computronium.dao.v1.Query/Bounties",
        [QueryBountiesRequestSchema, { judge: chain.account(5) }],
        QueryBountiesResponseSchema,
      )
      .bounties.map(({ state }) => state);
    expect(states).toEqual([BountyState.PAID, BountyState.REFUNDED, BountyState.REFUNDED]);
    expect(chain.broken()).toBeUndefined();
  });

  it("and who funds a bounty takes it back, but not from under a claim that waits for its judge", () => {
    const bounty = (funder: number, category: string) =>
      chain.must(MsgCreateBountySchema, {
        funder: chain.account(funder),
        category,
        judge: chain.account(5),
        title: "find the fault",
        reward: coins(5n * MILLION),
        expiryTime: chain.time + 100n,
      });
    const cancel = (bountyId: bigint, sender: string) =>
      chain.send(MsgCancelBountySchema, { sender, bountyId, reason: "found it myself" });
    const [four, six] = [chain.account(4), chain.account(6)];
    for (const [funder, category] of [
      [4, ""],
      [4, ""],
      [6, "core"],
      [4, ""],
    ] as const)
      bounty(funder, category);
    const held = chain.balance(treasury());

    // Nobody else takes it, not its judge either; governance has no say about money that is not its own.
    for (const sender of [chain.account(5), six, chain.authority]) {
      expect(cancel(1n, sender)).toMatchObject({ codespace: "sdk", code: 4 });
    }
    expect(cancel(9n, four)).toMatchObject({ codespace: "sdk", code: 38 });
    const before = chain.balance(four);
    const { events } = cancel(1n, four) as { events: readonly { type: string }[] };
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["computronium.dao.v1.EventBountySettled", "computronium.dao.v1.EventBountyCancelled"]),
    );
    expect(chain.balance(four)).toBe(before + 5n * MILLION);
    expect(cancel(1n, four)).toMatchObject({ codespace: "dao", code: 7 });
    const claim = (bountyId: bigint) =>
      chain.send(MsgClaimBountySchema, { claimant: chain.account(2), bountyId, evidence: "here" });
    expect(claim(1n)).toMatchObject({ codespace: "dao", code: 7 });

    // What waits for the judge stays; what he rejected stands in nobody's way.
    expect(claim(2n)).toMatchObject({ ok: true });
    expect(cancel(2n, four)).toMatchObject({ codespace: "dao", code: 7 });
    chain.pass(101n);
    expect(cancel(2n, four)).toMatchObject({ codespace: "dao", code: 7 });
    chain.must(MsgJudgeBountySchema, {
      judge: chain.account(5),
      bountyId: 2n,
      claimant: chain.account(2),
      accept: true,
    });
    expect(chain.balance(chain.account(2))).toBe(RICHES + 5n * MILLION);
    expect(cancel(2n, four)).toMatchObject({ codespace: "dao", code: 7 });
    expect(cancel(4n, four)).toMatchObject({ codespace: "dao", code: 7 });
    bounty(4, "");
    expect(claim(5n)).toMatchObject({ ok: true });
    chain.must(MsgJudgeBountySchema, {
      judge: chain.account(5),
      bountyId: 5n,
      claimant: chain.account(2),
      accept: false,
    });
    expect(cancel(5n, four)).toMatchObject({ ok: true });

    // A budget's goes back to the treasury, by who made it or by governance.
    chain.pass(86_400n);
    bounty(6, "core");
    expect(cancel(6n, chain.account(7))).toMatchObject({ codespace: "sdk", code: 4 });
    expect(cancel(6n, chain.authority)).toMatchObject({ ok: true });
    chain.pass(86_400n);
    bounty(6, "core");
    expect(cancel(7n, six)).toMatchObject({ ok: true });
    expect(chain.balance(six)).toBe(RICHES);
    expect(chain.balance(treasury())).toBe(held + 5n * MILLION);
    expect(chain.balance(four)).toBe(RICHES - 5n * MILLION);
    expect(chain.broken()).toBeUndefined();
    const other = new DaoChain({ from: { appState: chain.export(), time: chain.time, height: chain.height } });
    expect(other.export()["dao"]).toEqual(chain.export()["dao"]);
  });
});

describe("The registry", () => {
  it("holds what votes admitted", () => {
    open();
    const authority = chain.authority;
    decide(MsgAdmitResourceClassSchema, { authority, name: "gpu/h100", description: "d", unit: "second" });
    const operator = chain.account(3);
    decide(MsgAdmitNetworkAdapterSchema, { authority, name: "akash", network: "Akash", operator });
    expect(chain.wiring.dao.registry.resourceClass(chain.reader(), "gpu/h100")).toMatchObject({ unit: "second" });
    expect(chain.wiring.dao.registry.networkAdapter(chain.reader(), "akash")).toMatchObject({ operator });
    expect(chain.send(MsgAdmitResourceClassSchema, { authority: operator, name: "x", unit: "s" })).toMatchObject({
      code: 13,
    });
    expect(chain.send(MsgAdmitResourceClassSchema, { authority, name: "NO", unit: "s" })).toMatchObject({ code: 18 });
    decide(MsgRemoveResourceClassSchema, { authority, name: "gpu/h100" });
    const list = chain.query(
      "/computronium.dao.v1.Query/ResourceClasses",
      [QueryResourceClassesRequestSchema, {}],
      QueryResourceClassesResponseSchema,
    );
    expect(list.resourceClasses).toEqual([]);
  });
});

describe("Parameters of the DAO", () => {
  it("stay within bounds, and the guardian is not governance", () => {
    open();
    for (const change of [
      { maxActiveProposals: 4 },
      { maxEndingsPerBlock: 0 },
      { executionGasLimit: 1n },
      { timelock: "2.1" },
      { timelock: "x" },
      { lateQuorumWindow: "0.6" },
      { guardian: "nobody" },
      { guardian: chain.authority },
      { maxPauseSeconds: 0n },
    ]) {
      const message = { authority: chain.authority, params: { ...params(), ...change } };
      expect(chain.send(MsgUpdateParamsSchema, message)).toMatchObject({ codespace: "dao", code: 2 });
    }
  });
});
