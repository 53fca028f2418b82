import type { DescMessage, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { EncodeObject, GeneratedType, TsProto2GeneratedType } from "@cosmjs/proto-signing";
import { Registry } from "@cosmjs/proto-signing";
import { defaultRegistryTypes } from "@cosmjs/stargate";

/** A message of a transaction: its type, and its value as `create` of protobuf-es takes it. */
export interface TypedMessage<S extends DescMessage = DescMessage> extends EncodeObject {
  readonly typeUrl: string;
  readonly value: MessageShape<S>;
}

/** `/package.Message`, as Cosmos writes the type of an Any. */
export function typeUrl(schema: DescMessage): string {
  return `/${schema.typeName}`;
}

/** Makes a message for a transaction. The schema gives the type URL; the compiler checks the fields. */
export function message<S extends DescMessage>(schema: S, value: MessageInitShape<S>): TypedMessage<S> {
  return { typeUrl: typeUrl(schema), value: create(schema, value) };
}

/** A protobuf-es schema in the shape in which cosmjs knows types. */
export function generatedType(schema: DescMessage): GeneratedType {
  const type = {
    // cosmjs uses no more of a writer than finish().
    encode: (value: MessageShape<DescMessage>) => ({ finish: () => toBinary(schema, value) }),
    decode: (bytes: Uint8Array) => fromBinary(schema, bytes),
    fromPartial: (value: MessageInitShape<DescMessage>) => create(schema, value),
  };
  return type as unknown as TsProto2GeneratedType;
}

/** The messages that these services take, by type URL. */
export function messagesOf(services: Iterable<DescService>): Map<string, DescMessage> {
  const messages = new Map<string, DescMessage>();
  for (const service of services) {
    for (const method of service.methods) messages.set(typeUrl(method.input), method.input);
  }
  return messages;
}

/**
 * A registry for any cosmjs client: the messages of these `Msg` services, beside all that cosmjs knows by itself.
 * Where both know a type, ours is taken.
 */
export function createRegistry(services: Iterable<DescService>): Registry {
  const types = new Map<string, GeneratedType>(defaultRegistryTypes);
  for (const [url, schema] of messagesOf(services)) types.set(url, generatedType(schema));
  return new Registry(types);
}
