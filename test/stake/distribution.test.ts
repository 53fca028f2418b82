// Tier: test. Budget: 30 s. Distribution through the real application: allocation, messages, queries by cosmjs, genesis.
import { afterEach, describe, expect, it } from "@jest/globals";
import type { CometClient } from "@cosmjs/tendermint-rpc";
import { QueryClient, setupDistributionExtension } from "@cosmjs/stargate";
import { Query as BankQuery } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { Query } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";
import {
  MsgCommunityPoolSpendSchema,
  MsgDepositValidatorRewardsPoolSchema,
  MsgFundCommunityPoolSchema,
  MsgSetWithdrawAddressSchema,
  MsgUpdateParamsSchema,
  MsgWithdrawDelegatorRewardSchema,
  MsgWithdrawValidatorCommissionSchema,
} from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";

import { Addresses, moduleAddress } from "../../core/address.js";
import { StakeChain } from "../kit/stake-chain.js";
import { message } from "../kit/signer.js";

const CPTM = 1_000_000n;
/** What a transaction of StakeChain pays. */
const FEE = 1_000n;
const addresses = new Addresses("cptm");

let chain: StakeChain;
afterEach(async () => chain.close());

/** Validators with 10 % commission, powers known to CometBFT, and what their messages paid handed out already. */
async function withValidators(...validators: readonly (readonly [name: string, amount: bigint])[]): Promise<void> {
  chain = await StakeChain.start({ accounts: [...validators.map(([name]) => name), "dan", "eve"] });
  await chain.run(...validators.map(([name, amount]) => chain.createValidator(name, { amount })));
  for (let i = 0; i < 3; i++) await chain.block();
}

const coin = (amount: bigint) => [{ denom: "ucptm", amount: amount.toString() }];
const withdraw = (name: string, validator: string) =>
  [
    name,
    message(MsgWithdrawDelegatorRewardSchema, {
      delegatorAddress: chain.account(name),
      validatorAddress: chain.operator(validator),
    }),
  ] as const;
const withdrawCommission = (name: string) =>
  [name, message(MsgWithdrawValidatorCommissionSchema, { validatorAddress: chain.operator(name) })] as const;
const setWithdrawAddress = (name: string, to: string) =>
  [name, message(MsgSetWithdrawAddressSchema, { delegatorAddress: chain.account(name), withdrawAddress: to })] as const;
const fund = (name: string, amount: bigint) =>
  [name, message(MsgFundCommunityPoolSchema, { depositor: chain.account(name), amount: coin(amount) })] as const;
const deposit = (name: string, validator: string, amount: bigint) =>
  [
    name,
    message(MsgDepositValidatorRewardsPoolSchema, {
      depositor: chain.account(name),
      validatorAddress: chain.operator(validator),
      amount: coin(amount),
    }),
  ] as const;

async function balance(address: string): Promise<bigint> {
  const { balance: found } = await chain.query(BankQuery.method.balance, { address, denom: "ucptm" });
  return BigInt(found!.amount);
}

/** Raw counts of 10^-18. */
const raw = (coins: readonly { readonly amount: string }[]): bigint => BigInt(coins[0]?.amount ?? "0");
const outstanding = async (name: string) =>
  raw(
    (await chain.query(Query.method.validatorOutstandingRewards, { validatorAddress: chain.operator(name) })).rewards!
      .rewards,
  );
const commission = async (name: string) =>
  raw(
    (await chain.query(Query.method.validatorCommission, { validatorAddress: chain.operator(name) })).commission!
      .commission,
  );
const rewards = async (name: string, validator: string) =>
  raw(
    (
      await chain.query(Query.method.delegationRewards, {
        delegatorAddress: chain.account(name),
        validatorAddress: chain.operator(validator),
      })
    ).rewards,
  );
const pool = async () => raw((await chain.query(Query.method.communityPool, {})).pool);

const ONE = 10n ** 18n;

