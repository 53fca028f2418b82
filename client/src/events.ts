import type { DescMessage, JsonObject, JsonValue, MessageShape } from "@bufbuild/protobuf";
import { fromJson } from "@bufbuild/protobuf";

import type { ChainBlock, ChainEvent } from "./block-feed.js";

/** A typed event and where it happened. */
export interface TypedEvent<S extends DescMessage> {
  readonly event: MessageShape<S>;
  readonly height: number;
  /** Undefined for what began or ended a block did. */
  readonly txHash: string | undefined;
}

/**
 * Reads an event that a module emitted as a protobuf message: its type is the message's full name, and each attribute is
 * a field in JSON. Undefined for an event of another type.
 */
export function decodeEvent<S extends DescMessage>(schema: S, event: ChainEvent): MessageShape<S> | undefined {
  if (event.type !== schema.typeName) return undefined;
  const json: JsonObject = {};
  for (const field of schema.fields) {
    const text = event.attributes.get(field.name);
    if (text !== undefined) json[field.name] = JSON.parse(text) as JsonValue;
  }
  return fromJson(schema, json);
}

/** All events of one type in a block, in order. */
export function eventsIn<S extends DescMessage>(schema: S, block: ChainBlock): TypedEvent<S>[] {
  const found: TypedEvent<S>[] = [];
  const collect = (events: readonly ChainEvent[], txHash: string | undefined) => {
    for (const each of events) {
      const event = decodeEvent(schema, each);
      if (event !== undefined) found.push({ event, height: block.height, txHash });
    }
  };
  for (const tx of block.txs) if (tx.code === 0) collect(tx.events, tx.hash);
  collect(block.events, undefined);
  return found;
}
