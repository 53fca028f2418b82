import type { Timestamp } from "@bufbuild/protobuf/wkt";

import { ErrTxTimeout, ErrTxTimeoutHeight } from "../../core/errors.js";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import { timeText } from "../../core/runtime/time-text.js";
import type { AnteStep } from "./step.js";

/** Unix time in nanoseconds of a transaction's timeout; undefined when it has none, which zero seconds mean too. */
export function timeoutNanos(timeout: Timestamp | undefined): bigint | undefined {
  if (timeout === undefined || timeout.seconds === 0n) return undefined;
  return timeout.seconds * NANOS_PER_SECOND + BigInt(timeout.nanos);
}

/** The block is not above the height, nor after the time, that the sender set. x/auth/ante/basic.go. */
export const checkTimeout: AnteStep = ({ block }, { tx }) => {
  const { timeoutHeight, timeoutTimestamp } = tx.body;
  if (timeoutHeight > 0n && block.height > timeoutHeight) {
    throw ErrTxTimeoutHeight.with(`block height: ${block.height}, timeout height: ${timeoutHeight}`);
  }
  const timeout = timeoutNanos(timeoutTimestamp);
  if (timeout !== undefined && timeout < block.timeNanos) {
    throw ErrTxTimeout.with(`block time: ${timeText(block.timeNanos)}, timeout timestamp: ${timeText(timeout)}`);
  }
};
