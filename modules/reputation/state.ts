import type { PairEpoch, Reputation } from "@computronium/proto/computronium/reputation/v1/types_pb.js";
import {
  PairEpochSchema,
  ParamsSchema,
  ReputationSchema,
} from "@computronium/proto/computronium/reputation/v1/types_pb.js";

import type { AccAddress } from "../../core/address.js";
import type { KeyCodec } from "../../core/collections/keys.js";
import { brandedBytesKey, pairKey, stringKey, u64Key } from "../../core/collections/keys.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";

export const REPUTATION_STORE = "reputation";
const FULL_SCORE_BPS = 10_000;

/** Epoch, provider, tenant. */
export type PairEpochKey = readonly [epoch: bigint, pair: readonly [provider: AccAddress, tenant: AccAddress]];

const address = brandedBytesKey<AccAddress>();

/** All that the module stores. */
export function reputationState() {
  const schema = new Schema(REPUTATION_STORE);

  // 0x00 → Params
  const params = schema.item(0x00, "params", messageValue(ParamsSchema));

  const scoreKey = pairKey(address, stringKey);
  const rankingKey = pairKey(stringKey, u64Key);
  // 0x11: ((kind, 10,000 - score at the last receipt), (provider, kind)): the best first
  const ranking = schema.index(
    0x11,
    "ranking",
    rankingKey,
    scoreKey,
    ([, kind]: readonly [AccAddress, string], reputation: Reputation) =>
      [kind, BigInt(FULL_SCORE_BPS - reputation.rankedScoreBps)] as const,
  );
  // 0x01: (provider, kind) → Reputation
  const reputations = schema.indexedMap(0x01, "reputations", scoreKey, messageValue(ReputationSchema), [ranking]);

  const pairId = pairKey(address, address);
  const pairEpochKey: KeyCodec<PairEpochKey> = pairKey(u64Key, pairId);
  // 0x21: (provider, (epoch, (provider, tenant)))
  const pairsByProvider = schema.index(
    0x21,
    "pairs_by_provider",
    address,
    pairEpochKey,
    ([, [provider]]: PairEpochKey, _pair: PairEpoch) => provider,
  );
  // 0x02: (epoch, (provider, tenant)) → PairEpoch
  const pairs = schema.indexedMap(0x02, "pairs", pairEpochKey, messageValue(PairEpochSchema), [pairsByProvider]);

  return { schema, params, scoreKey, rankingKey, ranking, reputations, pairs, pairsByProvider };
}

export type ReputationState = ReturnType<typeof reputationState>;
