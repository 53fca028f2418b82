import { Query } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";
import {
  MsgCommunityPoolSpendSchema,
  MsgDepositValidatorRewardsPoolSchema,
  MsgFundCommunityPoolSchema,
  MsgSetWithdrawAddressSchema,
  MsgWithdrawDelegatorRewardSchema,
  MsgWithdrawValidatorCommissionSchema,
} from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";

import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import { DENOM, OTHER_DENOM } from "../denoms.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import { amountUpTo, oneIn } from "../random.js";
import { FEE } from "../world.js";
import { GOVERNANCE } from "./parameters.js";
import { aDelegation, validators } from "./staking.js";

export const distributionOperations: readonly Operation[] = [
  operation("distribution/withdraw-reward", 6, async (world, random) => {
    const found = await aDelegation(world, random);
    if (found === undefined) return undefined;
    const { actor, delegation } = found;
    const { validatorAddress } = delegation.delegation!;
    const withdraw = message(MsgWithdrawDelegatorRewardSchema, { delegatorAddress: actor.address, validatorAddress });
    return { actor, messages: [withdraw] };
  }),
  operation("distribution/withdraw-commission", 3, async (world, random) => {
    const all = await validators(world);
    if (all.length === 0) return undefined;
    const { operatorAddress: validatorAddress } = random.pick(all);
    const actor = world.actorAt(validatorAddress);
    if (actor === undefined) return undefined;
    return { actor, messages: [message(MsgWithdrawValidatorCommissionSchema, { validatorAddress })] };
  }),
  operation("distribution/set-withdraw-address", 2, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const { address: withdrawAddress } = world.anyoneBut(random, actor);
    const set = message(MsgSetWithdrawAddressSchema, { delegatorAddress: actor.address, withdrawAddress });
    return { actor, messages: [set] };
  }),
  operation("distribution/fund-community-pool", 2, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const denom = oneIn(random, 3) ? OTHER_DENOM : DENOM;
    const spendable = (await world.spendable(actor.address, denom)) - FEE;
    if (spendable <= 0n) return undefined;
    const amount = [coin(amountUpTo(random, spendable / 100n), denom)];
    return { actor, messages: [message(MsgFundCommunityPoolSchema, { depositor: actor.address, amount })] };
  }),
  operation("distribution/deposit-validator-rewards", 2, async (world, random) => {
    const [actor, all] = [await world.someone(random), await validators(world)];
    if (actor === undefined || all.length === 0) return undefined;
    const denom = oneIn(random, 2) ? OTHER_DENOM : DENOM;
    const spendable = (await world.spendable(actor.address, denom)) - FEE;
    if (spendable <= 0n) return undefined;
    const deposit = message(MsgDepositValidatorRewardsPoolSchema, {
      depositor: actor.address,
      validatorAddress: random.pick(all).operatorAddress,
      amount: [coin(amountUpTo(random, spendable / 100n), denom)],
    });
    return { actor, messages: [deposit] };
  }),
  attack("distribution/spend-the-pool", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const pool = await world.find(Query.method.communityPool, {});
    const amount = coin(BigInt(pool?.pool[0]?.amount ?? "0") / 10n ** 18n + 1n);
    const authority = oneIn(random, 2) ? GOVERNANCE : actor.address;
    const spend = message(MsgCommunityPoolSpendSchema, { authority, recipient: actor.address, amount: [amount] });
    return { actor, messages: [spend] };
  }),
];
