import type { DescField, DescFile, DescMessage, Message, Registry } from "@bufbuild/protobuf";
import { create, createRegistry, getOption, hasOption, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { service as isMsgService } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";
import { accepts_interface, implements_interface } from "@computronium/proto/cosmos_proto/cosmos_pb.js";
import { files } from "@computronium/proto/files.js";

import { ErrUnpackAny } from "../errors.js";
import { readMessage } from "./optional-numbers.js";
import "./text-encoding.js";

/** Every type of the chain: ours, the SDK's, IBC's and Google's. Reflection and JSON read it. */
export const registry: Registry = createRegistry(...files);

/** Every file of the registry and all that these import, each after those that it imports itself. */
export function descriptorFiles(): readonly DescFile[] {
  const ordered = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    if (ordered.has(file)) return;
    for (const dependency of file.dependencies) visit(dependency);
    ordered.add(file);
  };
  for (const file of files) visit(file);
  return [...ordered];
}

/** Name of the interface that every message of a transaction implements. */
export const MSG_INTERFACE = "cosmos.base.v1beta1.Msg";
/** Name of the interface of public keys. */
export const PUBLIC_KEY_INTERFACE = "cosmos.crypto.PubKey";

/** Other names under which protobuf files ask for the same interface. */
const SAME_INTERFACE: ReadonlyMap<string, string> = new Map([["sdk.Msg", MSG_INTERFACE]]);

/** Public keys carry no `implements_interface` in the SDK's files. */
const PUBLIC_KEYS = [
  "cosmos.crypto.ed25519.PubKey",
  "cosmos.crypto.multisig.LegacyAminoPubKey",
  "cosmos.crypto.secp256k1.PubKey",
  "cosmos.crypto.secp256r1.PubKey",
];

/** Nor does the one kind of evidence that x/evidence knows. */
const EVIDENCE_INTERFACE = "cosmos.evidence.v1beta1.Evidence";
const EQUIVOCATION = "cosmos.evidence.v1beta1.Equivocation";

/** Nor do the states, headers and proofs of misbehaviour of IBC's light clients. */
const LIGHT_CLIENT_PACKAGE = "ibc.lightclients.";
const LIGHT_CLIENT_INTERFACES: ReadonlyMap<string, string> = new Map([
  ["ClientState", "ibc.core.client.v1.ClientState"],
  ["ConsensusState", "ibc.core.client.v1.ConsensusState"],
  ["Header", "ibc.core.client.v1.ClientMessage"],
  ["Misbehaviour", "ibc.core.client.v1.ClientMessage"],
]);

/** Interfaces by name → the types that may stand in an `Any` where that interface is asked for, by type URL. */
const implementations = new Map<string, Map<string, DescMessage>>();
/** All types that may stand in an `Any` anywhere in a transaction, by type URL. */
const packable = new Map<string, DescMessage>();

function implement(interfaceName: string, schema: DescMessage): void {
  const name = SAME_INTERFACE.get(interfaceName) ?? interfaceName;
  let types = implementations.get(name);
  if (types === undefined) implementations.set(name, (types = new Map<string, DescMessage>()));
  types.set(typeUrlOf(schema), schema);
  packable.set(typeUrlOf(schema), schema);
}

for (const type of registry) {
  if (type.kind === "service" && (getOption(type, isMsgService) || type.name === "Msg")) {
    for (const method of type.methods) implement(MSG_INTERFACE, method.input);
  } else if (type.kind === "message") {
    for (const name of getOption(type, implements_interface)) implement(name, type);
    const clientInterface = LIGHT_CLIENT_INTERFACES.get(type.name);
    if (clientInterface !== undefined && type.typeName.startsWith(LIGHT_CLIENT_PACKAGE))
      implement(clientInterface, type);
  }
}
const equivocation = registry.getMessage(EQUIVOCATION);
if (equivocation !== undefined) implement(EVIDENCE_INTERFACE, equivocation);
for (const typeName of PUBLIC_KEYS) {
  const schema = registry.getMessage(typeName);
  if (schema !== undefined) implement(PUBLIC_KEY_INTERFACE, schema);
}

/** `/cosmos.bank.v1beta1.MsgSend`, as it stands in `Any`. */
export function typeUrlOf(schema: DescMessage): string {
  return `/${schema.typeName}`;
}

/**
 * The type of an `Any` in a transaction; undefined when it is no message, public key, allowance or other implementation
 * of an interface. Only the one form of the URL counts: a slash and the full name.
 */
export function packableType(typeUrl: string): DescMessage | undefined {
  return packable.get(typeUrl);
}

/** The types that an `Any` field takes, by type URL; undefined when the field does not say. */
export function acceptedTypes(field: DescField): ReadonlyMap<string, DescMessage> | undefined {
  if (!hasOption(field, accepts_interface)) return undefined;
  return implementersOf(getOption(field, accepts_interface));
}

/** The types of an interface, by type URL: none where nobody implements it. */
export function implementersOf(interfaceName: string): ReadonlyMap<string, DescMessage> {
  return implementations.get(SAME_INTERFACE.get(interfaceName) ?? interfaceName) ?? new Map<string, DescMessage>();
}

/** Names of all interfaces that something implements, in byte order. */
export function interfaceNames(): readonly string[] {
  return [...implementations.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Packs a message, under the type URL of its type. */
export function packAny(schema: DescMessage, message: Message): Any {
  return create(AnySchema, { typeUrl: typeUrlOf(schema), value: toBinary(schema, message) });
}

/** A message with its type. */
export interface TypedMessage {
  readonly typeUrl: string;
  readonly schema: DescMessage;
  readonly value: Message;
}

/**
 * The message of an `Any`. Throws `sdk` 34 for a type that may not be packed, or bytes that are not of it. Of what came in
 * a transaction the bytes were checked when it was decoded.
 */
export function unpackAny(any: Any): TypedMessage {
  const schema = packable.get(any.typeUrl);
  if (schema === undefined) throw ErrUnpackAny.with(`unable to resolve type URL ${any.typeUrl}`);
  try {
    return { typeUrl: any.typeUrl, schema, value: readMessage(schema, any.value) };
  } catch (error) {
    throw ErrUnpackAny.with(`${any.typeUrl}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
