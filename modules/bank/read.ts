import type { AccAddress, Addresses } from "../../core/address.js";
import { ErrInvalidAddress, ErrInvalidCoins } from "../../core/errors.js";
import type { CoinMessage, Coins } from "../../core/math/coins.js";
import { parseCoins } from "../../core/math/coins.js";

/** An address of a message. Throws `sdk` 7 with its role. */
export function readAddress(addresses: Addresses, text: string, role: string): AccAddress {
  try {
    return addresses.account.decode(text);
  } catch (error) {
    if (!ErrInvalidAddress.is(error)) throw error;
    throw ErrInvalidAddress.with(`invalid ${role} address: ${(error as Error).message}`);
  }
}

/** The coins of a message, at least one. Throws `sdk` 10. */
export function readCoins(messages: readonly CoinMessage[]): Coins {
  const coins = parseCoins(messages);
  // As the SDK says it of no coins at all: their text, which is empty.
  if (coins.length === 0) throw ErrInvalidCoins.with("");
  return coins;
}
