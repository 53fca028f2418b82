import type { AccAddress, Addresses } from "../../core/address.js";
import { ErrInvalidAddress, ErrInvalidCoins, ErrInvalidRequest, RegisteredError } from "../../core/errors.js";
import type { CoinMessage, Coins } from "../../core/math/coins.js";
import { parseCoins } from "../../core/math/coins.js";

/** Titles, purposes and the like, in bytes of UTF-8. */
export const MAX_TITLE_BYTES = 140;
export const MAX_TEXT_BYTES = 1_024;
/** Denoms in one payment, limit or reward. */
export const MAX_DENOMS = 16;
/** No time that people name is later: the end of the year 9999. */
export const MAX_TIME_SECONDS = 253_402_300_799n;

/** The address of a message's field. Throws `sdk` 7, saying which field. */
export function readAddress(addresses: Addresses, text: string, field: string): AccAddress {
  try {
    return addresses.account.decode(text);
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    throw ErrInvalidAddress.with(`${field}: ${error.detail}`);
  }
}

/** Coins of a message's field, at least one. Throws `sdk` 10. */
export function readCoins(coins: readonly CoinMessage[], field: string): Coins {
  if (coins.length === 0) throw ErrInvalidCoins.with(`${field}: no coins`);
  if (coins.length > MAX_DENOMS) throw ErrInvalidCoins.with(`${field}: more than ${MAX_DENOMS} denoms`);
  return parseCoins(coins);
}

/** Throws `sdk` 18 for a text that is too long, or empty where it must not be. */
export function checkText(
  text: string,
  field: string,
  options: { readonly maxBytes: number; readonly needed?: boolean },
): void {
  const length = Buffer.byteLength(text, "utf8");
  if (options.needed === true && text.trim() === "") throw ErrInvalidRequest.with(`${field}: is needed`);
  if (length > options.maxBytes) throw ErrInvalidRequest.with(`${field}: ${length} bytes, at most ${options.maxBytes}`);
}

/** The name of a budget. Throws `sdk` 18. */
export function checkCategory(category: string): void {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(category)) {
    throw ErrInvalidRequest.with(
      `category: "${category.slice(0, 80)}" is none: 1 to 64 small letters, digits, hyphens`,
    );
  }
}

/** The name of something in the registry, such as "gpu/h100". Throws `sdk` 18. */
export function checkName(name: string, field = "name"): void {
  if (!/^[a-z0-9][a-z0-9/._-]{0,63}$/.test(name)) {
    throw ErrInvalidRequest.with(
      `${field}: "${name.slice(0, 80)}" is none: 1 to 64 small letters, digits, any of /._-`,
    );
  }
}

/** SHA-256, or nothing. Throws `sdk` 18. */
export function checkHash(hash: Uint8Array, field: string): void {
  if (hash.length !== 0 && hash.length !== 32)
    throw ErrInvalidRequest.with(`${field}: ${hash.length} bytes, expected 32`);
}
