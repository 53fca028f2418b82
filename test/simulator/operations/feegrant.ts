import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import {
  AllowedMsgAllowanceSchema,
  BasicAllowanceSchema,
  PeriodicAllowanceSchema,
} from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import { Query } from "@computronium/proto/cosmos/feegrant/v1beta1/query_pb.js";
import {
  MsgGrantAllowanceSchema,
  MsgPruneAllowancesSchema,
  MsgRevokeAllowanceSchema,
} from "@computronium/proto/cosmos/feegrant/v1beta1/tx_pb.js";

import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import { packed } from "../any.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";

function anAllowance(world: World, random: SeededRandom) {
  const seconds = world.timeSeconds + BigInt(random.pick([100, 10_000, 1_000_000]));
  const basic = {
    spendLimit: oneIn(random, 3) ? [] : [coin(amountUpTo(random, 10n ** 6n))],
    ...(oneIn(random, 3) ? {} : { expiration: { seconds, nanos: 0 } }),
  };
  const kind = random.below(3);
  if (kind === 0) return packed(BasicAllowanceSchema, basic);
  if (kind === 1) {
    return packed(PeriodicAllowanceSchema, {
      basic,
      period: { seconds: 1_000n, nanos: 0 },
      periodSpendLimit: [coin(20_000n)],
      periodCanSpend: [coin(20_000n)],
      periodReset: { seconds: world.timeSeconds + 1_000n, nanos: 0 },
    });
  }
  return packed(AllowedMsgAllowanceSchema, {
    allowance: packed(BasicAllowanceSchema, basic),
    allowedMessages: [`/${MsgSendSchema.typeName}`],
  });
}

async function anAllowed(world: World, random: SeededRandom) {
  for (let tries = 0; tries < 4; tries++) {
    const granter = random.pick(world.actors);
    const answer = await world.find(Query.method.allowancesByGranter, { granter: granter.address });
    const allowances = answer?.allowances ?? [];
    if (allowances.length === 0) continue;
    const actor = world.actorAt(random.pick(allowances).grantee);
    if (actor !== undefined) return { granter, actor };
  }
  return undefined;
}

export const feegrantOperations: readonly Operation[] = [
  operation("feegrant/grant", 3, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const { address: grantee } = world.anyoneBut(random, actor);
    const allowance = anAllowance(world, random);
    const grant = message(MsgGrantAllowanceSchema, { granter: actor.address, grantee, allowance });
    return { actor, messages: [grant] };
  }),
  operation("feegrant/use", 5, async (world, random) => {
    const allowed = await anAllowed(world, random);
    if (allowed === undefined) return undefined;
    const { actor, granter } = allowed;
    const { address: toAddress } = world.anyoneBut(random, actor);
    const send = message(MsgSendSchema, { fromAddress: actor.address, toAddress, amount: [coin(1n)] });
    return { actor, messages: [send], options: { feeGranter: granter.address } };
  }),
  operation("feegrant/revoke", 1, async (world, random) => {
    const allowed = await anAllowed(world, random);
    if (allowed === undefined) return undefined;
    const { actor, granter } = allowed;
    const revoke = message(MsgRevokeAllowanceSchema, { granter: granter.address, grantee: actor.address });
    return { actor: granter, messages: [revoke] };
  }),
  operation("feegrant/prune", 1, async (world, random) => {
    const actor = await world.someone(random);
    return actor && { actor, messages: [message(MsgPruneAllowancesSchema, { pruner: actor.address })] };
  }),
  attack("feegrant/use-of-none", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    // Somebody without an account, who cannot have granted anything.
    const granter = await world.latecomer(random);
    if (granter === undefined) return undefined;
    const send = message(MsgSendSchema, {
      fromAddress: actor.address,
      toAddress: actor.address,
      amount: [coin(1n)],
    });
    await world.learnSequence(actor);
    return {
      actor,
      messages: [send],
      options: { feeGranter: granter.address, sequence: actor.signer.sequence },
    };
  }),
];
