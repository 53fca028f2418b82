import type { Msg } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { ErrInvalidRequest } from "../../../core/errors.js";
import type { MsgServer, ServiceMethods } from "../../../core/runtime/router.js";
import { requireAuthority } from "../../../core/runtime/authority.js";
import type { StakingKeeper } from "./keeper.js";
import { cancelUnbonding } from "./msg/cancel-unbonding.js";
import { beginRedelegate, delegate, undelegate } from "./msg/delegations.js";
import { createValidator, editValidator } from "./msg/validators.js";
import { paramProblems } from "./params.js";

/** cosmos.staking.v1beta1.Msg. */
export function stakingMsgServer(keeper: StakingKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const { addresses, authority } = keeper.deps;
  return {
    createValidator: createValidator(keeper),
    editValidator: editValidator(keeper),
    delegate: delegate(keeper),
    beginRedelegate: beginRedelegate(keeper),
    undelegate: undelegate(keeper),
    cancelUnbondingDelegation: cancelUnbonding(keeper),
    updateParams: {
      check({ params }) {
        if (params === undefined) throw ErrInvalidRequest.with("params is missing");
        const [problem] = paramProblems(params);
        if (problem !== undefined) throw ErrInvalidRequest.with(problem);
      },
      execute(ctx, msg) {
        requireAuthority({ addresses, authority }, msg.authority);
        const { params } = msg;
        if (params === undefined) throw ErrInvalidRequest.with("params is missing");
        const staked = keeper.parts.pools.balance(ctx, true) + keeper.parts.pools.balance(ctx, false);
        if (params.bondDenom !== keeper.bondDenom(ctx) && staked > 0n) {
          throw ErrInvalidRequest.with(
            `bond_denom: ${staked}${keeper.bondDenom(ctx)} is staked; what is staked cannot become another coin`,
          );
        }
        keeper.parts.state.params.set(ctx, params);
        return {};
      },
    },
  };
}
