import type { Params } from "@computronium/proto/cosmos/distribution/v1beta1/distribution_pb.js";

import type { StoreReader } from "../../../core/collections/collections.js";
import { params } from "./state.js";
import { CorruptDistributionError } from "./types.js";

export function requireParams(ctx: StoreReader): Params {
  const current = params.get(ctx);
  if (current === undefined) throw new CorruptDistributionError("distribution has no parameters");
  return current;
}
