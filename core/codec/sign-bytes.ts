import { create, toBinary } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { Fee } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { SignDocSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { ErrNotSupported, ErrUnauthorized } from "../errors.js";
import { aminoJson, AminoJsonError, aminoJsonOfAny, jsonString } from "./amino-json.js";
import type { DecodedTx } from "./tx.js";

/** What is signed beside the transaction itself. */
export interface SignerData {
  readonly chainId: string;
  /** 0 at genesis. */
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/**
 * The bytes that a signature is over. Throws `sdk` 37 for modes that this chain has not, `sdk` 4 for transactions
 * that the mode cannot sign.
 */
export function signBytes(mode: SignMode, tx: DecodedTx, signer: SignerData): Uint8Array {
  switch (mode) {
    case SignMode.DIRECT:
      return directSignBytes(tx, signer);
    case SignMode.LEGACY_AMINO_JSON:
      return aminoSignBytes(tx, signer);
    default:
      throw ErrNotSupported.with(`sign mode ${SignMode[mode] ?? mode}: use DIRECT or LEGACY_AMINO_JSON`);
  }
}

/** SIGN_MODE_DIRECT: the bytes of SignDoc. */
function directSignBytes(tx: DecodedTx, { chainId, accountNumber }: SignerData): Uint8Array {
  const { bodyBytes, authInfoBytes } = tx;
  return toBinary(SignDocSchema, create(SignDocSchema, { bodyBytes, authInfoBytes, chainId, accountNumber }));
}

/** SIGN_MODE_LEGACY_AMINO_JSON: a JSON document, its keys in order. It cannot show all of a transaction. */
function aminoSignBytes(tx: DecodedTx, signer: SignerData): Uint8Array {
  const { body, authInfo } = tx;
  if (tx.hasUnknownNonCriticals) throw ErrUnauthorized.with("amino JSON cannot sign unknown fields");
  if (body.extensionOptions.length > 0 || body.nonCriticalExtensionOptions.length > 0) {
    throw ErrUnauthorized.with("SIGN_MODE_LEGACY_AMINO_JSON does not support protobuf extension options");
  }
  if (authInfo.fee === undefined) throw ErrUnauthorized.with("amino JSON needs a fee");
  try {
    return Buffer.from(`{${members(tx, authInfo.fee, signer).join(",")}}`, "utf8");
  } catch (error) {
    if (error instanceof AminoJsonError) throw ErrUnauthorized.with(error.message);
    throw error;
  }
}

function members({ body }: DecodedTx, fee: Fee, signer: SignerData): string[] {
  const msgs = body.messages.map((message) => aminoJsonOfAny(message));
  const written = [
    `"account_number":"${signer.accountNumber}"`,
    `"chain_id":${jsonString(signer.chainId)}`,
    `"fee":${feeJson(fee)}`,
    `"memo":${jsonString(body.memo)}`,
    `"msgs":${msgs.length === 0 ? "null" : `[${msgs.join(",")}]`}`,
    `"sequence":"${signer.sequence}"`,
  ];
  if (body.timeoutHeight !== 0n) written.push(`"timeout_height":"${body.timeoutHeight}"`);
  if (body.timeoutTimestamp !== undefined) {
    written.push(`"timeout_timestamp":${aminoJson(TimestampSchema, body.timeoutTimestamp)}`);
  }
  if (body.unordered) written.push(`"unordered":true`);
  return written;
}

function feeJson(fee: Fee): string {
  const written = [
    `"amount":[${fee.amount.map((coin) => aminoJson(CoinSchema, coin)).join(",")}]`,
    `"gas":"${fee.gasLimit}"`,
  ];
  if (fee.granter !== "") written.push(`"granter":${jsonString(fee.granter)}`);
  if (fee.payer !== "") written.push(`"payer":${jsonString(fee.payer)}`);
  return `{${written.join(",")}}`;
}
