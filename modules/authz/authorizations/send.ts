import { SendAuthorizationSchema } from "@computronium/proto/cosmos/bank/v1beta1/authz_pb.js";
import type { MsgSend } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { typeUrlOf } from "../../../core/codec/registry.js";
import {
  ErrInsufficientFunds,
  ErrInvalidCoins,
  ErrInvalidRequest,
  ErrInvalidType,
  ErrUnauthorized,
} from "../../../core/errors.js";
import { coinMessages, parseCoins, subtractCoins } from "../../../core/math/coins.js";
import { indexOfAddress } from "./addresses.js";
import { authorizationKind } from "./kind.js";

const SEND = typeUrlOf(MsgSendSchema);
/** What comparing with one address of the list costs; x/bank/types/send_authorization.go. */
const GAS_PER_ADDRESS = 10;

/** Sends up to a limit, to some or to all; x/bank/types/send_authorization.go. */
export const sendAuthorization = authorizationKind({
  schema: SendAuthorizationSchema,
  msgTypeUrl: () => SEND,
  check({ spendLimit, allowList }) {
    if (spendLimit.length === 0) throw ErrInvalidCoins.with("spend limit cannot be nil");
    parseCoins(spendLimit);
    if (new Set(allowList).size !== allowList.length) throw ErrInvalidRequest.with("allow_list: duplicate entry");
  },
  accept(ctx, { spendLimit, allowList }, { message }) {
    if (message.typeUrl !== SEND) throw ErrInvalidType.with("type mismatch");
    const { amount, toAddress } = message.value as MsgSend;
    const left = subtractCoins(parseCoins(spendLimit), parseCoins(amount));
    if (left === undefined) throw ErrInsufficientFunds.with("requested amount is more than spend limit");
    if (allowList.length > 0) {
      const at = indexOfAddress(allowList, toAddress);
      ctx.gas.consume(GAS_PER_ADDRESS * (at < 0 ? allowList.length : at + 1), "send authorization");
      if (at < 0) throw ErrUnauthorized.with(`cannot send to ${toAddress} address`);
    }
    return left.length === 0
      ? "used up"
      : create(SendAuthorizationSchema, { spendLimit: coinMessages(left), allowList });
  },
});
