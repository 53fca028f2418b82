import { Query as AuthQuery } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import {
  MsgCreatePeriodicVestingAccountSchema,
  MsgCreatePermanentLockedAccountSchema,
  MsgCreateVestingAccountSchema,
} from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";

import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import { SOCIAL } from "../actors.js";
import { OTHER_DENOM } from "../denoms.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import { oneIn } from "../random.js";

const PERMANENT = "/cosmos.vesting.v1beta1.PermanentLockedAccount";

export const vestingOperations: readonly Operation[] = [
  operation("vesting/create", 2, async (world, random) => {
    const [actor, to] = [await world.someone(random), await world.latecomer(random)];
    if (actor === undefined || to === undefined) return undefined;
    const [fromAddress, toAddress] = [actor.address, to.address];
    const sum = 1_000_000n + BigInt(random.below(10 ** 9));
    const amount = oneIn(random, 3) ? [coin(sum), coin(sum / 3n, OTHER_DENOM)] : [coin(sum)];
    const inSeconds = () => BigInt(random.pick([30, 3_000, 300_000]) * (1 + random.below(10)));
    const startTime = world.timeSeconds + BigInt(random.below(100));
    const makers = [
      () =>
        message(MsgCreateVestingAccountSchema, {
          fromAddress,
          toAddress,
          amount,
          endTime: world.timeSeconds + inSeconds(),
          delayed: oneIn(random, 2),
        }),
      () => message(MsgCreatePermanentLockedAccountSchema, { fromAddress, toAddress, amount }),
      () =>
        message(MsgCreatePeriodicVestingAccountSchema, {
          fromAddress,
          toAddress,
          startTime,
          vestingPeriods: Array.from({ length: 1 + random.below(4) }, () => ({ length: inSeconds(), amount })),
        }),
    ];
    // Without something to pay fees with, nobody would hear of them again.
    const toSpend = message(MsgSendSchema, { fromAddress, toAddress, amount: [coin(5_000_000n)] });
    return { actor, messages: [random.pick(makers)(), toSpend] };
  }),
  attack("vesting/of-an-account", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const create = message(MsgCreateVestingAccountSchema, {
      fromAddress: actor.address,
      toAddress: actor.address,
      amount: [coin(1n)],
      endTime: world.timeSeconds + 1_000n,
      delayed: false,
    });
    return { actor, messages: [create] };
  }),
  attack("vesting/spend-locked", 2, async (world, random) => {
    const actor = world.actors[SOCIAL + random.below(world.actors.length - SOCIAL)]!;
    const { address } = actor;
    const answer = await world.find(AuthQuery.method.account, { address });
    if (answer?.account?.typeUrl !== PERMANENT) return undefined;
    const [balance, spendable] = [await world.balance(address), await world.spendable(address)];
    if (balance === spendable) return undefined;
    const { address: toAddress } = world.anyoneBut(random, actor);
    const send = message(MsgSendSchema, { fromAddress: address, toAddress, amount: [coin(balance)] });
    return { actor, messages: [send] };
  }),
];
