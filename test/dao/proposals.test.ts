// Tier: test. Budget: 20 s. Governance on the chain as it is wired: deposits, votes with real stake, execution, and what becomes of the rest.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  MsgSendSchema,
  MsgSetSendEnabledSchema,
  MsgUpdateParamsSchema as BankParamsSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import type { Params as GovParams, Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ParamsSchema, ProposalStatus, VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import {
  QueryProposalsRequestSchema,
  QueryProposalsResponseSchema,
  QueryTallyResultRequestSchema,
  QueryTallyResultResponseSchema,
  QueryVotesRequestSchema,
  QueryVotesResponseSchema,
} from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import {
  MsgCancelProposalSchema,
  MsgDepositSchema,
  MsgSubmitProposalSchema,
  MsgUpdateParamsSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { MsgSubmitProposalSchema as LegacySubmitSchema } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";
import { TextProposalSchema } from "@computronium/proto/cosmos/gov/v1beta1/gov_pb.js";
import { ParameterChangeProposalSchema } from "@computronium/proto/cosmos/params/v1beta1/params_pb.js";
import { MsgUndelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { SoftwareUpgradeProposalSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/upgrade_pb.js";
import { MsgSoftwareUpgradeSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";

import {
  MsgUpdateParamsSchema as TransferParamsSchema,
  MsgUpdateParamsResponseSchema as TransferParamsResponseSchema,
} from "@computronium/proto/ibc/applications/transfer/v1/tx_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { ErrLogic } from "../../core/errors.js";
import type { AppModule } from "../../core/runtime/module.js";
import { packAny } from "../../core/codec/registry.js";
import { DaoChain, DENOM, MILLION, noSend, RICHES, stakeThree } from "./harness.js";

const coins = (amount: bigint) => [{ denom: DENOM, amount: String(amount) }];

let chain: DaoChain;

beforeEach(() => {
  chain = new DaoChain();
  stakeThree(chain);
});

const proposal = (id: bigint): Proposal | undefined => chain.wiring.dao.gov.proposal(chain.reader(), id);
const tally = (proposalId: bigint) =>
  chain.query(
    "/cosmos.gov.v1.Query/TallyResult",
    [QueryTallyResultRequestSchema, { proposalId }],
    QueryTallyResultResponseSchema,
  ).tally!;
/** Fields of a message, for another one with some of them changed. */
const plain = ({ $typeName: _type, ...params }: GovParams) => params;
function otherIsOff(): boolean {
  const outcome = chain.send(MsgSendSchema, {
    fromAddress: chain.account(0),
    toAddress: chain.account(1),
    amount: [{ denom: "other", amount: "1" }],
  });
  return !outcome.ok && outcome.message.includes("transfers are currently disabled");
}

describe("A proposal", () => {
  it("is carried out once it has passed, and its deposit goes back", () => {
    const id = chain.propose([noSend(chain)]);
    expect(proposal(id)).toMatchObject({ status: ProposalStatus.VOTING_PERIOD, title: "a title" });
    expect(chain.balance(chain.authority)).toBe(10n * MILLION);
    chain.vote(0, id);
    expect(otherIsOff()).toBe(false);
    const events = chain.pass(100n);
    expect(proposal(id)).toMatchObject({
      status: ProposalStatus.PASSED,
      finalTallyResult: { yesCount: "50000000", noCount: "0", abstainCount: "0", noWithVetoCount: "0" },
    });
    expect(otherIsOff()).toBe(true);
    expect(chain.balance(chain.authority)).toBe(0n);
    expect(chain.balance(chain.account(0))).toBe(RICHES - 40n * MILLION);
    expect(events.find(({ type }) => type === "active_proposal")?.attributes).toEqual([
      { key: "proposal_id", value: "1" },
      { key: "proposal_result", value: "proposal_passed" },
      { key: "proposal_log", value: "passed" },
    ]);
    expect(chain.broken()).toBeUndefined();
  });

  it("waits for its deposit, starts with it, and is dropped without it, the money given back", () => {
    const id = chain.propose([noSend(chain)], { deposit: MILLION, proposer: 5 });
    expect(proposal(id)!.status).toBe(ProposalStatus.DEPOSIT_PERIOD);
    const dropped = chain.propose([noSend(chain)], { deposit: MILLION, proposer: 5 });
    const { events } = chain.must(MsgDepositSchema, {
      proposalId: id,
      depositor: chain.account(6),
      amount: coins(9n * MILLION),
    });
    expect(events.map(({ type }) => type)).toEqual([
      "coin_spent",
      "coin_received",
      "transfer",
      "message",
      "proposal_deposit",
      "proposal_deposit",
    ]);
    expect(proposal(id)!.status).toBe(ProposalStatus.VOTING_PERIOD);
    const ended = chain.pass(100n);
    expect(ended.filter(({ type }) => type === "inactive_proposal")).toHaveLength(1);
    expect(proposal(dropped)).toBeUndefined();
    expect(proposal(id)!.status).toBe(ProposalStatus.REJECTED);
    expect(chain.balance(chain.account(5))).toBe(RICHES);
    expect(chain.balance(chain.account(6))).toBe(RICHES);
    expect(chain.broken()).toBeUndefined();
  });

  it("loses its deposit to a veto, and keeps it where quorum was missed", () => {
    const [vetoed, missed] = [
      chain.propose([noSend(chain)], { proposer: 5 }),
      chain.propose([noSend(chain)], { proposer: 6 }),
    ];
    chain.vote(0, vetoed, VoteOption.NO_WITH_VETO);
    chain.vote(3, missed, VoteOption.YES);
    chain.pass(100n);
    expect(proposal(vetoed)!.status).toBe(ProposalStatus.REJECTED);
    expect(proposal(missed)).toMatchObject({
      status: ProposalStatus.REJECTED,
      failedReason: "proposal did not get enough votes to pass",
    });
    expect(chain.balance(chain.account(5))).toBe(RICHES - 10n * MILLION);
    expect(chain.balance(chain.account(6))).toBe(RICHES);
    expect(BigInt(chain.wiring.tokenomics.supplyOverview(chain.reader()).burned)).toBe(10n * MILLION);
  });

  it("whose second message fails changes nothing, and says why", () => {
    const broken = [
      MsgSendSchema,
      { fromAddress: chain.authority, toAddress: chain.account(9), amount: coins(RICHES) },
    ] as const;
    const id = chain.propose([noSend(chain), broken]);
    chain.vote(0, id);
    const events = chain.pass(100n);
    expect(proposal(id)).toMatchObject({ status: ProposalStatus.FAILED });
    expect(proposal(id)!.failedReason).toContain("insufficient funds");
    expect(otherIsOff()).toBe(false);
    expect(events.find(({ type }) => type === "active_proposal")?.attributes[2]!.value).toContain(
      "passed, but msg 1 (/cosmos.bank.v1beta1.MsgSend) failed on execution",
    );
    expect(events.some(({ type }) => type === "computronium.dao.v1.EventExecutionChanged")).toBe(true);
  });

  it("cannot spend the deposits of others", () => {
    const mine = chain.propose([
      [MsgSendSchema, { fromAddress: chain.authority, toAddress: chain.account(9), amount: coins(5n * MILLION) }],
    ]);
    chain.vote(0, mine);
    chain.block(50n);
    const other = chain.propose([noSend(chain)], { proposer: 5 });
    chain.pass(50n);
    expect(proposal(mine)!.failedReason).toContain("the account of governance holds");
    expect(proposal(other)!.status).toBe(ProposalStatus.VOTING_PERIOD);
    chain.pass(100n);
    expect(chain.balance(chain.account(5))).toBe(RICHES);
  });

  it("has a bound on the gas of what it carries out", () => {
    chain = new DaoChain({ dao: { execution_gas_limit: "1000000" } });
    stakeThree(chain);
    const many = Array.from({ length: 2_000 }, (_, i) => ({ denom: `denom${i}`, enabled: false }));
    const id = chain.propose([[MsgSetSendEnabledSchema, { authority: chain.authority, sendEnabled: many }]]);
    chain.vote(0, id);
    chain.pass(100n);
    expect(proposal(id)!.failedReason).toContain("out of gas");
    expect(chain.broken()).toBeUndefined();
  });

  it("can be taken back by its proposer alone, for half of the deposit, which is burned", () => {
    const id = chain.propose([noSend(chain)], { proposer: 5 });
    chain.vote(0, id);
    const cancel = (n: number) => chain.send(MsgCancelProposalSchema, { proposalId: id, proposer: chain.account(n) });
    expect(cancel(6)).toMatchObject({ codespace: "gov", code: 18 });
    expect(cancel(5)).toMatchObject({ ok: true, response: { proposalId: id } });
    expect(cancel(5)).toMatchObject({ codespace: "gov", code: 2 });
    expect(chain.balance(chain.account(5))).toBe(RICHES - 5n * MILLION);
    chain.block();
    expect([...chain.wiring.dao.gov.state.votes.entries(chain.reader())]).toEqual([]);
    expect(chain.broken()).toBeUndefined();
  });

  it("that is expedited needs two thirds in a short time, and becomes a regular one that is voted on anew without them", () => {
    const id = chain.propose([noSend(chain)], { expedited: true });
    chain.vote(0, id);
    chain.vote(1, id, VoteOption.NO);
    const events = chain.pass(40n);
    expect(events.find(({ type }) => type === "active_proposal")?.attributes[1]!.value).toBe(
      "expedited_proposal_rejected",
    );
    expect(proposal(id)).toMatchObject({ status: ProposalStatus.VOTING_PERIOD, expedited: false });
    expect(tally(id).yesCount).toBe("0");
    expect(chain.balance(chain.authority)).toBe(50n * MILLION);
    chain.vote(0, id);
    chain.vote(1, id, VoteOption.NO);
    chain.pass(60n);
    expect(proposal(id)!.status).toBe(ProposalStatus.PASSED);

    const quick = chain.propose([noSend(chain, true)], { expedited: true });
    for (const n of [0, 1]) chain.vote(n, quick);
    chain.pass(40n);
    expect(proposal(quick)!.status).toBe(ProposalStatus.PASSED);
    expect(otherIsOff()).toBe(false);
    expect(chain.broken()).toBeUndefined();
  });

  it("may hold old content where that still means something", () => {
    const submit = (content: ReturnType<typeof packAny>) =>
      chain.send(LegacySubmitSchema, { content, initialDeposit: coins(10n * MILLION), proposer: chain.account(0) });
    const texts = { title: "t", description: "d" };
    expect(submit(packAny(TextProposalSchema, create(TextProposalSchema, texts)))).toMatchObject({ ok: true });
    const plan = { name: "v2", height: 1000n, info: "" };
    const upgrade = create(SoftwareUpgradeProposalSchema, { ...texts, plan });
    expect(submit(packAny(SoftwareUpgradeProposalSchema, upgrade))).toMatchObject({ ok: true });
    const change = create(ParameterChangeProposalSchema, {
      ...texts,
      changes: [{ subspace: "s", key: "k", value: "1" }],
    });
    expect(submit(packAny(ParameterChangeProposalSchema, change))).toMatchObject({ codespace: "gov", code: 9 });
    for (const id of [1n, 2n]) chain.vote(0, id);
    chain.pass(100n);
    expect(proposal(1n)!.status).toBe(ProposalStatus.PASSED);
    expect(proposal(2n)).toMatchObject({ status: ProposalStatus.PASSED });
    expect(chain.wiring.upgrades.plan(chain.reader())).toMatchObject({ name: "v2", height: 1000n });
  });

  it("plans an upgrade of the software", () => {
    const id = chain.propose([
      [MsgSoftwareUpgradeSchema, { authority: chain.authority, plan: { name: "v3", height: 5_000n, info: "x" } }],
    ]);
    chain.vote(0, id);
    chain.pass(100n);
    expect(chain.wiring.upgrades.plan(chain.reader())).toMatchObject({ name: "v3", height: 5_000n });
  });
});

describe("A message of a proposal", () => {
  /** A module whose one message throws what the test says. */
  const throwing = (thrown: Error): AppModule => ({
    name: "throwing",
    schemas: [],
    msgRoutes: [
      {
        typeUrl: `/${TransferParamsSchema.typeName}`,
        input: TransferParamsSchema,
        output: TransferParamsResponseSchema,
        check: () => undefined,
        execute: () => {
          throw thrown;
        },
      },
    ],
  });
  const propose = (thrown: Error): bigint => {
    chain = new DaoChain({ more: [throwing(thrown)] });
    stakeThree(chain);
    const id = chain.propose([noSend(chain), [TransferParamsSchema, { signer: chain.authority, params: {} }]]);
    chain.vote(0, id);
    return id;
  };

  it("that fails with a registered error is contained", () => {
    const id = propose(ErrLogic.with("it cannot be"));
    chain.pass(100n);
    expect(proposal(id)).toMatchObject({
      status: ProposalStatus.FAILED,
      failedReason: "it cannot be: internal logic error",
    });
    expect(otherIsOff()).toBe(false);
  });

  it("that fails with a fault of the engine stops the node before Commit", () => {
    propose(new RangeError("Maximum call stack size exceeded"));
    expect(() => chain.pass(100n)).toThrow(RangeError);
  });
});

describe("Submitting refuses", () => {
  const submit = (fields: object) =>
    chain.send(MsgSubmitProposalSchema, {
      messages: [],
      initialDeposit: coins(10n * MILLION),
      proposer: chain.account(0),
      title: "t",
      summary: "s",
      metadata: "m",
      ...fields,
    });
  const sendAny = (fields: MessageInitShape<typeof MsgSendSchema>) =>
    packAny(MsgSendSchema, create(MsgSendSchema, fields));

  it.each<[string, object, string, number]>([
    ["no title", { title: "" }, "sdk", 18],
    ["no summary", { summary: "" }, "sdk", 18],
    ["neither messages nor metadata", { metadata: "" }, "gov", 11],
    ["long metadata", { metadata: "m".repeat(256) }, "gov", 15],
    ["a long title", { title: "é".repeat(128) }, "gov", 15],
    ["a long summary", { summary: "s".repeat(10_201) }, "gov", 22],
    ["metadata that says something else", { metadata: '{"title":"other","summary":"s"}' }, "gov", 5],
    ["coins that are none", { initialDeposit: [{ denom: DENOM, amount: "-1" }] }, "sdk", 10],
    ["a small deposit", { initialDeposit: coins(1n) }, "gov", 16],
    ["no deposit", { initialDeposit: [] }, "gov", 16],
    ["a bad address", { proposer: "cptm1nobody" }, "sdk", 7],
  ])("%s", (_what, fields, codespace, code) => {
    expect(submit(fields)).toMatchObject({ ok: false, codespace, code });
  });

  it("deposits in other denoms, unknown messages and other signers", () => {
    const other = [...coins(10n * MILLION), { denom: "zzz", amount: "1" }];
    expect(submit({ initialDeposit: other })).toMatchObject({ codespace: "gov", code: 23 });
    const send = sendAny({ fromAddress: chain.account(1), toAddress: chain.account(2), amount: coins(1n) });
    expect(submit({ messages: [send] })).toMatchObject({ codespace: "gov", code: 13 });
    const bad = sendAny({ fromAddress: chain.authority, toAddress: "x", amount: coins(1n) });
    expect(submit({ messages: [bad] })).toMatchObject({ codespace: "gov", code: 12 });
    const unknown = { typeUrl: "/cosmos.crisis.v1beta1.MsgVerifyInvariant", value: new Uint8Array(0) };
    expect(submit({ messages: [unknown] })).toMatchObject({ ok: false });
    const metadata = '{"Title":"t","SUMMARY":"s","authors":["me"]}';
    expect(submit({ metadata })).toMatchObject({ ok: true });
    expect(submit({ metadata: '{"title":7}' })).toMatchObject({ ok: true });
  });
});

describe("Votes", () => {
  it("of validators count for those who did not vote, and follow delegations as they change", () => {
    const id = chain.propose([noSend(chain)]);
    chain.vote(0, id, VoteOption.NO);
    expect(tally(id)).toMatchObject({ yesCount: "0", noCount: "50000000" });
    chain.split(3, id, [
      [VoteOption.YES, "0.7"],
      [VoteOption.ABSTAIN, "0.3"],
    ]);
    expect(tally(id)).toMatchObject({ yesCount: "7000000", abstainCount: "3000000", noCount: "40000000" });
    chain.delegate(3, 1, 10n * MILLION);
    chain.delegate(4, 0, 5n * MILLION);
    expect(tally(id)).toMatchObject({ yesCount: "14000000", abstainCount: "6000000", noCount: "45000000" });
    chain.must(MsgUndelegateSchema, {
      delegatorAddress: chain.account(3),
      validatorAddress: chain.operator(0),
      amount: { denom: DENOM, amount: String(10n * MILLION) },
    });
    expect(tally(id)).toMatchObject({ yesCount: "7000000", abstainCount: "3000000", noCount: "45000000" });
    chain.vote(3, id, VoteOption.NO_WITH_VETO);
    expect(tally(id)).toMatchObject({ yesCount: "0", noWithVetoCount: "10000000" });
    expect(chain.broken()).toBeUndefined();
    chain.pass(100n);
    expect(proposal(id)!.finalTallyResult).toMatchObject({ noWithVetoCount: "10000000", noCount: "45000000" });
    expect(chain.broken()).toBeUndefined();
  });

  it("are refused when they are none, or nobody votes on the proposal", () => {
    const id = chain.propose([noSend(chain)]);
    const vote = (fields: object) =>
      chain.send(MsgVoteSchema, { proposalId: id, voter: chain.account(1), option: VoteOption.YES, ...fields });
    expect(vote({ option: 0 })).toMatchObject({ codespace: "gov", code: 7 });
    expect(vote({ option: 9 as never })).toMatchObject({
      codespace: "gov",
      code: 7,
      message: "9: invalid vote option",
    });
    expect(vote({ proposalId: 99n })).toMatchObject({ codespace: "gov", code: 3, message: "99: inactive proposal" });
    expect(vote({ metadata: "m".repeat(256) })).toMatchObject({ codespace: "gov", code: 15 });
    const split = (...options: [VoteOption, string][]) =>
      chain.send(MsgVoteWeightedSchema, {
        proposalId: id,
        voter: chain.account(1),
        options: options.map(([option, weight]) => ({ option, weight })),
      });
    for (const weights of [["0.5"], ["0.5", "0.6"], ["1", "0"], ["-1", "2"], ["x", "1"]]) {
      const options = weights.map((weight, i): [VoteOption, string] => [i + 1, weight]);
      expect(split(...options)).toMatchObject({ codespace: "gov", code: 7 });
    }
    expect(split([VoteOption.YES, "0.5"], [VoteOption.YES, "0.5"])).toMatchObject({ codespace: "gov", code: 7 });
    expect(split()).toMatchObject({ codespace: "sdk", code: 18 });
  });

  it("and proposals are bounded in number", () => {
    chain = new DaoChain({ dao: { max_active_proposals: 5, max_votes_per_voter: 5 } });
    stakeThree(chain);
    const ids = Array.from({ length: 5 }, () => chain.propose([noSend(chain)]));
    const sixth = chain.propose([noSend(chain)], { deposit: MILLION });
    const rest = { proposalId: sixth, depositor: chain.account(0), amount: coins(9n * MILLION) };
    expect(chain.send(MsgDepositSchema, rest)).toMatchObject({ codespace: "dao", code: 3 });
    ids.push(chain.propose([noSend(chain)], { expedited: true }));
    for (const id of ids.slice(0, 5)) chain.vote(1, id);
    const vote = { proposalId: ids[5]!, voter: chain.account(1), option: VoteOption.YES };
    expect(chain.send(MsgVoteSchema, vote)).toMatchObject({ codespace: "dao", code: 4 });
    chain.vote(1, ids[0]!, VoteOption.NO);
  });
});

describe("Lists", () => {
  it("of proposals are by status, voter and depositor, and votes are there while they count", () => {
    const ids = Array.from({ length: 4 }, (_, i) => chain.propose([noSend(chain)], { proposer: 5 + (i % 2) }));
    chain.vote(0, ids[0]!);
    chain.vote(0, ids[3]!);
    const list = (fields: object) =>
      chain
        .query("/cosmos.gov.v1.Query/Proposals", [QueryProposalsRequestSchema, fields], QueryProposalsResponseSchema)
        .proposals.map(({ id }) => id);
    expect(list({})).toEqual([1n, 2n, 3n, 4n]);
    expect(list({ voter: chain.account(0) })).toEqual([1n, 4n]);
    expect(list({ depositor: chain.account(6) })).toEqual([2n, 4n]);
    expect(list({ voter: chain.account(0), depositor: chain.account(6), proposalStatus: 2 })).toEqual([4n]);
    expect(list({ proposalStatus: 3 })).toEqual([]);
    expect(list({ pagination: { limit: 2n, reverse: true } })).toEqual([4n, 3n]);
    const votes = () =>
      chain.query("/cosmos.gov.v1.Query/Votes", [QueryVotesRequestSchema, { proposalId: 1n }], QueryVotesResponseSchema)
        .votes;
    expect(votes()).toMatchObject([
      { voter: chain.account(0), options: [{ option: 1, weight: "1.000000000000000000" }] },
    ]);
    chain.pass(100n);
    expect(votes()).toEqual([]);
    expect(list({ proposalStatus: 3 })).toEqual([1n, 4n]);
    expect(list({ voter: chain.account(0) })).toEqual([]);
  });
});

describe("Parameters", () => {
  it("are set by a vote, within bounds in which the next vote can pass", () => {
    const params = plain(chain.wiring.dao.gov.params(chain.reader()));
    const set = (change: object) =>
      chain.propose([
        [MsgUpdateParamsSchema, { authority: chain.authority, params: create(ParamsSchema, { ...params, ...change }) }],
      ]);
    const good = set({ quorum: "0.4", votingPeriod: { seconds: 200n, nanos: 0 } });
    chain.vote(0, good);
    chain.pass(100n);
    expect(chain.wiring.dao.gov.params(chain.reader())).toMatchObject({
      quorum: "0.4",
      votingPeriod: { seconds: 200n },
    });
    for (const change of [
      { quorum: "0.9" },
      { threshold: "1" },
      { expeditedThreshold: "0.4" },
      { vetoThreshold: "0" },
      { minDeposit: [] },
      { votingPeriod: { seconds: 0n, nanos: 0 } },
      { votingPeriod: { seconds: 1n << 40n, nanos: 0 } },
      { expeditedVotingPeriod: { seconds: 300n, nanos: 0 } },
      { minDepositRatio: "2" },
      { proposalCancelDest: "nobody" },
    ]) {
      expect(() => set(change)).toThrow("gov 12");
    }
    const costly = set({
      minDeposit: coins(2n * RICHES),
      expeditedMinDeposit: coins(3n * RICHES),
    });
    chain.vote(0, costly);
    chain.pass(200n);
    expect(proposal(costly)!.failedReason).toContain("more than a tenth of the supply");
  });

  it("of the bank change by a proposal, too", () => {
    const id = chain.propose([
      [BankParamsSchema, { authority: chain.authority, params: { defaultSendEnabled: false } }],
    ]);
    chain.vote(0, id);
    chain.pass(100n);
    expect(chain.wiring.bank.params(chain.reader()).defaultSendEnabled).toBe(false);
  });
});

describe("Bounded slices", () => {
  it("end proposals, give back deposits and clear votes over several blocks, with the same result", () => {
    chain = new DaoChain({ dao: { max_endings_per_block: 1, max_settlements_per_block: 10 }, accounts: 60 });
    stakeThree(chain);
    const ids = [1, 2, 3].map(() => chain.propose([noSend(chain)]));
    for (let n = 10; n < 55; n++) {
      chain.delegate(n, 1, 1_000n);
      chain.vote(n, ids[0]!);
      chain.must(MsgDepositSchema, { proposalId: ids[0]!, depositor: chain.account(n), amount: coins(100_000n) });
    }
    chain.block(100n);
    for (let i = 0; i < 20; i++) {
      chain.block(1n);
      expect(chain.broken()).toBeUndefined();
      if (i === 0) expect(ids.map((id) => proposal(id)!.status)).toEqual([4, 2, 2]);
    }
    expect(ids.map((id) => proposal(id)!.status)).toEqual([4, 4, 4]);
    for (let n = 10; n < 55; n++) expect(chain.balance(chain.account(n))).toBe(RICHES - 1_000n);
    const { state } = chain.wiring.dao.gov;
    for (const left of [state.votes.map, state.tallies, state.checkpoints, state.deposits.map, state.settlements]) {
      expect([...left.keys(chain.reader())]).toEqual([]);
    }
  });
});
