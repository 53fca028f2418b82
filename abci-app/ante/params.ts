import type { Params } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";

import type { Context } from "../../core/runtime/context.js";

/** The parameters of auth, as the state of the context has them. */
export type ParamsOf = (ctx: Context) => Params;
