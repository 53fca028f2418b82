import type { AccAddress } from "../../core/address.js";
import type { Coin as CoinMessage } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import {
  ErrInsufficientFee,
  ErrInsufficientFunds,
  ErrInvalidCoins,
  ErrInvalidGasLimit,
  ErrInvalidRequest,
  ErrUnknownAddress,
} from "../../core/errors.js";
import type { RegisteredError } from "../../core/errors.js";
import type { Coin, Coins } from "../../core/math/coins.js";
import { formatCoins, holdsAnyOf, parseCoins } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import { decMulAmountCeil } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import { event } from "../../core/runtime/events.js";
import type { AnteStep } from "./step.js";

/** What a node asks for one unit of gas, at least. */
export interface GasPrice {
  readonly denom: string;
  /** Base units. */
  readonly amount: Dec;
}

/** Takes fees from accounts; a purse of the bank. */
export interface FeeCollector {
  collect(ctx: Context, from: AccAddress, ...fee: readonly Coin[]): void;
}

/**
 * What taking a fee of one coin uses at most. Clients simulate without a fee, multiply by a factor that is tuned to dearer
 * chains, and would run out of gas with the fee that they then add.
 */
const FEE_GAS = 15_000;

/** Takes the fee. It stays taken, whatever becomes of the messages. x/auth/ante/fee.go, validator_tx_fee.go. */
export function deductFee(options: {
  readonly fees: FeeCollector;
  /** This node's own, no part of consensus: only CheckTx looks at them. One of the denoms is enough. */
  readonly minGasPrices: readonly GasPrice[];
}): AnteStep {
  return (ctx, state) => {
    const { tx, feePayer, gasLimit } = state;
    const fee = tx.authInfo.fee;
    if (ctx.mode !== "simulate" && gasLimit === 0n) throw ErrInvalidGasLimit.with("must provide positive gas");
    const coins = (fee?.amount ?? []).map(({ denom, amount }) => ({ denom, amount: BigInt(amount) }));
    if (ctx.mode === "check" || ctx.mode === "admit") requireMinimum(options.minGasPrices, coins, gasLimit);
    if (fee !== undefined && fee.granter !== "") throw ErrInvalidRequest.with("fee grants are not enabled");
    const payer = state.addressText(feePayer);
    if (state.find(feePayer) === undefined) {
      throw ErrUnknownAddress.with(`fee payer address: ${payer} does not exist`);
    }
    if (coins.some(({ amount }) => amount !== 0n)) collect(ctx, options.fees, feePayer, validFee(fee?.amount ?? []));
    else if (ctx.mode === "simulate") ctx.gas.consume(FEE_GAS, "the fee that is yet to be stated");
    ctx.events.emit(event("tx", ["fee", formatCoins(coins)], ["fee_payer", payer]));
  };
}

function validFee(amount: readonly CoinMessage[]): Coins {
  try {
    return parseCoins(amount);
  } catch (error) {
    if (!ErrInvalidCoins.is(error)) throw error;
    throw ErrInsufficientFee.with(`invalid fee amount: ${(error as RegisteredError).detail}`);
  }
}

function collect(ctx: Context, fees: FeeCollector, payer: AccAddress, fee: Coins): void {
  try {
    fees.collect(ctx, payer, ...fee);
  } catch (error) {
    if (!ErrInsufficientFunds.is(error)) throw error;
    // Wrapped twice, as the SDK does it: clients may know the whole text.
    throw ErrInsufficientFunds.with((error as RegisteredError).message);
  }
}

function requireMinimum(prices: readonly GasPrice[], fee: Coins, gasLimit: bigint): void {
  if (prices.every(({ amount }) => amount === 0n)) return;
  const required = prices.map(({ denom, amount }) => ({ denom, amount: decMulAmountCeil(gasLimit, amount) }));
  if (holdsAnyOf(fee, required)) return;
  throw ErrInsufficientFee.with(`insufficient fees; got: ${formatCoins(fee)} required: ${formatCoins(required)}`);
}
