/** Tier: test. Budget: 20 s. Tallies that follow votes and delegations are what a loop over all of them makes, in Go's roundings. */
import { describe, expect, it } from "@jest/globals";
import { VoteOption, VoteSchema } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import fc from "fast-check";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import type { ConsAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ZERO, decAdd, decFromInteger, decFromRaw, decSub, formatDec, parseDec } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { memoryContext, memoryStores } from "../../../core/testing/memory.js";
import type { ValidatorView } from "../../stake/types.js";
import type { Staking } from "../expected.js";
import { Ballots } from "./ballots.js";
import { govState } from "./state.js";
import type { Ballot } from "./sdk-tally.test-support.js";
import { sdkTally } from "./sdk-tally.test-support.js";

const VALIDATORS = 3;
const ACCOUNTS = 6;
const validatorAddress = (i: number) => String.fromCharCode(i >> 8, i & 0xff).repeat(10) as ValAddress;
// The first accounts are the operators of the validators.
const accountAddress = (i: number) => String.fromCharCode(i >> 8, i & 0xff).repeat(10) as AccAddress;
const numberOf = (address: AccAddress) => address.charCodeAt(0) * 256 + address.charCodeAt(1);

interface Validator {
  tokens: bigint;
  shares: Dec;
  bonded: boolean;
}

/** Validators and delegations in memory, with the exchange rate of shares that slashes bring about. */
class Stakes implements Staking {
  readonly validators: Validator[] = Array.from({ length: VALIDATORS }, () => ({
    tokens: 0n,
    shares: DEC_ZERO,
    bonded: true,
  }));
  readonly #shares = new Map<string, Dec>();
  /** As the keeper's hooks are told. */
  listener: Pick<Ballots, "delegationChanged" | "delegationRemoved"> | undefined;

  change(ctx: Context, account: number, at: number, tokens: bigint): void {
    const validator = this.validators[at]!;
    const before = this.#shares.get(`${account}/${at}`) ?? DEC_ZERO;
    if (tokens > 0n) {
      if (validator.shares > 0n && validator.tokens === 0n) return;
      const issued =
        validator.shares === 0n ? decFromInteger(tokens) : decFromRaw((validator.shares * tokens) / validator.tokens);
      validator.tokens += tokens;
      validator.shares = decAdd(validator.shares, issued);
      this.#shares.set(`${account}/${at}`, decAdd(before, issued));
    } else {
      const removed = tokens === 0n || decFromInteger(-tokens) > before ? before : decFromInteger(-tokens);
      if (removed === 0n) return;
      if (removed === before) this.listener?.delegationRemoved(ctx, accountAddress(account), validatorAddress(at));
      validator.tokens -= (removed * validator.tokens) / validator.shares;
      validator.shares = decSub(validator.shares, removed);
      if (removed === before) this.#shares.delete(`${account}/${at}`);
      else this.#shares.set(`${account}/${at}`, decSub(before, removed));
      if (removed === before) return;
    }
    this.listener?.delegationChanged(ctx, accountAddress(account), validatorAddress(at));
  }

  slash(at: number, percent: bigint): void {
    const validator = this.validators[at]!;
    validator.tokens -= (validator.tokens * percent) / 100n;
  }

  bondedValidators(): readonly ValidatorView[] {
    return this.validators.flatMap(({ tokens, shares, bonded }, i) =>
      bonded
        ? [
            {
              operator: validatorAddress(i),
              consAddress: validatorAddress(i) as string as ConsAddress,
              status: "bonded" as const,
              jailed: false,
              tokens,
              delegatorShares: shares,
              commissionRate: DEC_ZERO,
              minSelfDelegation: 1n,
            },
          ]
        : [],
    );
  }

  totalBonded(): bigint {
    return this.bondedValidators().reduce((sum, { tokens }) => sum + tokens, 0n);
  }

  delegation(_ctx: unknown, delegator: AccAddress, validator: ValAddress) {
    return [...this.delegationsOf(undefined, delegator)].find((delegation) => delegation.validator === validator);
  }

  /** Here no slash ever waits for its turn. */
  settle(): void {}

  asSettled(ctx: ReadContext): ReadContext {
    return ctx;
  }

  *delegationsOf(_ctx: unknown, delegator: AccAddress) {
    for (let at = 0; at < VALIDATORS; at++) {
      const shares = this.#shares.get(`${numberOf(delegator)}/${at}`);
      if (shares !== undefined) yield { delegator, validator: validatorAddress(at), shares };
    }
  }
}

const OPTIONS = [VoteOption.YES, VoteOption.ABSTAIN, VoteOption.NO, VoteOption.NO_WITH_VETO];
const anyOptions = fc.oneof(
  fc.constantFrom(...OPTIONS).map((option): [VoteOption, string][] => [[option, "1.000000000000000000"]]),
  fc
    .tuple(fc.constantFrom(0, 1, 2), fc.integer({ min: 1, max: 999_999 }))
    .map(([i, millionths]): [VoteOption, string][] => [
      [OPTIONS[i]!, formatDec(decFromRaw(BigInt(millionths) * 10n ** 12n))],
      [OPTIONS[i + 1]!, formatDec(decFromRaw(BigInt(1_000_000 - millionths) * 10n ** 12n))],
    ]),
);
const account = fc.nat({ max: ACCOUNTS - 1 });
const validator = fc.nat({ max: VALIDATORS - 1 });
const operation = fc.oneof(
  fc.record({ kind: fc.constant("vote" as const), account, ballot: fc.nat({ max: 1 }), options: anyOptions }),
  fc.record({ kind: fc.constant("change" as const), account, validator, tokens: fc.bigInt(-5_000n, 10_000n) }),
  fc.record({ kind: fc.constant("slash" as const), validator, percent: fc.bigInt(0n, 100n) }),
  fc.record({ kind: fc.constant("bond" as const), validator }),
);
const without = operation.filter(({ kind }) => kind !== "slash");

