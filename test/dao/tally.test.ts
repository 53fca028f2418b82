// Tier: test. Budget: 40 s. Tallies of the wired chain beside the SDK's loop, under random votes, delegations, redelegations, slashes and jails.
import { expect, it } from "@jest/globals";
import {
  MsgBeginRedelegateSchema,
  MsgDelegateSchema,
  MsgUndelegateSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import fc from "fast-check";

import type { AccAddress, ValAddress } from "../../core/address.js";
import { decFromRaw, DEC_ONE } from "../../core/math/dec.js";
import type { Ballot } from "../../modules/dao/gov/sdk-tally.test-support.js";
import { sdkTally } from "../../modules/dao/gov/sdk-tally.test-support.js";
import { DaoChain, DENOM } from "./harness.js";

const VALIDATORS = 3;
const ACCOUNTS = 7;
const UNIT = 1_000_000n;

const account = fc.nat({ max: ACCOUNTS - 1 });
const validator = fc.nat({ max: VALIDATORS - 1 });
const tokens = fc.bigInt(1n, 20n * UNIT);
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("vote" as const),
      account,
      second: fc.boolean(),
      option: fc.integer({ min: 1, max: 3 }),
      percent: fc.integer({ min: 1, max: 100 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delegate" as const), account, validator, tokens }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("undelegate" as const), account, validator, tokens }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("redelegate" as const), account, validator, to: validator, tokens }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("slash" as const), validator, percent: fc.bigInt(1n, 60n) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("jail" as const), validator }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("block" as const) }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Carries out the operation, if the chain takes it. */
function carryOut(chain: DaoChain, step: Operation, votes: readonly Map<AccAddress, Ballot>[]): void {
  const { staking } = chain.wiring;
  const amount = "tokens" in step ? { denom: DENOM, amount: String(step.tokens) } : undefined;
  switch (step.kind) {
    case "vote": {
      const part = (BigInt(step.percent) * DEC_ONE) / 100n;
      const options: Ballot = [
        [step.option, decFromRaw(part)] as const,
        [step.option + 1, decFromRaw(DEC_ONE - part)] as const,
      ].filter(([, weight]) => weight > 0n);
      const text = (weight: bigint) => `${weight / DEC_ONE}.${String(weight % DEC_ONE).padStart(18, "0")}`;
      const proposal = step.second ? 1 : 0;
      chain.split(
        step.account,
        BigInt(proposal + 1),
        options.map(([option, weight]) => [option, text(weight)] as const),
      );
      votes[proposal]!.set(chain.bytes(step.account), options);
      return;
    }
    case "delegate":
      chain.send(MsgDelegateSchema, {
        delegatorAddress: chain.account(step.account),
        validatorAddress: chain.operator(step.validator),
        amount: amount!,
      });
      return;
    case "undelegate":
      chain.send(MsgUndelegateSchema, {
        delegatorAddress: chain.account(step.account),
        validatorAddress: chain.operator(step.validator),
        amount: amount!,
      });
      return;
    case "redelegate":
      chain.send(MsgBeginRedelegateSchema, {
        delegatorAddress: chain.account(step.account),
        validatorSrcAddress: chain.operator(step.validator),
        validatorDstAddress: chain.operator(step.to),
        amount: amount!,
      });
      return;
    case "slash":
    case "jail": {
      const view = staking.validator(chain.reader(), chain.bytes(step.validator) as string as ValAddress);
      if (view === undefined || view.status === "unbonded" || view.jailed) return;
      const { context, commit } = chain.context().branch();
      if (step.kind === "jail") staking.jail(context, view.consAddress);
      else {
        staking.slash(context, {
          validator: view.consAddress,
          // Before all that moved since: what was redelegated is slashed, too.
          infractionHeight: 1n,
          power: view.tokens / UNIT,
          fraction: decFromRaw((step.percent * DEC_ONE) / 100n),
          reason: "double-sign",
        });
      }
      commit();
      return;
    }
    case "block":
      chain.block();
  }
}

it("come to what the SDK counts, but for its rounding of each delegation", () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 10, maxLength: 40 }), (operations) => {
      const chain = new DaoChain();
      for (let n = 0; n < VALIDATORS; n++) chain.validator(n, 30n * UNIT);
      chain.block();
      for (let i = 0; i < 2; i++) chain.propose([]);
      const votes = [new Map<AccAddress, Ballot>(), new Map<AccAddress, Ballot>()];
      for (const step of operations) carryOut(chain, step, votes);
      // Slashes of what was redelegated have had their turn then.
      for (let i = 0; i < 2; i++) chain.block(0n);
      const { dao, staking } = chain.wiring;
      for (const [i, cast] of votes.entries()) {
        const ours = dao.gov.ballots.count(chain.reader(), BigInt(i + 1));
        const theirs = sdkTally(chain.reader(), staking, cast);
        for (const field of ["yes", "abstain", "no", "noWithVeto", "total"] as const) {
          const difference = ours[field] - theirs[field];
          const bound = BigInt(ACCOUNTS * VALIDATORS * 2);
          expect({ field, small: difference <= bound && difference >= -bound, ours, theirs }).toMatchObject({
            small: true,
          });
        }
      }
      expect(chain.broken()).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});
