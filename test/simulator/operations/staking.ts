import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import type { DelegationResponse, Validator } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import {
  MsgBeginRedelegateSchema,
  MsgCancelUnbondingDelegationSchema,
  MsgCreateValidatorSchema,
  MsgDelegateSchema,
  MsgEditValidatorSchema,
  MsgUndelegateSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { create, toBinary } from "../../../core/codec/protobuf.js";
import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import type { Actor } from "../actors.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";
import { FEE } from "../world.js";

/** More than anybody will ever have. */
const TOO_MUCH = 10n ** 30n;

export async function validators(world: World): Promise<readonly Validator[]> {
  return (await world.find(Query.method.validators, { pagination: { limit: 100n } }))?.validators ?? [];
}

async function aValidator(world: World, random: SeededRandom): Promise<Validator | undefined> {
  const all = await validators(world);
  return all.length === 0 ? undefined : random.pick(all);
}

/** Somebody who delegates, and one of his delegations. */
export async function aDelegation(
  world: World,
  random: SeededRandom,
): Promise<{ readonly actor: Actor; readonly delegation: DelegationResponse } | undefined> {
  for (let tries = 0; tries < 4; tries++) {
    const actor = random.pick(world.actors);
    const answer = await world.find(Query.method.delegatorDelegations, { delegatorAddr: actor.address });
    const delegations = answer?.delegationResponses ?? [];
    if (delegations.length > 0) return { actor, delegation: random.pick(delegations) };
  }
  return undefined;
}

/** The whole of it, or a part. */
function partOf(random: SeededRandom, { balance }: DelegationResponse): bigint {
  const all = BigInt(balance?.amount ?? "0");
  return oneIn(random, 3) ? all : amountUpTo(random, all);
}

/** What somebody may delegate: locked coins too, but for what fees need. */
async function toDelegate(world: World, random: SeededRandom, { address }: Actor): Promise<bigint> {
  const balance = await world.balance(address);
  return amountUpTo(random, balance / (oneIn(random, 20) ? 2n : 10n));
}

const hundredths = (value: number): string => (BigInt(value) * 10n ** 16n).toString();
const pubkeyOf = ({ consensusKey }: Actor) => ({
  typeUrl: `/${PubKeySchema.typeName}`,
  value: toBinary(PubKeySchema, create(PubKeySchema, { key: consensusKey })),
});

function createValidator(actor: Actor, keyOf: Actor, random: SeededRandom, amount: bigint) {
  const maxRate = 5 + random.below(60);
  return message(MsgCreateValidatorSchema, {
    description: { moniker: `validator ${actor.index}` },
    commission: {
      rate: hundredths(5 + random.below(maxRate - 4)),
      maxRate: hundredths(maxRate),
      maxChangeRate: hundredths(1 + random.below(5)),
    },
    minSelfDelegation: String(amountUpTo(random, amount)),
    delegatorAddress: actor.address,
    validatorAddress: actor.valoper,
    pubkey: pubkeyOf(keyOf),
    value: coin(amount),
  });
}

export const stakingOperations: readonly Operation[] = [
  operation("staking/create-validator", 2, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined || (await validators(world)).some((known) => known.operatorAddress === actor.valoper)) {
      return undefined;
    }
    const amount = 1_000_000n + (await toDelegate(world, random, actor));
    return { actor, messages: [createValidator(actor, actor, random, amount)] };
  }),
  operation("staking/edit-validator", 2, async (world, random) => {
    const validator = await aValidator(world, random);
    const actor = validator === undefined ? undefined : world.actorAt(validator.operatorAddress);
    if (validator === undefined || actor === undefined) return undefined;
    const edit = message(MsgEditValidatorSchema, {
      description: { moniker: `edited ${random.below(100)}`, identity: "[do-not-modify]" },
      validatorAddress: validator.operatorAddress,
      commissionRate: oneIn(random, 2) ? "" : hundredths(5 + random.below(30)),
      minSelfDelegation: oneIn(random, 2) ? "" : String(BigInt(validator.minSelfDelegation) + 1n),
    });
    return { actor, messages: [edit] };
  }),
  operation("staking/delegate", 12, async (world, random) => {
    const [actor, validator] = [await world.someone(random), await aValidator(world, random)];
    if (actor === undefined || validator === undefined) return undefined;
    const delegate = message(MsgDelegateSchema, {
      delegatorAddress: actor.address,
      validatorAddress: validator.operatorAddress,
      amount: coin(await toDelegate(world, random, actor)),
    });
    return { actor, messages: [delegate] };
  }),
  operation("staking/undelegate", 8, async (world, random) => {
    const found = await aDelegation(world, random);
    if (found === undefined) return undefined;
    const { actor, delegation } = found;
    const undelegate = message(MsgUndelegateSchema, {
      delegatorAddress: actor.address,
      validatorAddress: delegation.delegation!.validatorAddress,
      amount: coin(partOf(random, delegation)),
    });
    return { actor, messages: [undelegate] };
  }),
  operation("staking/redelegate", 8, async (world, random) => {
    const [found, to] = [await aDelegation(world, random), await aValidator(world, random)];
    if (found === undefined || to === undefined) return undefined;
    const { actor, delegation } = found;
    const redelegate = message(MsgBeginRedelegateSchema, {
      delegatorAddress: actor.address,
      validatorSrcAddress: delegation.delegation!.validatorAddress,
      validatorDstAddress: to.operatorAddress,
      amount: coin(partOf(random, delegation)),
    });
    return { actor, messages: [redelegate] };
  }),
  operation("staking/cancel-unbonding", 3, async (world, random) => {
    const actor = random.pick(world.actors);
    const answer = await world.find(Query.method.delegatorUnbondingDelegations, { delegatorAddr: actor.address });
    const unbondings = answer?.unbondingResponses ?? [];
    if (unbondings.length === 0) return undefined;
    const { validatorAddress, entries } = random.pick(unbondings);
    const { creationHeight, balance } = random.pick(entries);
    const cancel = message(MsgCancelUnbondingDelegationSchema, {
      delegatorAddress: actor.address,
      validatorAddress,
      amount: coin(oneIn(random, 2) ? BigInt(balance) : amountUpTo(random, BigInt(balance))),
      creationHeight,
    });
    return { actor, messages: [cancel] };
  }),
  attack("staking/undelegate-too-much", 1, async (world, random) => {
    const found = await aDelegation(world, random);
    if (found === undefined) return undefined;
    const { actor, delegation } = found;
    const undelegate = message(MsgUndelegateSchema, {
      delegatorAddress: actor.address,
      validatorAddress: delegation.delegation!.validatorAddress,
      amount: coin(oneIn(random, 2) ? TOO_MUCH : 0n),
    });
    return { actor, messages: [undelegate] };
  }),
  attack("staking/key-of-another", 1, async (world, random) => {
    const [actor, validator] = [await world.someone(random), await aValidator(world, random)];
    const owner = validator === undefined ? undefined : world.actorAt(validator.operatorAddress);
    // One that is not bonded may be gone, with its key, before this one.
    const isBonded = validator?.status === BondStatus.BONDED;
    if (actor === undefined || owner === undefined || owner === actor || !isBonded) return undefined;
    if ((await world.spendable(actor.address)) < 2_000_000n + FEE) return undefined;
    return { actor, messages: [createValidator(actor, owner, random, 1_000_000n)] };
  }),
  attack("staking/cancel-of-nothing", 1, async (world, random) => {
    const [actor, validator] = [await world.someone(random), await aValidator(world, random)];
    if (actor === undefined || validator === undefined) return undefined;
    const cancel = message(MsgCancelUnbondingDelegationSchema, {
      delegatorAddress: actor.address,
      validatorAddress: validator.operatorAddress,
      amount: coin(1n),
      creationHeight: world.comet.height + 1_000n,
    });
    return { actor, messages: [cancel] };
  }),
];
