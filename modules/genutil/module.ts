import { GenesisStateSchema } from "@computronium/proto/cosmos/genutil/v1beta1/genesis_pb.js";
import { MsgCreateValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { AuthInfoSchema, TxBodySchema, TxRawSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { messageFromJson, parseJson } from "../../core/codec/json.js";
import { create, toBinary } from "../../core/codec/protobuf.js";
import { typeUrlOf } from "../../core/codec/registry.js";
import { decodeTx } from "../../core/codec/tx.js";
import type { AppModule } from "../../core/runtime/module.js";
import { genesisPart } from "../../core/runtime/module.js";

export const GENUTIL_MODULE = "genutil";

/** A transaction from its JSON, as the bytes that are executed. Throws what is wrong. */
function bytesOf(json: Uint8Array): Uint8Array {
  const tx = messageFromJson(TxSchema, parseJson(Buffer.from(json).toString("utf8")), { ignoreUnknownFields: true });
  return toBinary(
    TxRawSchema,
    create(TxRawSchema, {
      bodyBytes: toBinary(TxBodySchema, tx.body ?? create(TxBodySchema)),
      authInfoBytes: toBinary(AuthInfoSchema, tx.authInfo ?? create(AuthInfoSchema)),
      signatures: tx.signatures,
    }),
  );
}

/** Why the JSON is no transaction by which a genesis makes a validator; undefined when it is one. */
export function genesisTxProblem(json: Uint8Array): string | undefined {
  try {
    const { messages } = decodeTx(bytesOf(json));
    const isOne = messages.length === 1 && messages[0]!.typeUrl === typeUrlOf(MsgCreateValidatorSchema);
    return isOne ? undefined : "must have one message, a MsgCreateValidator";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** x/genutil: transactions of genesis, by which the first validators stake. Nothing of it stays in the state. */
export function genutilModule(): AppModule {
  return {
    name: GENUTIL_MODULE,
    schemas: [],
    genesis: genesisPart<typeof GenesisStateSchema>({
      schema: GenesisStateSchema,
      defaults: () => create(GenesisStateSchema, {}),
      validate: ({ genTxs }) =>
        genTxs.flatMap((json, i) => {
          const problem = genesisTxProblem(json);
          return problem === undefined ? [] : [`gen_txs[${i}]: ${problem}`];
        }),
      transactions: ({ genTxs }) => genTxs.map(bytesOf),
      init: () => undefined,
      export: () => create(GenesisStateSchema, {}),
    }),
  };
}
