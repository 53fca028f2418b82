import type { DescMessage, MessageShape } from "@bufbuild/protobuf";

import { fromBinary, toBinary } from "../codec/protobuf.js";
import type { ValueCodec } from "./values.js";

/** A protobuf message in state: fields in order of their numbers, no unknown fields, no maps, hence one encoding. */
export function messageValue<D extends DescMessage>(schema: D): ValueCodec<MessageShape<D>> {
  return {
    encode: (value) => toBinary(schema, value),
    decode: (bytes) => fromBinary(schema, bytes),
  };
}
