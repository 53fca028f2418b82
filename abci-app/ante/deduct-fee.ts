import type { AccAddress } from "../../core/address.js";
import type { Coin as CoinMessage } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import {
  ErrInsufficientFee,
  ErrInsufficientFunds,
  ErrInvalidCoins,
  ErrInvalidGasLimit,
  ErrUnknownAddress,
  RegisteredError,
} from "../../core/errors.js";
import type { Coin, Coins } from "../../core/math/coins.js";
import { formatCoins, holdsAnyOf, NO_COINS, parseCoins } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import { decMulAmountCeil } from "../../core/math/dec.js";
import type { Context } from "../../core/runtime/context.js";
import { event } from "../../core/runtime/events.js";
import type { AnteState, AnteStep } from "./step.js";

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

/** Allowances by which an account pays the fees of another one. */
export interface FeeGrants {
  /** Takes a fee from an allowance. Throws registered errors where there is none that covers it, or the messages. */
  use(
    ctx: Context,
    use: {
      readonly granter: AccAddress;
      readonly grantee: AccAddress;
      readonly fee: Coins;
      /** Type URLs of the messages of the transaction. */
      readonly messages: readonly string[];
    },
  ): void;
}

/**
 * What taking a fee of one coin uses at most. Clients simulate without a fee, multiply by a factor that is tuned to dearer
 * chains, and would run out of gas with the fee that they then add.
 */
const FEE_GAS = 15_000;

/** Takes the fee. It stays taken, whatever becomes of the messages. x/auth/ante/fee.go, validator_tx_fee.go. */
export function deductFee(options: {
  readonly fees: FeeCollector;
  readonly feegrants: FeeGrants;
  /** This node's own, no part of consensus: only CheckTx looks at them. One of the denoms is enough. */
  readonly minGasPrices: readonly GasPrice[];
  /** The chain's own, a part of consensus: every transaction of a block pays it, at the price that the block began with. */
  readonly baseFee: () => GasPrice | undefined;
}): AnteStep {
  return (ctx, state) => {
    const { tx, gasLimit } = state;
    const fee = tx.authInfo.fee;
    if (ctx.mode !== "simulate" && gasLimit === 0n) throw ErrInvalidGasLimit.with("must provide positive gas");
    const coins = (fee?.amount ?? []).map(({ denom, amount }) => ({ denom, amount: BigInt(amount) }));
    if (ctx.mode === "check" || ctx.mode === "admit") requireMinimum(options.minGasPrices, coins, gasLimit);
    const baseFee = options.baseFee();
    if (baseFee !== undefined && ctx.mode !== "simulate") requireMinimum([baseFee], coins, gasLimit);
    const isFree = coins.every(({ amount }) => amount === 0n);
    const from = payerOf(ctx, state, { feegrants: options.feegrants, isFree });
    const payer = state.addressText(from);
    if (state.find(from) === undefined) {
      throw ErrUnknownAddress.with(`fee payer address: ${payer} does not exist`);
    }
    if (!isFree) collect(ctx, options.fees, from, validFee(fee?.amount ?? []));
    else if (ctx.mode === "simulate") ctx.gas.consume(FEE_GAS, "the fee that is yet to be stated");
    ctx.events.emit(event("tx", ["fee", formatCoins(coins)], ["fee_payer", payer]));
  };
}

/** Whose coins the fee is taken from: those of the payer, or of whoever has granted it an allowance, which is used. */
function payerOf(
  ctx: Context,
  { tx, feePayer, addresses }: AnteState,
  { feegrants, isFree }: { readonly feegrants: FeeGrants; readonly isFree: boolean },
): AccAddress {
  const { granter: text = "", amount = [] } = tx.authInfo.fee ?? {};
  if (text === "") return feePayer;
  const granter = addresses.account.decode(text);
  if (granter === feePayer) return granter;
  const fee = isFree ? NO_COINS : validFee(amount);
  const messages = tx.messages.map(({ typeUrl }) => typeUrl);
  try {
    feegrants.use(ctx, { granter, grantee: feePayer, fee, messages });
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    const [by, of] = [granter, feePayer].map((address) => addresses.account.encode(address));
    const { codespace, code, message } = error;
    throw new RegisteredError(codespace, code, `${by} does not allow to pay fees for ${of}: ${message}`);
  }
  return granter;
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
