import type { AccAddress } from "../../core/address.js";
import type { Coins } from "../../core/math/coins.js";

/** One receiver of a multi-send. */
export interface Output {
  readonly address: AccAddress;
  readonly coins: Coins;
}
