import type { DescMessage, DescService } from "@bufbuild/protobuf";
import { fromBinary, getOption, toBinary } from "@bufbuild/protobuf";
import type { AminoMsg } from "@cosmjs/amino";
import { makeSignDoc, serializeSignDoc } from "@cosmjs/amino";
import { AminoTypes } from "@cosmjs/stargate";
import { implements_interface } from "@computronium/proto/cosmos_proto/cosmos_pb.js";
import { ComputroniumError, createAminoConverters } from "@computronium/client";

import { aminoJsonOfAny } from "../../../../core/codec/amino-json.js";
import { packAny, registry } from "../../../../core/codec/registry.js";

/** One of our messages, and what the Cosmos SDK's encoder makes of it; written by main.go. */
interface Vector {
  readonly typeUrl: string;
  /** In base64; null when empty. */
  readonly value: string | null;
  readonly amino?: string;
  readonly error?: string;
  readonly rewritten?: string;
}

export interface Vectors {
  readonly seed: number;
  readonly vectors: readonly Vector[];
}

export interface Replayed {
  /** Messages that the node's encoder wrote as Go's. */
  readonly node: number;
  /** Messages that the client's encoder wrote as Go's. */
  readonly client: number;
  /** Messages that the client's encoder refused. */
  readonly refused: number;
  /** Vectors of types that are no messages of a transaction, of which the client was not asked. */
  readonly parts: number;
  /** Vectors on which we and Go differ. */
  readonly differences: readonly string[];
}

/** The `Msg` services of this project. */
export const OUR_SERVICES: readonly DescService[] = [...registry].filter(
  (type): type is DescService =>
    type.kind === "service" && type.name === "Msg" && type.typeName.startsWith("computronium."),
);

/** The type URLs of all messages of {@link OUR_SERVICES}, in order. */
export const OUR_MESSAGES: readonly string[] = OUR_SERVICES.flatMap(({ methods }) =>
  methods.map(({ input }) => `/${input.typeName}`),
).sort();

/** Type URLs of our types that stand in an `Any` within a message, such as authorizations: the client has no say in them. */
const OUR_PARTS: readonly string[] = [...registry]
  .filter((type): type is DescMessage => type.kind === "message" && type.typeName.startsWith("computronium."))
  .filter((type) => getOption(type, implements_interface).length > 0)
  .map(({ typeName }) => `/${typeName}`);

/** All that there are vectors of. */
export const OUR_TYPES: readonly string[] = [...OUR_MESSAGES, ...OUR_PARTS].sort();

const converters = new AminoTypes(createAminoConverters(OUR_SERVICES));

/** Go's encoder escapes these two, no JavaScript signer does: our client refuses to have them signed. */
const UNSIGNABLE = /\\u2028|\\u2029/;

export function replay({ vectors }: Vectors): Replayed {
  const count = { node: 0, client: 0, refused: 0, parts: 0 };
  const differences: string[] = [];
  for (const vector of vectors) {
    const schema = registry.getMessage(vector.typeUrl.slice(1));
    if (schema === undefined) {
      differences.push(`${vector.typeUrl} is no message of this chain: make the vectors anew (make golden)`);
      continue;
    }
    const bytes = Buffer.from(vector.value ?? "", "base64");
    const differs = (who: string, written: string, go: string | undefined) =>
      differences.push(`${vector.typeUrl} ${bytes.toString("hex")}: ${who} says ${written}, Go ${go ?? vector.error}`);

    // The node signs what the SDK has after it read the transaction.
    const onChain = vector.rewritten ?? vector.amino;
    const node = aminoJsonOfAny(packAny(schema, fromBinary(schema, bytes)));
    if (node === onChain) count.node++;
    else differs("the node", node, onChain);

    if (OUR_PARTS.includes(vector.typeUrl)) {
      count.parts++;
      continue;
    }
    const client = clientJson(schema, bytes);
    if (client === undefined) {
      if (vector.amino === undefined || UNSIGNABLE.test(vector.amino)) count.refused++;
      else differs("the client", "nothing", vector.amino);
    } else if (client.json !== vector.amino) differs("the client", client.json, vector.amino);
    // A wallet hands back JSON, from which the transaction is made: the chain must find in it what was signed.
    else if (chainJson(schema, client.amino) !== vector.amino) differs("the client's transaction", chainJson(schema, client.amino), vector.amino);
    else count.client++;
  }
  return { ...count, differences };
}

/** What cosmjs signs; undefined where our converter refuses. */
function clientJson(schema: DescMessage, bytes: Uint8Array): { amino: AminoMsg; json: string } | undefined {
  try {
    const amino = converters.toAmino({ typeUrl: `/${schema.typeName}`, value: fromBinary(schema, bytes) });
    return { amino, json: signedJson(amino) };
  } catch (error) {
    if (error instanceof ComputroniumError) return undefined;
    throw error;
  }
}

/** The message in the document that every signer of cosmjs signs. */
function signedJson(amino: AminoMsg): string {
  const document = Buffer.from(serializeSignDoc(makeSignDoc([amino], { amount: [], gas: "0" }, "c", "", 1, 1)));
  const [head, tail] = ['{"account_number":"1","chain_id":"c","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[', '],"sequence":"1"}'];
  const text = document.toString("utf8");
  if (!text.startsWith(head) || !text.endsWith(tail)) throw new Error(`another document than expected: ${text}`);
  return text.slice(head.length, -tail.length);
}

function chainJson(schema: DescMessage, amino: AminoMsg): string {
  const { value } = converters.fromAmino(amino) as { value: ReturnType<typeof fromBinary> };
  return aminoJsonOfAny(packAny(schema, fromBinary(schema, toBinary(schema, value))));
}
