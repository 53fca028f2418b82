import { ErrInvalidGasLimit } from "../../core/errors.js";
import type { AnteStep } from "./step.js";

/** The transaction fits into a block by its gas. x/auth/ante/setup.go; the meter itself comes from the block driver. */
export function limitGas(maxBlockGas: () => bigint | undefined): AnteStep {
  return (_ctx, { gasLimit }) => {
    const max = maxBlockGas();
    if (max !== undefined && max > 0n && gasLimit > max) {
      throw ErrInvalidGasLimit.with(`tx gas limit ${gasLimit} exceeds block max gas ${max}`);
    }
  };
}
