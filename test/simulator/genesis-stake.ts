import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { GenesisStateSchema } from "@computronium/proto/cosmos/staking/v1beta1/genesis_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";

import { Addresses, moduleAddress } from "../../core/address.js";
import { messageToJson } from "../../core/codec/json.js";
import { create } from "../../core/codec/protobuf.js";
import { NOT_BONDED_POOL } from "../../modules/stake/types.js";
import type { Actor } from "./actors.js";
import { packed } from "./any.js";
import { DENOM } from "./denoms.js";
import type { SeededRandom } from "./random.js";

const ONE = 10n ** 18n;

/** Validators that a chain begins with, who have delegated to themselves, and what for that is in the pool. */
export function genesisStake(
  actors: readonly Actor[],
  random: SeededRandom,
): { readonly staking: JsonObject; readonly pool: { readonly address: string; readonly coins: JsonValue } } {
  const count = random.pick([1, 4, 4, 7]);
  const operators = actors.slice(0, count).map((actor) => ({
    actor,
    tokens: 1_000_000n * BigInt(1 + random.below(random.pick([10, 100_000]))),
  }));
  const state = create(GenesisStateSchema, {
    params: {
      unbondingTime: { seconds: BigInt(random.pick([1, 60, 2_000, 50_000])), nanos: 0 },
      maxValidators: random.pick([1, 3, 5, 100]),
      maxEntries: random.pick([1, 2, 7]),
      historicalEntries: random.pick([0, 5, 10_000]),
      bondDenom: DENOM,
      minCommissionRate: random.pick(["0", "50000000000000000"]),
    },
    lastTotalPower: Buffer.from("0"),
    validators: operators.map(({ actor, tokens }) => ({
      operatorAddress: actor.valoper,
      consensusPubkey: packed(PubKeySchema, { key: actor.consensusKey }),
      status: BondStatus.UNBONDED,
      tokens: tokens.toString(),
      delegatorShares: (tokens * ONE).toString(),
      description: { moniker: `genesis validator ${actor.index}` },
      unbondingTime: { seconds: 0n, nanos: 0 },
      commission: {
        commissionRates: {
          rate: (ONE / 10n).toString(),
          maxRate: (ONE / 2n).toString(),
          maxChangeRate: (ONE / 20n).toString(),
        },
        updateTime: { seconds: 1_700_000_000n, nanos: 0 },
      },
      minSelfDelegation: "1",
    })),
    delegations: operators.map(({ actor, tokens }) => ({
      delegatorAddress: actor.address,
      validatorAddress: actor.valoper,
      shares: (tokens * ONE).toString(),
    })),
  });
  const sum = operators.reduce((all, { tokens }) => all + tokens, 0n);
  const address = new Addresses("cptm").account.encode(moduleAddress(NOT_BONDED_POOL));
  return {
    staking: messageToJson(GenesisStateSchema, state) as JsonObject,
    pool: { address, coins: [{ denom: DENOM, amount: sum.toString() }] },
  };
}
