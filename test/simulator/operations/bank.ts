import { MsgMultiSendSchema, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import { DENOM, OTHER_DENOM } from "../denoms.js";
import { attack, operation } from "../operation.js";
import { amountUpTo, oneIn } from "../random.js";
import { FEE } from "../world.js";

/** More than there will ever be. */
const TOO_MUCH = 10n ** 30n;

export const bankOperations = [
  operation("bank/send", 8, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const denom = oneIn(random, 4) ? OTHER_DENOM : DENOM;
    const spendable = (await world.spendable(actor.address, denom)) - FEE;
    if (spendable <= 0n) return undefined;
    const most = oneIn(random, 10) ? spendable : spendable / 20n;
    const { address: toAddress } = world.anyoneBut(random, actor);
    const amount = [coin(amountUpTo(random, most), denom)];
    return { actor, messages: [message(MsgSendSchema, { fromAddress: actor.address, toAddress, amount })] };
  }),
  operation("bank/multi-send", 3, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const spendable = (await world.spendable(actor.address)) - FEE;
    const outputs = Array.from({ length: 1 + random.below(4) }, () => ({
      address: world.anyoneBut(random, actor).address,
      coins: [coin(amountUpTo(random, spendable / 20n))],
    }));
    const sum = outputs.reduce((all, { coins }) => all + BigInt(coins[0]!.amount), 0n);
    const inputs = [{ address: actor.address, coins: [coin(sum)] }];
    return { actor, messages: [message(MsgMultiSendSchema, { inputs, outputs })] };
  }),
  attack("bank/send-too-much", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const { address: toAddress } = world.anyoneBut(random, actor);
    const send = (amount: bigint) =>
      message(MsgSendSchema, { fromAddress: actor.address, toAddress, amount: [coin(amount)] });
    // The first message would succeed by itself.
    return { actor, messages: [send(1n), send(TOO_MUCH)] };
  }),
  attack("bank/send-of-another", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const victim = world.anyoneBut(random, actor);
    const send = message(MsgSendSchema, {
      fromAddress: victim.address,
      toAddress: actor.address,
      amount: [coin(1_000n)],
    });
    return { actor, messages: [send] };
  }),
  attack("bank/outputs-above-inputs", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const inputs = [{ address: actor.address, coins: [coin(1_000n)] }];
    const outputs = [{ address: actor.address, coins: [coin(1_001n)] }];
    return { actor, messages: [message(MsgMultiSendSchema, { inputs, outputs })] };
  }),
];
