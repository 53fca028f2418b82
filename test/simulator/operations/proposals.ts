import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { Query as MarketQuery } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";
import { MsgUpdateParamsSchema as MarketParamsSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { MsgSendSchema, MsgSetSendEnabledSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { Query as DistributionQuery } from "@computronium/proto/cosmos/distribution/v1beta1/query_pb.js";
import {
  MsgCommunityPoolSpendSchema,
  MsgUpdateParamsSchema as DistributionParamsSchema,
} from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import { Query as MintQuery } from "@computronium/proto/cosmos/mint/v1beta1/query_pb.js";
import { MsgUpdateParamsSchema as MintParamsSchema } from "@computronium/proto/cosmos/mint/v1beta1/tx_pb.js";
import { Query as SlashingQuery } from "@computronium/proto/cosmos/slashing/v1beta1/query_pb.js";
import { MsgUpdateParamsSchema as SlashingParamsSchema } from "@computronium/proto/cosmos/slashing/v1beta1/tx_pb.js";
import { Query as StakingQuery } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import { MsgUpdateParamsSchema as StakingParamsSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { coin } from "../../market/actors.js";
import { packed } from "../any.js";
import { DENOM, OTHER_DENOM } from "../denoms.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";
import { GOVERNANCE } from "./parameters.js";

/** A message that only a vote can carry out, as `Any`; undefined where the chain has no such module. */
type Maker = (world: World, random: SeededRandom) => Promise<ReturnType<typeof packed> | undefined>;

const authority = GOVERNANCE;
const fraction = (random: SeededRandom, most: number): string =>
  (BigInt(random.below(most + 1)) * 10n ** 16n).toString();

const MAKERS: readonly Maker[] = [
  async (world, random) => {
    const { params } = await world.ask(MarketQuery.method.params, {});
    const changed = { ...params!, takeRateBps: random.below(2_001), takeBurnBps: random.below(10_001) };
    return packed(MarketParamsSchema, { authority, params: changed });
  },
  async (_, random) =>
    packed(MsgSetSendEnabledSchema, {
      authority,
      sendEnabled: [{ denom: OTHER_DENOM, enabled: oneIn(random, 2) }],
      useDefaultFor: [],
    }),
  async (world, random) => {
    const answer = await world.find(StakingQuery.method.params, {});
    if (answer?.params === undefined) return undefined;
    const params = {
      ...answer.params,
      maxValidators: random.pick([1, 2, 4, 8]),
      maxEntries: random.pick([1, 3, 7]),
      unbondingTime: create(DurationSchema, { seconds: BigInt(random.pick([1, 100, 5_000])) }),
    };
    return packed(StakingParamsSchema, { authority, params });
  },
  async (world, random) => {
    const answer = await world.find(SlashingQuery.method.params, {});
    if (answer?.params === undefined) return undefined;
    const params = { ...answer.params, signedBlocksWindow: BigInt(random.pick([2, 5, 12, 30])) };
    return packed(SlashingParamsSchema, { authority, params });
  },
  async (world, random) => {
    const answer = await world.find(DistributionQuery.method.params, {});
    if (answer?.params === undefined) return undefined;
    return packed(DistributionParamsSchema, {
      authority,
      params: { ...answer.params, communityTax: fraction(random, 50) },
    });
  },
  async (world, random) => {
    const answer = await world.find(MintQuery.method.params, {});
    if (answer?.params === undefined) return undefined;
    const params = { ...answer.params, goalBonded: (BigInt(1 + random.below(100)) * 10n ** 16n).toString() };
    return packed(MintParamsSchema, { authority, params });
  },
  async (world, random) => {
    const pool = await world.find(DistributionQuery.method.communityPool, {});
    const amount = BigInt(pool?.pool.find(({ denom }) => denom === DENOM)?.amount ?? "0") / 10n ** 18n;
    if (amount === 0n) return undefined;
    const recipient = random.pick(world.actors).address;
    // Now and then more than there is: then the proposal passes, and fails.
    const coins = [coin(oneIn(random, 4) ? amount * 2n : amountUpTo(random, amount))];
    return packed(MsgCommunityPoolSpendSchema, { authority, recipient, amount: coins });
  },
  // What governance does not have.
  async (world, random) =>
    packed(MsgSendSchema, {
      fromAddress: authority,
      toAddress: random.pick(world.actors).address,
      amount: [coin(10n ** 30n)],
    }),
  // A value out of its bounds.
  async (world, random) => {
    const answer = await world.find(StakingQuery.method.params, {});
    if (answer?.params === undefined) return undefined;
    return packed(StakingParamsSchema, { authority, params: { ...answer.params, maxValidators: random.below(1) } });
  },
];

/** What a proposal is to do: one thing or two, or nothing but to be talked about. */
export async function proposedMessages(
  world: World,
  random: SeededRandom,
  more: readonly Maker[] = [],
): Promise<readonly ReturnType<typeof packed>[]> {
  const makers = [...MAKERS, ...more];
  const messages: ReturnType<typeof packed>[] = [];
  for (let left = random.pick([0, 1, 1, 1, 2]); left > 0; left--) {
    const made = await random.pick(makers)(world, random);
    if (made !== undefined) messages.push(made);
  }
  return messages;
}

export type { Maker };
