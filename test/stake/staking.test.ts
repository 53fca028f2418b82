// Tier: test. Budget: 20 s. Staking through the real application: messages, active set, queues, queries.
import { afterEach, describe, expect, it } from "@jest/globals";
import { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import { StakeChain } from "../kit/stake-chain.js";

const CPTM = 1_000_000n;
/** The default unbonding time. */
const THREE_WEEKS = 21n * 86_400n;

let chain: StakeChain;
afterEach(async () => {
  await chain.close();
});

async function withValidators(...validators: readonly (readonly [name: string, amount: bigint])[]): Promise<void> {
  chain = await StakeChain.start({ accounts: [...validators.map(([name]) => name), "dan", "eve"] });
  await chain.run(...validators.map(([name, amount]) => chain.createValidator(name, { amount })));
}

const validatorOf = async (name: string) =>
  (await chain.query(Query.method.validator, { validatorAddr: chain.operator(name) })).validator!;
const delegationOf = async (delegator: string, validator: string) =>
  (
    await chain.query(Query.method.delegation, {
      delegatorAddr: chain.account(delegator),
      validatorAddr: chain.operator(validator),
    })
  ).delegationResponse!;
const unbondingOf = async (delegator: string, validator: string) =>
  (
    await chain.query(Query.method.unbondingDelegation, {
      delegatorAddr: chain.account(delegator),
      validatorAddr: chain.operator(validator),
    })
  ).unbond!;
const pool = async () => {
  const { pool: found } = await chain.query(Query.method.pool, {});
  return [BigInt(found!.bondedTokens), BigInt(found!.notBondedTokens)];
};

describe("Staking", () => {
  it("makes a validator of whoever stakes, and hands it to CometBFT at the end of the block", async () => {
    chain = await StakeChain.start({ accounts: ["ann", "bob"] });
    const block = await chain.run(chain.createValidator("ann", { amount: 5n * CPTM + 999_999n }));
    expect(block.validatorUpdates).toMatchObject([{ power: 5n }]);
    expect(await validatorOf("ann")).toMatchObject({ status: BondStatus.BONDED, tokens: "5999999", jailed: false });
    expect(await pool()).toEqual([5_999_999n, 0n]);
  });

  it("delegates, undelegates, and pays out when the time has come", async () => {
    await withValidators(["ann", 5n * CPTM]);
    await chain.run(chain.delegate("dan", "ann", 3n * CPTM));
    expect(chain.power("ann")).toBe(8n);
    expect((await delegationOf("dan", "ann")).balance).toMatchObject({ denom: "ucptm", amount: "3000000" });
    await chain.run(chain.undelegate("dan", "ann", 1n * CPTM));
    expect(chain.power("ann")).toBe(7n);
    expect(await pool()).toEqual([7n * CPTM, CPTM]);
    expect((await unbondingOf("dan", "ann")).entries).toMatchObject([
      { balance: "1000000", initialBalance: "1000000" },
    ]);
    await chain.block([], { seconds: THREE_WEEKS - 1n });
    expect(await pool()).toEqual([7n * CPTM, CPTM]);
    const { events } = await chain.block([]);
    expect(await pool()).toEqual([7n * CPTM, 0n]);
    expect(events?.map(({ type }) => type)).toContain("complete_unbonding");
    await expect(unbondingOf("dan", "ann")).rejects.toThrow("not found");
  });

  it("redelegates at once, once", async () => {
    await withValidators(["ann", 5n * CPTM], ["bob", 5n * CPTM], ["cyn", 5n * CPTM]);
    await chain.run(chain.delegate("dan", "ann", 3n * CPTM));
    await chain.run(chain.redelegate("dan", "ann", "bob", 2n * CPTM));
    expect([chain.power("ann"), chain.power("bob")]).toEqual([6n, 7n]);
    const { txResults } = await chain.block([chain.redelegate("dan", "bob", "cyn", CPTM)]);
    expect(txResults[0]).toMatchObject({ codespace: "staking", code: 32 });
  });

  it("cancels an undelegation in part and as a whole", async () => {
    await withValidators(["ann", 5n * CPTM]);
    await chain.run(chain.delegate("dan", "ann", 3n * CPTM));
    const { height } = await chain.run(chain.undelegate("dan", "ann", 3n * CPTM));
    await expect(delegationOf("dan", "ann")).rejects.toThrow("not found");
    await chain.run(chain.cancelUnbonding("dan", "ann", { amount: CPTM, height }));
    expect((await unbondingOf("dan", "ann")).entries).toMatchObject([
      { balance: "2000000", initialBalance: "2000000" },
    ]);
    await chain.run(chain.cancelUnbonding("dan", "ann", { amount: 2n * CPTM, height }));
    await expect(unbondingOf("dan", "ann")).rejects.toThrow("not found");
    expect(chain.power("ann")).toBe(8n);
  });
});
