import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { fromBinary } from "@bufbuild/protobuf";

import { ErrTxDecode } from "../errors.js";
import { checkStrictly } from "./strict.js";
import { WireError } from "./wire.js";

/** Reads bytes from outside as a message: nothing unknown in it, all of `Any` checked. Throws `sdk` 2 (tx parse error). */
export function decodeStrictly<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  try {
    checkStrictly(schema, bytes, false);
  } catch (error) {
    if (error instanceof WireError) throw ErrTxDecode.with(error.message);
    throw error;
  }
  return fromBinary(schema, bytes);
}
