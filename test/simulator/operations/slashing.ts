import { Query } from "@computronium/proto/cosmos/slashing/v1beta1/query_pb.js";
import { MsgUnjailSchema } from "@computronium/proto/cosmos/slashing/v1beta1/tx_pb.js";

import { Addresses } from "../../../core/address.js";
import type { ConsAddress } from "../../../core/address.js";
import { toByteString } from "../../../core/bytes.js";
import { message } from "../../kit/signer.js";
import type { Actor } from "../actors.js";
import { consensusAddress } from "../comet/validator-set.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { World } from "../world.js";
import { validators } from "./staking.js";

const ADDRESSES = new Addresses("cptm");

async function jailed(world: World): Promise<readonly Actor[]> {
  return (await validators(world)).flatMap(({ jailed: isJailed, operatorAddress }) => {
    const actor = world.actorAt(operatorAddress);
    return isJailed && actor !== undefined ? [actor] : [];
  });
}

async function isTombstoned(world: World, { consensusKey }: Actor): Promise<boolean> {
  const bytes = toByteString(Buffer.from(consensusAddress(consensusKey), "hex")) as ConsAddress;
  const answer = await world.find(Query.method.signingInfo, { consAddress: ADDRESSES.consensus.encode(bytes) });
  return answer?.valSigningInfo?.tombstoned === true;
}

export const slashingOperations: readonly Operation[] = [
  operation("slashing/unjail", 8, async (world, random) => {
    const actors = await jailed(world);
    if (actors.length === 0) return undefined;
    const actor = random.pick(actors);
    return { actor, messages: [message(MsgUnjailSchema, { validatorAddr: actor.valoper })] };
  }),
  attack("slashing/unjail-tombstoned", 2, async (world, random) => {
    const actors = await jailed(world);
    if (actors.length === 0) return undefined;
    const actor = random.pick(actors);
    if (!(await isTombstoned(world, actor))) return undefined;
    return { actor, messages: [message(MsgUnjailSchema, { validatorAddr: actor.valoper })] };
  }),
  attack("slashing/unjail-of-nobody", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    if ((await validators(world)).some(({ operatorAddress }) => operatorAddress === actor.valoper)) return undefined;
    return { actor, messages: [message(MsgUnjailSchema, { validatorAddr: actor.valoper })] };
  }),
];
