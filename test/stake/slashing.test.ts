// Tier: test. Budget: 20 s. Missed votes and double votes through the real application, and who bears what.
import { afterEach, describe, expect, it } from "@jest/globals";
import { Query as EvidenceQuery } from "@computronium/proto/cosmos/evidence/v1beta1/query_pb.js";
import { Query as SlashingQuery } from "@computronium/proto/cosmos/slashing/v1beta1/query_pb.js";
import { MsgUnjailSchema } from "@computronium/proto/cosmos/slashing/v1beta1/tx_pb.js";
import { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import { message } from "../kit/signer.js";
import { StakeChain } from "../kit/stake-chain.js";

const CPTM = 1_000_000n;

/** A window of ten blocks of which half may be missed; 1 % for downtime, 5 % for a double vote. */
const SLASHING = {
  params: {
    signed_blocks_window: "10",
    min_signed_per_window: "0.500000000000000000",
    downtime_jail_duration: "60s",
    slash_fraction_double_sign: "0.050000000000000000",
    slash_fraction_downtime: "0.010000000000000000",
  },
};

let chain: StakeChain;
afterEach(async () => {
  await chain.close();
});

async function withValidators(...names: readonly string[]): Promise<void> {
  chain = await StakeChain.start({ accounts: [...names, "dan", "eve"], appState: { slashing: SLASHING } });
  await chain.run(...names.map((name) => chain.createValidator(name, { amount: 100n * CPTM })));
}

const validatorOf = async (name: string) =>
  (await chain.query(Query.method.validator, { validatorAddr: chain.operator(name) })).validator!;
const infoOf = async (name: string) =>
  (await chain.query(SlashingQuery.method.signingInfo, { consAddress: chain.consText(name) })).valSigningInfo!;
const pair = (delegator: string, validator: string) => ({
  delegatorAddr: chain.account(delegator),
  validatorAddr: chain.operator(validator),
});
const delegated = async (delegator: string, validator: string) => {
  const { delegationResponse } = await chain.query(Query.method.delegation, pair(delegator, validator));
  return BigInt(delegationResponse!.balance!.amount);
};
const unbonding = async (delegator: string, validator: string) => {
  const { unbond } = await chain.query(Query.method.unbondingDelegation, pair(delegator, validator));
  return unbond!.entries.map(({ balance }) => BigInt(balance));
};
const unjail = (name: string) => [name, message(MsgUnjailSchema, { validatorAddr: chain.operator(name) })] as const;
const doubleVote = (name: string, height: bigint, power = 100n) => ({
  misbehavior: [{ validator: chain.consAddress(name), power, height, time: chain.chain.time }],
});

describe("A validator that misses votes", () => {
  it("is slashed and jailed, and may come back when its time is over", async () => {
    await withValidators("ann", "bob");
    for (let i = 0; i < 5; i++) await chain.block();
    expect(await infoOf("ann")).toMatchObject({ startHeight: 1n, missedBlocksCounter: 0n, indexOffset: 3n });
    let blocks = 0;
    while (!(await validatorOf("ann")).jailed) {
      await chain.block([], { absent: ["ann"] });
      if (++blocks > 20) throw new Error("it is never jailed");
    }
    expect(await validatorOf("ann")).toMatchObject({ tokens: "99000000", status: BondStatus.UNBONDING });
    expect([chain.power("ann"), chain.power("bob")]).toEqual([0n, 100n]);
    expect(await infoOf("ann")).toMatchObject({ missedBlocksCounter: 0n, indexOffset: 0n, tombstoned: false });
    const early = await chain.block([unjail("ann")]);
    expect(early.txResults[0]).toMatchObject({ codespace: "slashing", code: 4 });
    await chain.block([], { seconds: 60n });
    await chain.run(unjail("ann"));
    expect(chain.power("ann")).toBe(99n);
    const again = await chain.block([unjail("ann")]);
    expect(again.txResults[0]).toMatchObject({ codespace: "slashing", code: 5 });
  });
});

describe("A validator that votes twice", () => {
  it("is slashed, jailed and tombstoned for ever", async () => {
    await withValidators("ann", "bob");
    for (let i = 0; i < 3; i++) await chain.block();
    await chain.block([], doubleVote("ann", chain.chain.height - 1n));
    expect(await validatorOf("ann")).toMatchObject({ tokens: "95000000", jailed: true });
    expect(await infoOf("ann")).toMatchObject({ tombstoned: true, jailedUntil: { seconds: 253_402_300_799n } });
    expect(chain.power("ann")).toBe(0n);
    await chain.block([], { seconds: 86_400n * 365n });
    const { txResults } = await chain.block([unjail("ann")]);
    expect(txResults[0]).toMatchObject({ codespace: "slashing", code: 4 });
    await chain.block([], doubleVote("ann", 3n));
    expect((await validatorOf("ann")).tokens).toBe("95000000");
    expect((await chain.query(EvidenceQuery.method.allEvidence, {})).evidence).toHaveLength(1);
  });

  it("takes its delegators with it, and those who left since, but not those who left before", async () => {
    await withValidators("ann", "bob");
    await chain.run(chain.delegate("dan", "ann", 50n * CPTM), chain.delegate("eve", "ann", 40n * CPTM));
    await chain.run(chain.undelegate("eve", "ann", 10n * CPTM));
    await chain.block();
    await chain.block();
    const infraction = chain.chain.height;
    await chain.run(chain.undelegate("dan", "ann", 20n * CPTM));
    await chain.run(chain.redelegate("dan", "ann", "bob", 10n * CPTM));
    await chain.block([], doubleVote("ann", infraction, 180n));
    expect(await unbonding("eve", "ann")).toEqual([10n * CPTM]);
    expect(await unbonding("dan", "ann")).toEqual([19n * CPTM]);
    expect(await delegated("dan", "bob")).toBe(9_500_000n);
    // 9 of 180 in all: 1 of the undelegation, 0.5 of the redelegation, 7.5 of what is left: 100 + 20 + 30.
    expect((await validatorOf("ann")).tokens).toBe("142500000");
    expect(await delegated("dan", "ann")).toBe(19_000_000n);
  });

  it("is not got away from by redelegating and undelegating from there (ASA-2024-005)", async () => {
    await withValidators("ann", "bob");
    await chain.run(chain.delegate("dan", "ann", 50n * CPTM));
    await chain.block();
    await chain.block();
    const infraction = chain.chain.height;
    await chain.run(chain.redelegate("dan", "ann", "bob", 50n * CPTM));
    await chain.run(chain.undelegate("dan", "bob", 50n * CPTM));
    await chain.block([], doubleVote("ann", infraction, 150n));
    expect(await unbonding("dan", "bob")).toEqual([47_500_000n]);
    expect((await validatorOf("ann")).tokens).toBe("95000000");
    expect((await validatorOf("bob")).tokens).toBe("100000000");
  });
});

describe("The active set", () => {
  it("is never empty: when everybody is jailed the last ones stay, until one is unjailed", async () => {
    await withValidators("ann", "bob");
    for (let i = 0; i < 3; i++) await chain.block();
    const height = chain.chain.height - 1n;
    await chain.block([], {
      misbehavior: [...doubleVote("ann", height).misbehavior, ...doubleVote("bob", height).misbehavior],
    });
    for (let i = 0; i < 3; i++) await chain.block();
    expect([chain.power("ann"), chain.power("bob")]).toEqual([100n, 100n]);
    expect(await validatorOf("ann")).toMatchObject({ jailed: true, status: BondStatus.BONDED });
    await chain.run(chain.createValidator("dan", { amount: 7n * CPTM }));
    expect([chain.power("ann"), chain.power("bob"), chain.power("dan")]).toEqual([0n, 0n, 7n]);
    expect(await validatorOf("ann")).toMatchObject({ jailed: true, status: BondStatus.UNBONDING });
  });

  it("is not touched by votes and evidence of validators that nobody staked for", async () => {
    await withValidators("ann");
    const stranger = new Uint8Array(20).fill(7);
    const { txResults } = await chain.chain.block([], {
      votes: [{ validator: stranger, power: 10n, signed: false }],
      misbehavior: [{ validator: stranger, power: 10n, height: 1n, time: 1n }],
    });
    expect(txResults).toEqual([]);
  });
});
