import { ErrInvalidRequest } from "../../core/errors.js";

/** Metadata (gRPC) and header (HTTP) that names the height to answer at, and the height of an answer. */
export const BLOCK_HEIGHT_HEADER = "x-cosmos-block-height";

/** The height that is asked for; 0 for the last one. Throws `sdk` 18 (as baseapp/grpcserver.go) for what is no height. */
export function parseHeight(values: readonly string[]): bigint {
  const [text] = values;
  if (text === undefined || values.length !== 1) return 0n;
  if (!/^[+-]?\d{1,19}$/.test(text)) {
    throw ErrInvalidRequest.with(`invalid height header "${text}": expected a whole number`);
  }
  const height = BigInt(text.replace("+", ""));
  if (height < 0n) throw ErrInvalidRequest.with("cannot query with height < 0; please provide a valid height");
  return height;
}
