import type { AccAddress, Addresses, ValAddress } from "../../../../core/address.js";
import { ErrInvalidAddress, ErrInvalidRequest, RegisteredError } from "../../../../core/errors.js";
import { parseAmount } from "../../../../core/math/amount.js";
import type { Coin, CoinMessage } from "../../../../core/math/coins.js";
import { isDenom } from "../../../../core/math/coins.js";
import type { ReadContext } from "../../../../core/runtime/context.js";
import type { StakingKeeper } from "../keeper.js";

/** Throws `sdk` 7 that says which address is wrong, and how. */
function named<A>(what: string, decode: () => A): A {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    throw ErrInvalidAddress.with(`invalid ${what} address: ${error.message}`);
  }
}

export function readValidator(addresses: Addresses, text: string, what = "validator"): ValAddress {
  return named(what, () => addresses.validator.decode(text));
}

export function readDelegator(addresses: Addresses, text: string): AccAddress {
  return named("delegator", () => addresses.account.decode(text));
}

/** A coin of which there is some. Throws `sdk` 18 with `problem` for anything else. */
export function readCoin(coin: CoinMessage | undefined, problem: string): Coin {
  const amount = parseAmount(coin?.amount ?? "");
  if (coin === undefined || amount === undefined || amount === 0n || !isDenom(coin.denom)) {
    throw ErrInvalidRequest.with(problem);
  }
  return { denom: coin.denom, amount };
}

/** Throws `sdk` 18 unless the coin is of what is staked here. */
export function requireBondDenom(ctx: ReadContext, keeper: StakingKeeper, { denom }: Coin): void {
  const expected = keeper.bondDenom(ctx);
  if (denom !== expected) {
    throw ErrInvalidRequest.with(`invalid coin denomination: got ${denom}, expected ${expected}`);
  }
}
