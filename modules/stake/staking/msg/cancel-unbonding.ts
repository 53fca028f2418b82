import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  MsgCancelUnbondingDelegation,
  MsgCancelUnbondingDelegationResponseSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { nanosOfTimestamp } from "../../../../core/codec/timestamps.js";
import { ErrInvalidRequest, ErrNotFound } from "../../../../core/errors.js";
import { formatCoin } from "../../../../core/math/coins.js";
import { event } from "../../../../core/runtime/events.js";
import type { MsgHandler } from "../../../../core/runtime/router.js";
import { notFound } from "../../../../core/runtime/status.js";
import { ErrDelegatorShareExRateInvalid, ErrValidatorJailed } from "../errors.js";
import type { StakingKeeper } from "../keeper.js";
import { hasInvalidRate } from "../shares.js";
import { readCoin, readDelegator, readValidator, requireBondDenom } from "./inputs.js";

/** x/staking/keeper/msg_server.go, CancelUnbondingDelegation. */
export function cancelUnbonding(
  keeper: StakingKeeper,
): MsgHandler<MsgCancelUnbondingDelegation, MessageInitShape<typeof MsgCancelUnbondingDelegationResponseSchema>> {
  const { addresses } = keeper.deps;
  const { validators, delegations, unbondings, slashes } = keeper.parts;
  const read = (msg: MsgCancelUnbondingDelegation) => {
    const operator = readValidator(addresses, msg.validatorAddress);
    const delegator = readDelegator(addresses, msg.delegatorAddress);
    const coin = readCoin(msg.amount, "invalid amount");
    if (msg.creationHeight <= 0n) throw ErrInvalidRequest.with("invalid height");
    return { operator, delegator, coin };
  };
  return {
    check: (msg) => void read(msg),
    execute(ctx, msg) {
      const { operator, delegator, coin } = read(msg);
      requireBondDenom(ctx, keeper, coin);
      slashes.settle(ctx, delegator, operator);
      const validator = validators.require(ctx, operator);
      if (hasInvalidRate(validator)) throw ErrDelegatorShareExRateInvalid.plain();
      if (validator.jailed) throw ErrValidatorJailed.plain();
      const id = [delegator, operator] as const;
      const entries = unbondings.entries(ctx, id);
      if (entries.length === 0) {
        throw notFound(
          `unbonding delegation with delegator ${msg.delegatorAddress} not found for validator ${msg.validatorAddress}`,
        ).toRegistered();
      }
      const entry = entries.find(({ creationHeight }) => creationHeight === msg.creationHeight);
      if (entry === undefined) {
        throw ErrNotFound.with(`unbonding delegation entry is not found at block height ${msg.creationHeight}`);
      }
      if (BigInt(entry.balance) < coin.amount) {
        throw ErrInvalidRequest.with("amount is greater than the unbonding delegation entry balance");
      }
      if (nanosOfTimestamp(entry.completionTime) < ctx.block.timeNanos) {
        throw ErrInvalidRequest.with("unbonding delegation is already processed");
      }
      delegations.delegate(ctx, { delegator, validator, amount: coin.amount, source: "not-bonded-pool" });
      unbondings.reduce(ctx, id, entry, coin.amount);
      ctx.events.emit(
        event(
          "cancel_unbonding_delegation",
          ["amount", formatCoin(coin)],
          ["validator", msg.validatorAddress],
          ["delegator", msg.delegatorAddress],
          ["creation_height", msg.creationHeight.toString()],
        ),
      );
      return {};
    },
  };
}