describe("Distribution", () => {
  it("hands the fees of a block out in the next one: by power, less tax and commission, the rest to the pool", async () => {
    await withValidators(["ann", 6n * CPTM], ["bob", 3n * CPTM]);
    const before = { ann: await outstanding("ann"), bob: await outstanding("bob"), pool: await pool() };
    const commissionBefore = await commission("ann");
    const ownBefore = await rewards("ann", "ann");
    await chain.run(chain.delegate("dan", "ann", 6n * CPTM), chain.delegate("eve", "bob", 1n * CPTM));
    // Delegating began a period; the fees of these two transactions come in with the next block, by the old powers.
    await chain.block();
    const forAll = (2n * FEE * ONE * 98n) / 100n;
    const share = (power: bigint) => (forAll * ((power * ONE) / 9n)) / ONE;
    expect((await outstanding("ann")) - before.ann).toBe(share(6n));
    expect((await outstanding("bob")) - before.bob).toBe(share(3n));
    expect((await pool()) - before.pool).toBe(2n * FEE * ONE - share(6n) - share(3n));
    const annCommission = (await commission("ann")) - commissionBefore;
    expect(annCommission).toBe((share(6n) + 5n) / 10n);
    // Half of ann's stake is dan's by now, half her own.
    expect(await rewards("dan", "ann")).toBe(((share(6n) - annCommission) / (12n * CPTM)) * 6n * CPTM);
    expect((await rewards("ann", "ann")) - ownBefore).toBe(await rewards("dan", "ann"));
  });

  it("pays a delegator whole units, puts the rest into the pool, and answers with a zero when there is nothing", async () => {
    await withValidators(["ann", 9n * CPTM]);
    await chain.run(chain.delegate("dan", "ann", 7n * CPTM));
    await chain.run(fund("eve", 5n));
    await chain.block();
    const due = await rewards("dan", "ann");
    expect(due > ONE && due % ONE > 0n).toBe(true);
    const [before, poolBefore, outstandingBefore] = [
      await balance(chain.account("dan")),
      await pool(),
      await outstanding("ann"),
    ];
    const { txResults } = await chain.run(withdraw("dan", "ann"));
    expect((await balance(chain.account("dan"))) - before).toBe(due / ONE - FEE);
    expect((await pool()) - poolBefore).toBe(due % ONE);
    expect(outstandingBefore - (await outstanding("ann"))).toBe(due);
    const event = txResults[0]!.events!.find(({ type }) => type === "withdraw_rewards");
    expect(event?.attributes).toMatchObject([
      { key: "amount", value: `${due / ONE}ucptm` },
      { key: "validator", value: chain.operator("ann") },
      { key: "delegator", value: chain.account("dan") },
      { key: "msg_index", value: "0" },
    ]);
    const again = await chain.run(withdraw("dan", "ann"), withdraw("dan", "ann"));
    const amounts = again.txResults.map(
      ({ events }) => events!.find(({ type }) => type === "withdraw_rewards")!.attributes[0]!.value,
    );
    expect(amounts[1]).toBe("0ucptm");
  });

  it("pays a validator's commission, and keeps what is behind the point", async () => {
    await withValidators(["ann", 9n * CPTM]);
    await chain.run(fund("eve", 5n));
    await chain.block();
    const due = await commission("ann");
    const before = await balance(chain.account("ann"));
    await chain.run(withdrawCommission("ann"));
    expect((await balance(chain.account("ann"))) - before).toBe(due / ONE - FEE);
    expect(await commission("ann")).toBe(due % ONE);
  });

  it("pays to whom the delegator says, unless that is a module", async () => {
    await withValidators(["ann", 9n * CPTM]);
    await chain.run(setWithdrawAddress("ann", chain.account("dan")));
    const { withdrawAddress } = await chain.query(Query.method.delegatorWithdrawAddress, {
      delegatorAddress: chain.account("ann"),
    });
    expect(withdrawAddress).toBe(chain.account("dan"));
    await chain.block();
    const before = await balance(chain.account("dan"));
    const due = await rewards("ann", "ann");
    // Any change of the stake pays, too.
    await chain.run(chain.delegate("ann", "ann", 1n));
    expect((await balance(chain.account("dan"))) - before).toBe(due / ONE);
    const { txResults } = await chain.block([
      setWithdrawAddress("ann", addresses.account.encode(moduleAddress("distribution"))),
    ]);
    expect(txResults[0]).toMatchObject({ codespace: "sdk", code: 4 });
    expect(txResults[0]!.log).toMatch(/ is not allowed to receive external funds: unauthorized$/);
  });

  it("takes gifts for the community pool and for a validator's delegators", async () => {
    await withValidators(["ann", 9n * CPTM]);
    const before = await pool();
    await chain.run(fund("eve", 5n * CPTM));
    expect((await pool()) - before).toBe(5n * CPTM * ONE);
    const [outstandingBefore, commissionBefore, due] = [
      await outstanding("ann"),
      await commission("ann"),
      await rewards("ann", "ann"),
    ];
    // In the block of the deposit, the fee of the gift before is handed out as well.
    const share = (FEE * ONE * 98n) / 100n;
    await chain.run(deposit("eve", "ann", 9n * CPTM));
    expect((await outstanding("ann")) - outstandingBefore - share).toBe(9n * CPTM * ONE);
    expect((await commission("ann")) - commissionBefore - share / 10n).toBe((9n * CPTM * ONE) / 10n);
    const gained = (await rewards("ann", "ann")) - due;
    expect(((9n * CPTM * ONE + share) * 9n) / 10n - gained < 9n * CPTM).toBe(true);
    const { txResults } = await chain.block([deposit("eve", "dan", 1n), deposit("dan", "ann", 2n ** 200n)]);
    expect(txResults).toMatchObject([
      { codespace: "staking", code: 3 },
      { codespace: "sdk", code: 18 },
    ]);
  });

  it("refuses what cannot be, with the SDK's codes", async () => {
    await withValidators(["ann", 9n * CPTM]);
    await chain.block();
    const authority = chain.account("dan");
    const params = { communityTax: "0", baseProposerReward: "0", bonusProposerReward: "0", withdrawAddrEnabled: true };
    const update = (changes: object) =>
      ["dan", message(MsgUpdateParamsSchema, { authority, params: { ...params, ...changes } })] as const;
    const { txResults } = await chain.block([
      withdraw("dan", "ann"),
      withdraw("ann", "dan"),
      withdrawCommission("dan"),
      update({}),
      ["dan", message(MsgCommunityPoolSpendSchema, { authority, recipient: authority, amount: coin(1n) })],
      fund("dan", 10n ** 30n),
      // These are refused before they cost a sequence number.
      update({ communityTax: (2n * ONE).toString() }),
      update({ baseProposerReward: "1" }),
      ["dan", message(MsgFundCommunityPoolSchema, { depositor: authority, amount: [] })],
    ]);
    expect(txResults.map(({ codespace, code }) => `${codespace} ${code}`)).toEqual([
      "staking 19",
      "staking 3",
      "distribution 7",
      "gov 13",
      "gov 13",
      "sdk 5",
      "sdk 18",
      "sdk 18",
      "sdk 10",
    ]);
    expect(txResults[6]!.log).toContain("community tax too large: 2.000000000000000000");
    expect(txResults[7]!.log).toContain("cannot update base or bonus proposer reward");
  });

  it("answers all that cosmjs asks", async () => {
    await withValidators(["ann", 9n * CPTM]);
    await chain.run(chain.delegate("dan", "ann", 9n * CPTM));
    await chain.block();
    const { distribution } = QueryClient.withExtensions(cometOf(chain), setupDistributionExtension);
    const [dan, ann] = [chain.account("dan"), chain.operator("ann")];
    expect((await distribution.params()).params?.communityTax).toBe("20000000000000000");
    expect((await distribution.communityPool()).pool).toMatchObject([{ denom: "ucptm" }]);
    const { rewards: single } = await distribution.delegationRewards(dan, ann);
    expect(single).toMatchObject([{ denom: "ucptm" }]);
    const total = await distribution.delegationTotalRewards(dan);
    expect(total).toMatchObject({ rewards: [{ validatorAddress: ann, reward: single }], total: single });
    expect((await distribution.delegatorValidators(dan)).validators).toEqual([ann]);
    expect((await distribution.delegatorWithdrawAddress(dan)).withdrawAddress).toBe(dan);
    expect((await distribution.validatorCommission(ann)).commission?.commission).toMatchObject([{ denom: "ucptm" }]);
    expect((await distribution.validatorOutstandingRewards(ann)).rewards?.rewards).toMatchObject([{ denom: "ucptm" }]);
    expect((await distribution.validatorSlashes(ann, 1, 100)).slashes).toEqual([]);
    await expect(distribution.validatorSlashes(ann, 5, 1)).rejects.toThrow(
      "starting height greater than ending height (5 > 1)",
    );
    await expect(distribution.validatorCommission("")).rejects.toThrow("empty validator address");
    await expect(distribution.validatorCommission(chain.operator("eve"))).rejects.toThrow("validator does not exist");
    const info = await chain.query(Query.method.validatorDistributionInfo, { validatorAddress: ann });
    expect(info).toMatchObject({ operatorAddress: chain.account("ann"), commission: [{ denom: "ucptm" }] });
  });
});

/** What cosmjs asks of a node for queries, answered by the application itself. */
function cometOf(asked: StakeChain): CometClient {
  const abciQuery = async ({ path, data }: { readonly path: string; readonly data: Uint8Array }) => {
    const { code = 0, log = "", value = new Uint8Array(0) } = await asked.chain.query(path, data);
    return { code, log, value, height: 1, key: new Uint8Array(0), index: 0, codespace: "", info: "" };
  };
  return { abciQuery } as unknown as CometClient;
}
