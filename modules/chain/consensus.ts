import type { Query } from "@computronium/proto/cosmos/consensus/v1/query_pb.js";
import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

import type { StoreReader } from "../../core/collections/collections.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { notFound } from "../../core/runtime/status.js";
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
