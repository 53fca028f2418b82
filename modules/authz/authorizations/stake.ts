import type { StakeAuthorization } from "@computronium/proto/cosmos/staking/v1beta1/authz_pb.js";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import { AuthorizationType, StakeAuthorizationSchema } from "@computronium/proto/cosmos/staking/v1beta1/authz_pb.js";
import type {
  MsgBeginRedelegate,
  MsgCancelUnbondingDelegation,
  MsgDelegate,
  MsgUndelegate,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import {
  MsgBeginRedelegateSchema,
  MsgCancelUnbondingDelegationSchema,
  MsgDelegateSchema,
  MsgUndelegateSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import type { TypedMessage } from "../../../core/codec/registry.js";
import { typeUrlOf } from "../../../core/codec/registry.js";
import { ErrInvalidCoins, ErrInvalidRequest, ErrUnauthorized } from "../../../core/errors.js";
import { parseAmount } from "../../../core/math/amount.js";
import type { Coin, CoinMessage } from "../../../core/math/coins.js";
import { coinMessage, isDenom } from "../../../core/math/coins.js";
import type { Context } from "../../../core/runtime/context.js";
import { ErrNegativeMaxTokens, ErrUnknownAuthorizationType } from "../errors.js";
import { indexOfAddress } from "./addresses.js";
import { authorizationKind } from "./kind.js";

/** What comparing with one validator of a list costs; x/staking/types/authz.go. */
const GAS_PER_VALIDATOR = 10;

const MESSAGES: ReadonlyMap<AuthorizationType, string> = new Map([
  [AuthorizationType.DELEGATE, typeUrlOf(MsgDelegateSchema)],
  [AuthorizationType.UNDELEGATE, typeUrlOf(MsgUndelegateSchema)],
  [AuthorizationType.REDELEGATE, typeUrlOf(MsgBeginRedelegateSchema)],
  [AuthorizationType.CANCEL_UNBONDING_DELEGATION, typeUrlOf(MsgCancelUnbondingDelegationSchema)],
]);

type StakingMessage = MsgDelegate | MsgUndelegate | MsgBeginRedelegate | MsgCancelUnbondingDelegation;

/** One kind of message of staking, with some validators or all but some, up to a limit; x/staking/types/authz.go. */
export const stakeAuthorization = authorizationKind({
  schema: StakeAuthorizationSchema,
  msgTypeUrl: messageOf,
  check(authorization) {
    const { maxTokens } = authorization;
    if (maxTokens?.amount.startsWith("-") === true) {
      throw ErrNegativeMaxTokens.with(`negative coin amount: ${maxTokens.amount}${maxTokens.denom}`);
    }
    if (maxTokens !== undefined) readCoin(maxTokens);
    messageOf(authorization);
  },
  accept(ctx, authorization, { message }) {
    if (message.typeUrl !== messageOf(authorization)) throw ErrInvalidRequest.with("unknown msg type");
    const { validator, amount } = read(message);
    requireAllowed(ctx, authorization, validator);
    if (authorization.maxTokens === undefined) return "kept";
    const limit = readCoin(authorization.maxTokens);
    if (limit.denom !== amount.denom) {
      throw ErrInvalidRequest.with(`invalid coin denoms: ${limit.denom}, ${amount.denom}`);
    }
    const left = limit.amount - amount.amount;
    if (left < 0n) throw ErrInvalidRequest.with(`negative coin amount: ${left}${limit.denom}`);
    if (left === 0n) return "used up";
    const maxTokens = create(CoinSchema, coinMessage({ denom: limit.denom, amount: left }));
    return create(StakeAuthorizationSchema, { ...authorization, maxTokens });
  },
});

function messageOf({ authorizationType }: StakeAuthorization): string {
  const typeUrl = MESSAGES.get(authorizationType);
  if (typeUrl === undefined) throw ErrUnknownAuthorizationType.plain();
  return typeUrl;
}

function read({ typeUrl, value }: TypedMessage): { readonly validator: string; readonly amount: Coin } {
  const message = value as StakingMessage;
  if (message.amount === undefined) throw ErrInvalidRequest.with(`${typeUrl}: amount is missing`);
  const validator = "validatorDstAddress" in message ? message.validatorDstAddress : message.validatorAddress;
  return { validator, amount: readCoin(message.amount) };
}

function readCoin({ denom, amount }: CoinMessage): Coin {
  const value = parseAmount(amount);
  if (value === undefined || !isDenom(denom)) throw ErrInvalidCoins.with(`${amount}${denom}`);
  return { denom, amount: value };
}

function requireAllowed(ctx: Context, { validators }: StakeAuthorization, validator: string): void {
  if (validators.case === undefined) return;
  const { address } = validators.value;
  const at = indexOfAddress(address, validator);
  ctx.gas.consume(GAS_PER_VALIDATOR * (at < 0 ? address.length : at + 1), "stake authorization");
  const isRefused = validators.case === "denyList" ? at >= 0 : address.length > 0 && at < 0;
  if (isRefused) throw ErrUnauthorized.with(`cannot delegate/undelegate to ${validator} validator`);
}
