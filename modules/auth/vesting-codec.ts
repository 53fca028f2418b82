import type { BaseAccount } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import type { BaseVestingAccount } from "@computronium/proto/cosmos/vesting/v1beta1/vesting_pb.js";
import {
  BaseVestingAccountSchema,
  ContinuousVestingAccountSchema,
  DelayedVestingAccountSchema,
  PeriodicVestingAccountSchema,
  PermanentLockedAccountSchema,
} from "@computronium/proto/cosmos/vesting/v1beta1/vesting_pb.js";

import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { coinMessages, parseCoins } from "../../core/math/coins.js";
import type { Vesting, VestingSchedule } from "./types.js";

const URLS = {
  continuous: `/${ContinuousVestingAccountSchema.typeName}`,
  delayed: `/${DelayedVestingAccountSchema.typeName}`,
  periodic: `/${PeriodicVestingAccountSchema.typeName}`,
  permanent: `/${PermanentLockedAccountSchema.typeName}`,
} as const;

/** Type URLs of the accounts of cosmos.vesting.v1beta1. */
export const VESTING_ACCOUNT_URLS: readonly string[] = Object.values(URLS);

interface PackedAccount {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** A vesting account as the SDK stores it. */
export function packVestingAccount(baseAccount: BaseAccount, vesting: Vesting): PackedAccount {
  const { schedule, original, delegatedFree, delegatedVesting, endTime } = vesting;
  const baseVestingAccount = create(BaseVestingAccountSchema, {
    baseAccount,
    originalVesting: coinMessages(original),
    delegatedFree: coinMessages(delegatedFree),
    delegatedVesting: coinMessages(delegatedVesting),
    endTime,
  });
  return { typeUrl: URLS[schedule.kind], value: packSchedule(baseVestingAccount, schedule) };
}

function packSchedule(baseVestingAccount: BaseVestingAccount, schedule: VestingSchedule): Uint8Array {
  switch (schedule.kind) {
    case "continuous": {
      const { startTime } = schedule;
      const schema = ContinuousVestingAccountSchema;
      return toBinary(schema, create(schema, { baseVestingAccount, startTime }));
    }
    case "delayed":
      return toBinary(DelayedVestingAccountSchema, create(DelayedVestingAccountSchema, { baseVestingAccount }));
    case "permanent":
      return toBinary(PermanentLockedAccountSchema, create(PermanentLockedAccountSchema, { baseVestingAccount }));
    case "periodic": {
      const { startTime } = schedule;
      const vestingPeriods = schedule.periods.map(({ length, amount }) => ({ length, amount: coinMessages(amount) }));
      const schema = PeriodicVestingAccountSchema;
      return toBinary(schema, create(schema, { baseVestingAccount, startTime, vestingPeriods }));
    }
  }
}

/**
 * The vesting account in an `Any`; undefined when it is none, or lacks a part. Throws `sdk` 10 for coins that are none; says
 * nothing of whether the parts fit each other.
 */
export function unpackVestingAccount({
  typeUrl,
  value,
}: PackedAccount): { readonly base: BaseAccount; readonly vesting: Vesting } | undefined {
  switch (typeUrl) {
    case URLS.continuous: {
      const { baseVestingAccount, startTime } = fromBinary(ContinuousVestingAccountSchema, value);
      return parts(baseVestingAccount, { kind: "continuous", startTime });
    }
    case URLS.delayed:
      return parts(fromBinary(DelayedVestingAccountSchema, value).baseVestingAccount, { kind: "delayed" });
    case URLS.permanent:
      return parts(fromBinary(PermanentLockedAccountSchema, value).baseVestingAccount, { kind: "permanent" });
    case URLS.periodic: {
      const { baseVestingAccount, startTime, vestingPeriods } = fromBinary(PeriodicVestingAccountSchema, value);
      const periods = vestingPeriods.map(({ length, amount }) => ({ length, amount: parseCoins(amount) }));
      return parts(baseVestingAccount, { kind: "periodic", startTime, periods });
    }
    default:
      return undefined;
  }
}

function parts(vestingAccount: BaseVestingAccount | undefined, schedule: VestingSchedule) {
  const base = vestingAccount?.baseAccount;
  if (vestingAccount === undefined || base === undefined) return undefined;
  const { originalVesting, delegatedFree, delegatedVesting, endTime } = vestingAccount;
  const vesting: Vesting = {
    schedule,
    original: parseCoins(originalVesting),
    delegatedFree: parseCoins(delegatedFree),
    delegatedVesting: parseCoins(delegatedVesting),
    endTime,
  };
  return { base, vesting };
}
