import type { AccAddress, Addresses } from "../../core/address.js";
import { messageSigners } from "../../core/codec/signers.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import { ErrInvalidRequest } from "../../core/errors.js";

/**
 * Everybody who has to sign a transaction: the signers of its messages in their order, each once, then the payer of the
 * fee. Throws `sdk` 7 for malformed addresses, `sdk` 18 when nobody has to.
 */
export function txSigners(addresses: Addresses, tx: DecodedTx): readonly AccAddress[] {
  if (tx.messages.length === 0) throw ErrInvalidRequest.with("must contain at least one message");
  const signers = new Set<AccAddress>();
  for (const { schema, value } of tx.messages) {
    for (const text of messageSigners(addresses, schema, value)) signers.add(addresses.account.decode(text));
  }
  const payer = tx.authInfo.fee?.payer ?? "";
  if (payer !== "") signers.add(addresses.account.decode(payer));
  if (signers.size === 0) throw ErrInvalidRequest.with("nobody has to sign the transaction");
  return [...signers];
}
