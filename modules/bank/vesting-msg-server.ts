import type {
  Msg,
  MsgCreatePeriodicVestingAccount,
  MsgCreatePermanentLockedAccount,
  MsgCreateVestingAccount,
} from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import { NO_COINS, sumCoins } from "../../core/math/coins.js";
import type { Context } from "../../core/runtime/context.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import type { Vesting, VestingPeriod, VestingSchedule } from "../auth/types.js";
import { MAX_TIME, MAX_VESTING_PERIODS } from "../auth/types.js";
import type { BankKeeper } from "./keeper.js";
import { readAddress, readCoins } from "./read.js";

interface Parties {
  readonly from: AccAddress;
  readonly to: AccAddress;
}

/** cosmos.vesting.v1beta1.Msg: accounts that receive coins which they cannot spend yet. x/auth/vesting/msg_server.go. */
export function vestingMsgServer(keeper: BankKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses } = keeper;

  function create(ctx: Context, { from, to }: Parties, vesting: Vesting): Record<string, never> {
    keeper.requireSendEnabled(ctx, vesting.original);
    keeper.requireNotBlocked(to);
    keeper.sendVesting(ctx, from, to, vesting);
    return {};
  }

  return {
    createVestingAccount: {
      check: (msg) => void readVesting(addresses, msg, 0n),
      execute: (ctx, msg) => create(ctx, readParties(addresses, msg), readVesting(addresses, msg, ctx.timeSeconds)),
    },
    createPermanentLockedAccount: {
      check: (msg) => void readPermanent(addresses, msg),
      execute: (ctx, msg) => create(ctx, readParties(addresses, msg), readPermanent(addresses, msg)),
    },
    createPeriodicVestingAccount: {
      check: (msg) => void readPeriodic(addresses, msg),
      execute: (ctx, msg) => create(ctx, readParties(addresses, msg), readPeriodic(addresses, msg)),
    },
  };
}

function readParties(addresses: Addresses, msg: { readonly fromAddress: string; readonly toAddress: string }): Parties {
  return {
    from: readAddress(addresses, msg.fromAddress, "'from'"),
    to: readAddress(addresses, msg.toAddress, "'to'"),
  };
}

function newVesting(schedule: VestingSchedule, original: Vesting["original"], endTime: bigint): Vesting {
  return { schedule, original, delegatedFree: NO_COINS, delegatedVesting: NO_COINS, endTime };
}

function readVesting(addresses: Addresses, msg: MsgCreateVestingAccount, startTime: bigint): Vesting {
  readParties(addresses, msg);
  const original = readCoins(msg.amount);
  if (msg.endTime <= 0n) throw ErrInvalidRequest.with("invalid end time");
  return newVesting(msg.delayed ? { kind: "delayed" } : { kind: "continuous", startTime }, original, msg.endTime);
}

function readPermanent(addresses: Addresses, msg: MsgCreatePermanentLockedAccount): Vesting {
  readParties(addresses, msg);
  return newVesting({ kind: "permanent" }, readCoins(msg.amount), 0n);
}

function readPeriodic(addresses: Addresses, msg: MsgCreatePeriodicVestingAccount): Vesting {
  readParties(addresses, msg);
  const { startTime, vestingPeriods } = msg;
  if (startTime < 1n) {
    throw ErrInvalidRequest.with(`invalid start time of ${startTime}, length must be greater than 0`);
  }
  if (vestingPeriods.length > MAX_VESTING_PERIODS) {
    throw ErrInvalidRequest.with(
      `${vestingPeriods.length} vesting periods are too many: at most ${MAX_VESTING_PERIODS}`,
    );
  }
  const periods: readonly VestingPeriod[] = vestingPeriods.map(({ length, amount }, i) => {
    if (length < 1n) {
      throw ErrInvalidRequest.with(`invalid period length of ${length} in period ${i}, length must be greater than 0`);
    }
    return { length, amount: readCoins(amount) };
  });
  const original = sumCoins(periods.map(({ amount }) => amount));
  const endTime = periods.reduce((end, { length }) => end + length, startTime);
  if (endTime > MAX_TIME) {
    throw ErrInvalidRequest.with("cumulative endTime overflowed, and/or is less than startTime");
  }
  if (endTime <= startTime) throw ErrInvalidRequest.with("vesting start-time cannot be before end-time");
  return newVesting({ kind: "periodic", startTime, periods }, original, endTime);
}
