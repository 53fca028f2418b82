import type { Query } from "@computronium/proto/cosmos/consensus/v1/query_pb.js";
import type { Msg } from "@computronium/proto/cosmos/consensus/v1/tx_pb.js";
import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

import type { StoreReader } from "../../core/collections/collections.js";
import type { MsgServer, QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import { notFound } from "../../core/runtime/status.js";
import { requireAuthority } from "../../core/runtime/authority.js";
import { consensusParamProblem } from "./consensus-bounds.js";
import { consensusParams } from "./state.js";

/**
 * The consensus parameters in committed state; undefined when CometBFT gave none at the start of the chain. A node that
 * came by state sync has them from here alone.
 */
export function readConsensusParams(stores: StoreReader): ConsensusParams | undefined {
  return consensusParams.get(stores);
}

export const consensusQueryServer: QueryServer<ServiceMethods<typeof Query>> = {
  params(ctx) {
    const params = readConsensusParams(ctx);
    if (params === undefined) throw notFound("consensus params not found");
    return { params };
  },
};

/** cosmos.consensus.v1.Msg: all parameters at once, by the authority. CometBFT has them from the next height on. */
export function consensusMsgServer({
  addresses,
  authority,
}: {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
}): MsgServer<ServiceMethods<typeof Msg>> {
  return {
    updateParams: {
      execute(ctx, { authority: sender, block, evidence, validator, abci }) {
        requireAuthority({ addresses, authority }, sender);
        const current = readConsensusParams(ctx);
        if (block === undefined || evidence === undefined || validator === undefined) {
          throw ErrInvalidRequest.with("all parameters must be present");
        }
        const { version, abci: currentAbci } = current ?? {};
        const next = create(ConsensusParamsSchema, {
          block,
          evidence,
          validator,
          ...(version === undefined ? {} : { version }),
          ...((abci ?? currentAbci) === undefined ? {} : { abci: (abci ?? currentAbci)! }),
        });
        const problem = consensusParamProblem(next, current);
        if (problem !== undefined) throw ErrInvalidRequest.with(problem);
        consensusParams.set(ctx, next);
        return {};
      },
    },
  };
}
