import type { Params } from "@computronium/proto/cosmos/slashing/v1beta1/slashing_pb.js";
import { ParamsSchema } from "@computronium/proto/cosmos/slashing/v1beta1/slashing_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { durationOf, nanosOfDuration } from "../../../core/codec/timestamps.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ONE, decFromRaw, decMulInt, decRoundInt, formatDec, parseRawDec } from "../../../core/math/dec.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";

/** So that forgetting a validator's window is a bounded piece of work: a hundred chunks. */
export const MAX_WINDOW = 102_400n;
/** A year: far below where a time leaves the range of protobuf's timestamps. */
const MAX_JAIL_NANOS = 365n * 86_400n * NANOS_PER_SECOND;

/** Decimals of these parameters are bytes on the wire, which hold the text of the raw count. */
const bytesOfDec = (raw: bigint): Uint8Array => Buffer.from(raw.toString(), "latin1");
const decOfBytes = (bytes: Uint8Array): Dec | undefined => parseRawDec(Buffer.from(bytes).latin1Slice());

/** x/slashing/types/params.go. */
export function defaultParams(): Params {
  return create(ParamsSchema, {
    signedBlocksWindow: 100n,
    minSignedPerWindow: bytesOfDec(DEC_ONE / 2n),
    downtimeJailDuration: durationOf(600n * NANOS_PER_SECOND),
    slashFractionDoubleSign: bytesOfDec(DEC_ONE / 20n),
    slashFractionDowntime: bytesOfDec(DEC_ONE / 100n),
  });
}

/** What is wrong with parameters, each with its field; empty when nothing is. Texts of the SDK where it has one. */
export function paramProblems(params: Params): readonly string[] {
  const problems: string[] = [];
  const { signedBlocksWindow } = params;
  if (signedBlocksWindow <= 0n) {
    problems.push(`signed_blocks_window: signed blocks window must be positive: ${signedBlocksWindow}`);
  }
  if (signedBlocksWindow > MAX_WINDOW)
    problems.push(`signed_blocks_window: ${signedBlocksWindow}, at most ${MAX_WINDOW}`);
  const jail = nanosOfDuration(params.downtimeJailDuration);
  if (jail <= 0n) problems.push(`downtime_jail_duration: downtime jail duration must be positive: ${jail}`);
  if (jail > MAX_JAIL_NANOS) problems.push("downtime_jail_duration: more than a year");
  for (const [field, name, bytes] of [
    ["min_signed_per_window", "min signed per window", params.minSignedPerWindow],
    ["slash_fraction_double_sign", "double sign slash fraction", params.slashFractionDoubleSign],
    ["slash_fraction_downtime", "downtime slash fraction", params.slashFractionDowntime],
  ] as const) {
    const value = decOfBytes(bytes);
    if (value === undefined) problems.push(`${field}: no decimal`);
    else if (value < 0n) problems.push(`${field}: ${name} cannot be negative: ${formatDec(value)}`);
    else if (value > DEC_ONE) problems.push(`${field}: ${name} too large: ${formatDec(value)}`);
  }
  return problems;
}

/** A decimal of parameters that were checked. */
export function decParam(bytes: Uint8Array): Dec {
  return decOfBytes(bytes) ?? decFromRaw(0n);
}

/** Blocks that may go unsigned in a window. */
export function maxMissed({ signedBlocksWindow, minSignedPerWindow }: Params): bigint {
  return signedBlocksWindow - decRoundInt(decMulInt(decParam(minSignedPerWindow), signedBlocksWindow));
}