function run(operations: readonly (typeof operation extends fc.Arbitrary<infer T> ? T : never)[]) {
  const ctx = memoryContext(memoryStores());
  const stakes = new Stakes();
  const state = govState();
  const ballots = new Ballots({ state, staking: stakes });
  stakes.listener = ballots;
  const votes = [new Map<AccAddress, Ballot>(), new Map<AccAddress, Ballot>()];
  for (const id of [1n, 2n]) ballots.open(ctx, id, false);
  for (let i = 0; i < VALIDATORS; i++) stakes.change(ctx, i, i, 1_000n);
  for (const step of operations) {
    if (step.kind === "change") stakes.change(ctx, step.account, step.validator, step.tokens);
    else if (step.kind === "slash") stakes.slash(step.validator, step.percent);
    else if (step.kind === "bond") {
      const validator = stakes.validators[step.validator]!;
      validator.bonded = !validator.bonded;
    } else {
      const options = step.options.map(([option, weight]) => ({ option, weight }));
      const voter = accountAddress(step.account);
      const ballot = BigInt(step.ballot + 1) * 2n;
      ballots.cast(ctx, ballot, voter, create(VoteSchema, { proposalId: ballot / 2n, options }));
      votes[step.ballot]!.set(
        voter,
        step.options.map(([option, weight]) => [option, parseDec(weight)!]),
      );
    }
  }
  return { ctx, stakes, state, ballots, votes };
}

describe("Tallies", () => {
  it("are to the last place what the SDK counts, whatever was voted and delegated, while no share is worth a fraction", () => {
    fc.assert(
      fc.property(fc.array(without, { maxLength: 60 }), (operations) => {
        const { ctx, stakes, ballots, votes } = run(operations);
        for (const [i, cast] of votes.entries())
          expect(ballots.count(ctx, BigInt(i + 1))).toEqual(sdkTally(ctx, stakes, cast));
      }),
      { numRuns: 300 },
    );
  });

  it("differ from the SDK's after slashes by no more than its roundings of each delegation", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const { ctx, stakes, ballots, votes } = run(operations);
        for (const [i, cast] of votes.entries()) {
          const [ours, theirs] = [ballots.count(ctx, BigInt(i + 1)), sdkTally(ctx, stakes, cast)];
          for (const field of ["yes", "abstain", "no", "noWithVeto", "total"] as const) {
            const difference = ours[field] - theirs[field];
            // Half a unit in the 18th place for each delegation, weight and validator.
            const bound = BigInt(ACCOUNTS * VALIDATORS * 2);
            expect(difference <= bound && difference >= -bound).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("are what a recount of votes and delegations makes, and leave nothing behind", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (operations, slice) => {
        const { ctx, ballots, state } = run(operations);
        for (const ballot of [2n, 4n]) {
          expect(ballots.wrongCheckpoint(ctx)).toBeUndefined();
          const recount = new Map([...ballots.recount(ctx, ballot)].filter(([, { deducted }]) => deducted > 0n));
          expect(new Map(ballots.kept(ctx, ballot))).toEqual(recount);
        }
        const before = [...state.tallies.entries(ctx)];
        ballots.rebuild(ctx);
        expect([...state.tallies.entries(ctx)]).toEqual(before);

        for (const id of [1n, 2n]) ballots.close(ctx, id);
        for (const ballot of [2n, 4n]) {
          for (let cleared = slice; cleared >= slice;) cleared = ballots.clear(ctx, ballot, slice);
        }
        for (const left of [state.votes.map, state.tallies, state.checkpoints, state.votesByVoter.refs.map]) {
          expect([...left.keys(ctx)]).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("cost the same whether ten or a thousand accounts voted", () => {
    const cost = (voters: number): number => {
      const ctx = memoryContext(memoryStores());
      const stakes = new Stakes();
      const ballots = new Ballots({ state: govState(), staking: stakes });
      ballots.open(ctx, 1n, false);
      for (let i = 0; i < VALIDATORS; i++) stakes.change(ctx, i, i, 1_000_000n);
      for (let i = VALIDATORS; i < voters; i++) {
        stakes.change(ctx, i, i % VALIDATORS, 1_000n);
        const options = [{ option: OPTIONS[i % 4]!, weight: "1.000000000000000000" }];
        ballots.cast(ctx, 2n, accountAddress(i), create(VoteSchema, { proposalId: 1n, options }));
      }
      const before = ctx.gas.used;
      expect(ballots.count(ctx, 1n).total).toBe(decFromInteger(BigInt(voters - VALIDATORS) * 1_000n));
      return ctx.gas.used - before;
    };
    // A few digits more in the sums.
    expect(cost(1_000)).toBeLessThan(cost(10) * 1.1);
  });
});
