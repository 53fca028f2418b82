import type { GenService } from "@bufbuild/protobuf/codegenv2";
import type { MsgUpdateParams } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { Msg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { EventParamsUpdatedSchema } from "@computronium/proto/computronium/marketplace/v1/events_pb.js";

import type { Context } from "../../core/runtime/context.js";
import type { MsgServer } from "../../core/runtime/router.js";
import { typedEvent } from "../../core/runtime/typed-events.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { readActor } from "./checks.js";
import { ErrInvalidParams } from "./errors.js";
import type { MarketplaceKeeper } from "./keeper.js";
import { ackUsage, closeLease, startLease, submitResult, submitUsage, topUp } from "./msg/leases.js";
import { acceptBid, cancelOrder, placeBid, postOrder, withdrawBid } from "./msg/orders.js";
import { deregisterProvider, heartbeat, registerProvider, updateProvider } from "./msg/providers.js";
import { paramProblems } from "./params.js";

type Methods = typeof Msg extends GenService<infer M> ? M : never;

/** How each message of the market is carried out: one function for one, by what it is about, in `msg/`. */
export function marketplaceMsgServer(keeper: MarketplaceKeeper): MsgServer<Methods> {
  return {
    registerProvider: registerProvider(keeper),
    updateProvider: updateProvider(keeper),
    heartbeat: heartbeat(keeper),
    deregisterProvider: deregisterProvider(keeper),
    postOrder: postOrder(keeper),
    cancelOrder: cancelOrder(keeper),
    placeBid: placeBid(keeper),
    withdrawBid: withdrawBid(keeper),
    acceptBid: acceptBid(keeper),
    startLease: startLease(keeper),
    submitUsage: submitUsage(keeper),
    ackUsage: ackUsage(keeper),
    topUp: topUp(keeper),
    submitResult: submitResult(keeper),
    closeLease: closeLease(keeper),
    updateParams: updateParams(keeper),
  };
}

function updateParams(keeper: MarketplaceKeeper) {
  const read = (msg: MsgUpdateParams) => {
    const { params } = msg;
    if (params === undefined) throw ErrInvalidParams.with("params: missing");
    const problems = paramProblems(params);
    if (problems.length > 0) throw ErrInvalidParams.with(problems.join("; "));
    return params;
  };
  return {
    check(msg: MsgUpdateParams) {
      readActor(keeper.deps.addresses, msg.authority, "authority");
      read(msg);
    },
    execute(ctx: Context, msg: MsgUpdateParams) {
      const params = read(msg);
      requireAuthority(keeper.deps, msg.authority);
      keeper.setParams(ctx, params);
      ctx.events.emit(typedEvent(EventParamsUpdatedSchema, { params }));
      return {};
    },
  };
}
