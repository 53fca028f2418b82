import { ErrMemoTooLarge } from "../../core/errors.js";
import type { AnteStep } from "./step.js";
import type { ParamsOf } from "./params.js";

/** The memo is no longer than the parameters allow, in bytes, whatever the parameter's name says. x/auth/ante/basic.go. */
export function limitMemo(paramsOf: ParamsOf): AnteStep {
  return (ctx, { tx }) => {
    if (tx.body.memo === "") return;
    const length = Buffer.byteLength(tx.body.memo, "utf8");
    const { maxMemoCharacters } = paramsOf(ctx);
    if (BigInt(length) > maxMemoCharacters) {
      throw ErrMemoTooLarge.with(
        `maximum number of characters is ${maxMemoCharacters} but received ${length} characters`,
      );
    }
  };
}
