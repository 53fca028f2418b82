import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

import { create, toBinary } from "../../core/codec/protobuf.js";

/** A message inside of another one, as `Any` carries it. */
export function packed<D extends DescMessage>(
  schema: D,
  value: MessageInitShape<D>,
): { readonly typeUrl: string; readonly value: Uint8Array } {
  return { typeUrl: `/${schema.typeName}`, value: toBinary(schema, create(schema, value)) };
}
