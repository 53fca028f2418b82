import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

import { create, toJson } from "../codec/protobuf.js";
import type { ChainEvent } from "./events.js";

/**
 * An event that is described by a protobuf message, written as the SDK's `EmitTypedEvent` does: its type is the full name
 * of the message, its attributes are all of its fields by their names in the .proto file, in the order of these names,
 * each value as JSON (so texts and 64-bit numbers stand in quotes).
 */
export function typedEvent<D extends DescMessage>(schema: D, fields: MessageInitShape<D>): ChainEvent {
  const json = toJson(schema, create(schema, fields), { useProtoFieldName: true, alwaysEmitImplicit: true });
  const attributes = Object.entries(json as Record<string, unknown>)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => ({ key, value: JSON.stringify(value) }));
  return { type: schema.typeName, attributes };
}
