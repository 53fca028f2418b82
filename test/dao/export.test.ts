// Tier: test. Budget: 10 s. Votes, deposits and looks at the quorum that are under way come along when a chain is exported.
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { ProposalStatus, VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { MsgVoteSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";

import { DaoChain, MILLION, noSend, stakeThree } from "./harness.js";

let chain: DaoChain;

beforeEach(() => {
  chain = new DaoChain();
  stakeThree(chain);
});

const proposal = (id: bigint, one = chain): Proposal | undefined => one.wiring.dao.gov.proposal(one.reader(), id);

describe("An exported chain", () => {
  it("goes on as the first one does: deposits, votes and tallies come along", () => {
    const regular = chain.propose([noSend(chain)]);
    const expedited = chain.propose([noSend(chain)], { expedited: true });
    const waiting = chain.propose([noSend(chain)], { deposit: MILLION });
    chain.vote(0, regular, VoteOption.NO);
    chain.vote(3, regular);
    chain.vote(1, expedited);
    chain.pass(40n);
    chain.vote(1, expedited);
    chain.delegate(3, 1, 3n * MILLION);
    const other = new DaoChain({ from: { appState: chain.export(), time: chain.time, height: chain.height } });
    other.block();
    chain.block();
    for (const one of [chain, other]) {
      expect(one.broken()).toBeUndefined();
      one.delegate(3, 2, 2n * MILLION);
      one.vote(2, expedited, VoteOption.NO);
      one.pass(100n);
      one.block();
    }
    expect(other.export()["gov"]).toEqual(chain.export()["gov"]);
    expect(other.export()["dao"]).toEqual(chain.export()["dao"]);
    expect(proposal(waiting)).toBeUndefined();
    expect(proposal(regular)!.finalTallyResult).toMatchObject({ yesCount: "15000000", noCount: "40000000" });
  });

  it("knows which votes began anew and when quorum is looked at, whatever parameters are since then; votes cost the same", () => {
    const dao = { late_quorum_window: "0.2", late_quorum_extension: "0.5" };
    chain = new DaoChain({ dao });
    for (const [n, tokens] of [60n, 40n].entries()) chain.validator(n, tokens * MILLION);
    chain.block();
    const [anew, first] = [true, false].map((expedited) => chain.propose([noSend(chain)], { expedited }));
    chain.vote(1, anew!, VoteOption.NO);
    chain.pass(41n);
    expect(proposal(anew!)).toMatchObject({ status: ProposalStatus.VOTING_PERIOD, expedited: false });
    // From here on nobody would extend a vote that begins; those that are under way are still looked at.
    const { settings } = chain.wiring.dao;
    settings.set(chain.context(), {
      ...settings.get(chain.reader()),
      lateQuorumExtension: "0",
      lateQuorumWindow: "0.4",
    });
    const last = chain.propose([noSend(chain)]);
    chain.vote(1, anew!, VoteOption.NO);
    settings.set(chain.context(), { ...settings.get(chain.reader()), lateQuorumExtension: "0.5" });

    const other = new DaoChain({ from: { appState: chain.export(), time: chain.time, height: chain.height } });
    const kept = (one: DaoChain) => {
      const { gov, state } = one.wiring.dao;
      const from = one.reader();
      const all = [gov.state.openBallots.keys(from), gov.state.votes.entries(from), gov.state.tallies.entries(from)];
      const watched = [
        state.lateChecks.entries(from),
        state.lateCheckTimes.refs.keys(from),
        state.watches.entries(from),
      ];
      return [...all, ...watched].map((entries) => [...entries]);
    };
    expect(kept(other)).toEqual(kept(chain));
    const gas = [chain, other].map((one) => {
      const { gas: used } = one.must(MsgVoteSchema, {
        proposalId: anew!,
        voter: one.account(0),
        option: VoteOption.YES,
      });
      one.pass(50n);
      one.vote(0, first!);
      const events = [...one.pass(9n), ...one.pass(60n)].map(({ type }) => type.split(".").at(-1));
      expect(one.broken()).toBeUndefined();
      expect(proposal(first!, one)!.status).toBe(ProposalStatus.PASSED);
      expect(proposal(last, one)!.status).toBe(ProposalStatus.REJECTED);
      return [used, events];
    });
    expect(gas[1]).toEqual(gas[0]);
    expect(kept(other)).toEqual(kept(chain));
  });

  it("is refused when what it says of votes cannot be", () => {
    const [expedited, waiting] = [
      chain.propose([noSend(chain)], { expedited: true }),
      chain.propose([noSend(chain)], { deposit: MILLION }),
    ];
    const { dao, ...appState } = chain.export() as Record<string, Record<string, object>>;
    const start = (watches: readonly object[]) => () =>
      new DaoChain({
        from: { appState: { ...appState, dao: { ...dao, watches } } as never, time: chain.time, height: chain.height },
      });
    expect(start([{ proposal_id: String(expedited) }])).not.toThrow();
    expect(start([{ proposal_id: String(expedited), voted_anew: true }])).toThrow(
      /is expedited: no vote on it began anew/,
    );
    expect(start([{ proposal_id: String(waiting) }])).toThrow(/nobody votes on proposal/);
    expect(
      start([{ proposal_id: String(expedited), watch: "QUORUM_WATCH_EARLY", check_time: "2030-01-01T00:00:00Z" }]),
    ).toThrow(/looked at already/);
  });
});
