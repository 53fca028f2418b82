import type { CoinMessage, Coins } from "../../core/math/coins.js";
import { parseCoins } from "../../core/math/coins.js";
import type { AccAddress, Addresses, ValAddress } from "../../core/address.js";
import { ErrInvalidAddress, ErrInvalidCoins } from "../../core/errors.js";
import { parseAmount } from "../../core/math/amount.js";
import type { Dec } from "../../core/math/dec.js";
import { parseDec } from "../../core/math/dec.js";
import { ErrInvalidAmount } from "./errors.js";
import { MAX_BID_PRICE } from "./params.js";

/** Keys of accounts have 20 bytes, derived addresses 32: what is longer could not be a part of a key in state. */
const MAX_ACTOR_BYTES = 64;
/** Amounts that come in stay below it, so that no sum or product of ours ever nears the chain's 256 bits. */
const MAX_AMOUNT_BITS = 128n;

/** The address of somebody who acts here, or gets something. Throws `sdk` 7 (invalid address), naming the field. */
export function readAddress(addresses: Addresses, text: string, field: string): AccAddress {
  return checked(field, text, () => addresses.account.decode(text));
}

export function readValidator(addresses: Addresses, text: string, field: string): ValAddress {
  return checked(field, text, () => addresses.validator.decode(text));
}

function checked<A extends string>(field: string, text: string, decode: () => A): A {
  let address: A;
  try {
    address = decode();
  } catch (error) {
    if (!ErrInvalidAddress.is(error)) throw error;
    throw ErrInvalidAddress.with(`${field}: ${(error as Error).message}`);
  }
  if (address.length > MAX_ACTOR_BYTES) {
    throw ErrInvalidAddress.with(`${field}: address of ${address.length} bytes, at most ${MAX_ACTOR_BYTES}`);
  }
  // Bech32 may be written in capitals; where addresses are compared as texts, there is one form.
  if (text !== text.toLowerCase()) throw ErrInvalidAddress.with(`${field}: write it in lower case`);
  return address;
}

/** A positive amount of a message. Throws `tokenomics` 3. */
export function readAmount(text: string, field: string): bigint {
  const amount = parseAmount(text);
  if (amount === undefined || amount === 0n || amount >= 1n << MAX_AMOUNT_BITS) {
    throw ErrInvalidAmount.with(`${field}: "${text.slice(0, 80)}" is not within 1 and 2^128 - 1`);
  }
  return amount;
}

/** A positive price of a message. Throws `tokenomics` 3. */
export function readPrice(text: string, field: string): Dec {
  const price = parseDec(text);
  if (price === undefined || price <= 0n || price > MAX_BID_PRICE) {
    throw ErrInvalidAmount.with(`${field}: "${text.slice(0, 80)}" is no price within 10^-18 and 2^60`);
  }
  return price;
}

/** The coins of a message, at least one. Throws `sdk` 10. */
export function readCoins(messages: readonly CoinMessage[], field: string): Coins {
  const coins = parseCoins(messages);
  if (coins.length === 0) throw ErrInvalidCoins.with(`${field}: no coins`);
  return coins;
}
