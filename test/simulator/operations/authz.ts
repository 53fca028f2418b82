import { GenericAuthorizationSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { Query } from "@computronium/proto/cosmos/authz/v1beta1/query_pb.js";
import { MsgExecSchema, MsgGrantSchema, MsgRevokeSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { SendAuthorizationSchema } from "@computronium/proto/cosmos/bank/v1beta1/authz_pb.js";
import { MsgMultiSendSchema, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { AuthorizationType, StakeAuthorizationSchema } from "@computronium/proto/cosmos/staking/v1beta1/authz_pb.js";
import { MsgDelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { coin } from "../../market/actors.js";
import { message } from "../../kit/signer.js";
import { packed } from "../any.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";
import { GOVERNANCE } from "./parameters.js";
import { validators } from "./staking.js";

const SEND_URL = `/${MsgSendSchema.typeName}`;

async function anAuthorization(world: World, random: SeededRandom) {
  const kind = random.below(4);
  if (kind === 0) return packed(GenericAuthorizationSchema, { msg: SEND_URL });
  if (kind === 1) return packed(GenericAuthorizationSchema, { msg: `/${MsgDelegateSchema.typeName}` });
  if (kind === 2) {
    const [first] = await validators(world);
    if (first !== undefined) {
      return packed(StakeAuthorizationSchema, {
        maxTokens: coin(amountUpTo(random, 10n ** 9n)),
        authorizationType: AuthorizationType.DELEGATE,
        validators: { case: "allowList", value: { address: [first.operatorAddress] } },
      });
    }
  }
  return packed(SendAuthorizationSchema, { spendLimit: [coin(amountUpTo(random, 10n ** 9n))] });
}

/** Somebody who may act for another, and for whom. */
async function aGrant(world: World, random: SeededRandom) {
  for (let tries = 0; tries < 4; tries++) {
    const granter = random.pick(world.actors);
    const answer = await world.find(Query.method.granterGrants, { granter: granter.address });
    const grants = answer?.grants ?? [];
    if (grants.length === 0) continue;
    const { grantee, authorization } = random.pick(grants);
    const actor = world.actorAt(grantee);
    if (actor !== undefined) return { granter, actor, typeUrl: authorization?.typeUrl ?? "" };
  }
  return undefined;
}

function send(from: string, to: string, amount: bigint) {
  return { fromAddress: from, toAddress: to, amount: [coin(amount)] };
}

export const authzOperations: readonly Operation[] = [
  operation("authz/grant", 3, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const { address: grantee } = world.anyoneBut(random, actor);
    const seconds = world.timeSeconds + BigInt(random.pick([100, 10_000, 1_000_000]));
    const grant = message(MsgGrantSchema, {
      granter: actor.address,
      grantee,
      grant: {
        authorization: await anAuthorization(world, random),
        ...(oneIn(random, 4) ? {} : { expiration: { seconds, nanos: 0 } }),
      },
    });
    return { actor, messages: [grant] };
  }),
  operation("authz/exec", 6, async (world, random) => {
    const grant = await aGrant(world, random);
    if (grant === undefined) return undefined;
    const { actor, granter } = grant;
    const delegates = /Stake|Generic/.test(grant.typeUrl) && oneIn(random, 2);
    const [validator] = delegates ? await validators(world) : [];
    const most = (await world.spendable(granter.address)) / 50n;
    const msg =
      validator === undefined
        ? packed(MsgSendSchema, send(granter.address, actor.address, amountUpTo(random, most)))
        : packed(MsgDelegateSchema, {
            delegatorAddress: granter.address,
            validatorAddress: validator.operatorAddress,
            amount: coin(amountUpTo(random, most)),
          });
    return { actor, messages: [message(MsgExecSchema, { grantee: actor.address, msgs: [msg] })] };
  }),
  operation("authz/revoke", 1, async (world, random) => {
    const grant = await aGrant(world, random);
    if (grant === undefined) return undefined;
    const { granter, actor } = grant;
    const msgTypeUrl = grant.typeUrl.endsWith("StakeAuthorization") ? `/${MsgDelegateSchema.typeName}` : SEND_URL;
    const revoke = message(MsgRevokeSchema, { granter: granter.address, grantee: actor.address, msgTypeUrl });
    return { actor: granter, messages: [revoke] };
  }),
  attack("authz/exec-without-grant", 2, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    // A type of message that nobody grants here, in this block neither.
    const victim = world.anyoneBut(random, actor);
    const inner = packed(MsgMultiSendSchema, {
      inputs: [{ address: victim.address, coins: [coin(1n)] }],
      outputs: [{ address: actor.address, coins: [coin(1n)] }],
    });
    const exec = { grantee: actor.address, msgs: [inner] };
    const nested = { grantee: actor.address, msgs: [packed(MsgExecSchema, exec)] };
    return { actor, messages: [message(MsgExecSchema, oneIn(random, 2) ? nested : exec)] };
  }),
  attack("authz/exec-for-governance", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const msgs = [packed(MsgSendSchema, send(GOVERNANCE, actor.address, 1n))];
    return { actor, messages: [message(MsgExecSchema, { grantee: actor.address, msgs })] };
  }),
];
