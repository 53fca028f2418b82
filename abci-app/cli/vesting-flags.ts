import { readFileSync } from "node:fs";

import type { Command } from "commander";
import { z } from "zod";

import type { VestingOptions } from "../node/runtime.js";
import { wholeNumber } from "./numbers.js";

/** As commander hands over the flags of {@link addVestingFlags}. */
interface VestingFlags {
  readonly vestingAmount?: string;
  readonly vestingStartTime?: number;
  readonly vestingEndTime?: number;
  readonly vestingPeriods?: string;
  readonly vestingPermanent?: boolean;
}

/** The file that the SDK's `tx vesting create-periodic-vesting-account` reads. */
const periodsFile = z.strictObject({
  start_time: z.int().min(1),
  periods: z.array(z.strictObject({ coins: z.string(), length_seconds: z.int().min(1) })).min(1),
});

/** Flags of the SDK's `add-genesis-account`, and two more for the kinds of schedule that it lacks there. */
export function addVestingFlags(command: Command): void {
  command
    .option("--vesting-amount <coins>", "how much of it is not free yet, such as 500000ucptm")
    .option("--vesting-start-time <seconds>", "Unix time from which on it is set free little by little", wholeNumber(0))
    .option(
      "--vesting-end-time <seconds>",
      "Unix time at which all is free; without a start, all at once",
      wholeNumber(0),
    )
    .option(
      "--vesting-periods <file>",
      'JSON file: {"start_time":1800000000,"periods":[{"coins":"5ucptm","length_seconds":86400}]}',
    )
    .option("--vesting-permanent", "never free: can be staked, but not spent");
}

/** What the flags ask for; undefined when they are not used. */
export function vestingOf(flags: VestingFlags): VestingOptions | undefined {
  const { vestingAmount: amount, vestingStartTime, vestingEndTime, vestingPeriods, vestingPermanent } = flags;
  if (vestingPeriods !== undefined) {
    const { start_time, periods } = readPeriods(vestingPeriods);
    return { startTime: BigInt(start_time), periods };
  }
  if (amount === undefined) {
    if (vestingStartTime === undefined && vestingEndTime === undefined && vestingPermanent === undefined)
      return undefined;
    throw new Error("--vesting-amount is missing: it says how much is not free yet");
  }
  return {
    amount,
    startTime: BigInt(vestingStartTime ?? 0),
    endTime: BigInt(vestingEndTime ?? 0),
    permanent: vestingPermanent,
  };
}

function readPeriods(path: string): z.infer<typeof periodsFile> {
  const parsed = periodsFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is no schedule of periods:\n${z.prettifyError(parsed.error)}`);
}
