import type { JsonObject } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { FeeSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import type { DescMessage } from "@bufbuild/protobuf";

import { messageFromJson } from "../../../core/codec/json.js";
import { create } from "../../../core/codec/protobuf.js";
import { packAny } from "../../../core/codec/registry.js";
import type { CoinMessage } from "../../../core/math/coins.js";
import { coinMessages, coinsOf } from "../../../core/math/coins.js";
import { decMulAmountCeil } from "../../../core/math/dec.js";
import type { TxDocument } from "./document.js";
import type { TxFlags } from "./tx-flags.js";

const NANOS_PER_SECOND = 1_000_000_000n;

/** A message of a transaction from its JSON. Throws an Error that names the message and the field. */
export function messageOf(type: DescMessage, json: JsonObject): Any {
  try {
    return packAny(type, messageFromJson(type, json));
  } catch (error) {
    throw new Error(`${type.typeName}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** An unsigned transaction. `nowNanos` is when it is made; a timeout by duration counts from there. */
export function unsignedTx(
  messages: readonly Any[],
  flags: TxFlags,
  { gas, nowNanos }: { readonly gas: bigint; readonly nowNanos: bigint },
): TxDocument {
  const deadline = flags.timeoutNanos === undefined ? undefined : nowNanos + flags.timeoutNanos;
  return create(TxSchema, {
    body: {
      messages: [...messages],
      memo: flags.memo,
      timeoutHeight: flags.timeoutHeight,
      unordered: flags.unordered,
      ...(deadline === undefined
        ? {}
        : {
            timeoutTimestamp: create(TimestampSchema, {
              seconds: deadline / NANOS_PER_SECOND,
              nanos: Number(deadline % NANOS_PER_SECOND),
            }),
          }),
    },
    authInfo: {
      signerInfos: [],
      fee: create(FeeSchema, {
        amount: feeOf(flags, gas).map((coin) => ({ ...coin })),
        gasLimit: gas,
        payer: flags.feePayer,
        granter: flags.feeGranter,
      }),
    },
    signatures: [],
  });
}

/** `--fees`, or what the gas costs at `--gas-prices`, rounded up. */
function feeOf({ fees, gasPrices }: TxFlags, gas: bigint): readonly CoinMessage[] {
  if (gasPrices === undefined) return fees ?? [];
  return coinMessages(
    coinsOf(gasPrices.map(({ denom, amount }) => ({ denom, amount: decMulAmountCeil(gas, amount) }))),
  );
}
