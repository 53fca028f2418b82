import {
  BondStatus,
  HistoricalInfoSchema,
  ParamsSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import {
  HistoricalEntrySchema,
  LiabilitySumSchema,
  RedelegationRecordSchema,
  SlashJobSchema,
  SlashRecordSchema,
  UnbondingRecordSchema,
} from "@computronium/proto/computronium/staking/v1/state_pb.js";

import type { AccAddress, Addresses, ConsAddress, ValAddress } from "../../../core/address.js";
import { brandedBytesKey, pairKey, u64Key } from "../../../core/collections/keys.js";
import { memoValue } from "../../../core/collections/memo.js";
import { messageValue } from "../../../core/collections/messages.js";
import { Schema } from "../../../core/collections/schema.js";
import type { ValueCodec } from "../../../core/collections/values.js";
import { amountValue, boolValue, bytesValue, u64Value } from "../../../core/collections/values.js";
import type { Dec } from "../../../core/math/dec.js";
import { decFromRaw } from "../../../core/math/dec.js";
import { UnbondingIds } from "./unbonding-ids.js";
import type { ValidatorRecord } from "./validator.js";
import { potentialPower, validatorValue } from "./validator.js";

export const STAKING_STORE = "staking";

/** (delegator, validator) */
export type PairId = readonly [delegator: AccAddress, validator: ValAddress];
/** (delegator, (source, destination)) */
export type RedelegationId = readonly [
  delegator: AccAddress,
  validators: readonly [source: ValAddress, destination: ValAddress],
];

const account = brandedBytesKey<AccAddress>();
const validator = brandedBytesKey<ValAddress>();
const consensus = brandedBytesKey<ConsAddress>();

/** Highest powers first: 2^64-1 less the power. */
const MAX_U64 = (1n << 64n) - 1n;

/** A non-negative decimal as the text of its raw count; shares have more than the 256 bits of an amount. */
const sharesValue: ValueCodec<Dec> = {
  encode: (value) => Buffer.from(value.toString(), "latin1"),
  decode: (bytes) => decFromRaw(BigInt(Buffer.from(bytes).latin1Slice())),
};

const pair = pairKey(account, validator);
const redelegation = pairKey(account, pairKey(validator, validator));

/** All that staking stores. Numbers of prefixes as in x/staking/types/keys.go where the content is the same. */
export function stakingState(addresses: Addresses) {
  const schema = new Schema(STAKING_STORE);

  // 0x11 validator → power that CometBFT has of it: the active set, as of the end of the last block
  const lastPowers = schema.map(0x11, "last_powers", validator, u64Value);
  // 0x12 → sum of these
  const lastTotalPower = schema.item(0x12, "last_total_power", amountValue);

  const powerKey = u64Key;
  // 0x23 (2^64-1 - power, validator): all that may be bonded, strongest first
  const byPower = schema.index(
    0x23,
    "by_power",
    powerKey,
    validator,
    (_operator: ValAddress, record: ValidatorRecord) => (record.jailed ? undefined : MAX_U64 - potentialPower(record)),
  );
  // 0x24 (status, validator)
  const byStatus = schema.index(
    0x24,
    "by_status",
    u64Key,
    validator,
    (_operator: ValAddress, { status }: ValidatorRecord) => BigInt(status),
  );
  // 0x43 (time, validator): validators that are unbonding
  const unbondingValidators = schema.index(
    0x43,
    "unbonding_validators",
    u64Key,
    validator,
    (_operator: ValAddress, record: ValidatorRecord) =>
      record.status === BondStatus.UNBONDING ? record.unbondingTimeNanos : undefined,
  );
  // 0x21 validator → Validator
  const validators = schema.indexedMap(0x21, "validators", validator, validatorValue(addresses), [
    byPower,
    byStatus,
    unbondingValidators,
  ]);
  // 0x22 consensus address → validator
  const validatorByConsensus = schema.map(
    0x22,
    "validator_by_consensus",
    consensus,
    bytesValue as ValueCodec<ValAddress>,
  );

  // 0x31 (delegator, validator) → shares
  const delegations = schema.map(0x31, "delegations", pair, sharesValue);
  // 0x71 (validator, delegator)
  const delegatorsOf = schema.keySet(0x71, "delegators_of", pairKey(validator, account));

  // 0x32 (delegator, validator) → UnbondingRecord
  const unbondings = schema.map(0x32, "unbondings", pair, messageValue(UnbondingRecordSchema));
  // 0x33 (validator, delegator)
  const unbondingsFrom = schema.keySet(0x33, "unbondings_from", pairKey(validator, account));
  // 0x41 (time, (delegator, validator)): when entries mature
  const unbondingQueue = schema.keySet(0x41, "unbonding_queue", pairKey(u64Key, pair));

  // 0x34 (delegator, (source, destination)) → RedelegationRecord
  const redelegations = schema.map(0x34, "redelegations", redelegation, messageValue(RedelegationRecordSchema));
  // 0x35 (source, (delegator, destination))
  const redelegationsFrom = schema.keySet(0x35, "redelegations_from", pairKey(validator, pairKey(account, validator)));
  // 0x36 (delegator, (destination, source))
  const redelegationsInto = schema.keySet(0x36, "redelegations_into", redelegation);
  // 0x42 (time, (delegator, (source, destination))): when entries mature
  const redelegationQueue = schema.keySet(0x42, "redelegation_queue", pairKey(u64Key, redelegation));

  // 0x37 → number above all of unbonding operations so far
  const unbondingIds = new UnbondingIds(schema.sequence(0x37, "unbonding_ids", 1n));

  // 0x50 height → HistoricalEntry
  const history = schema.map(0x50, "history", u64Key, messageValue(HistoricalEntrySchema));
  // 0x52 height → HistoricalInfo without a header: the validators of the blocks from that height on, until the next
  const valsets = schema.map(0x52, "valsets", u64Key, messageValue(HistoricalInfoSchema));
  // 0x53 → whether a bonded validator is another than in the newest of these
  const valsetIsStale = schema.item(0x53, "valset_is_stale", boolValue);

  // 0x51 → Params
  const params = schema.item(0x51, "params", memoValue(messageValue(ParamsSchema)));

  // 0x81 (validator, (level, bucket of creation heights)) → LiabilitySum
  const liabilities = schema.map(
    0x81,
    "liabilities",
    pairKey(validator, pairKey(u64Key, u64Key)),
    messageValue(LiabilitySumSchema),
  );
  // 0x82 (validator, slash) → SlashRecord, until all entries bore it
  const slashes = schema.map(0x82, "slashes", pairKey(validator, u64Key), messageValue(SlashRecordSchema));
  // 0x84 slash → SlashJob
  const slashJobs = schema.map(0x84, "slash_jobs", u64Key, messageValue(SlashJobSchema));
  // 0x85 → number of the next slash
  const slashIds = schema.sequence(0x85, "slash_ids", 1n);

  return {
    schema,
    lastPowers,
    lastTotalPower,
    byPower,
    byStatus,
    unbondingValidators,
    validators,
    validatorByConsensus,
    delegations,
    delegatorsOf,
    unbondings,
    unbondingsFrom,
    unbondingQueue,
    redelegations,
    redelegationsFrom,
    redelegationsInto,
    redelegationQueue,
    unbondingIds,
    history,
    valsets,
    valsetIsStale,
    params,
    liabilities,
    slashes,
    slashJobs,
    slashIds,
    /** What all keys begin with whose first part is a delegator; a walk's `prefix`. */
    ofDelegator: (address: AccAddress) => account.encodeNonTerminal(address),
    /** The same of a validator. */
    ofValidator: (address: ValAddress) => validator.encodeNonTerminal(address),
  };
}

export type StakingState = ReturnType<typeof stakingState>;
