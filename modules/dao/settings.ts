import type { Params } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import type { Context, ReadContext } from "../../core/runtime/context.js";
import type { DaoState } from "./state.js";

/** The parameters of governance beyond those of cosmos.gov. */
export class Settings {
  readonly #state: Pick<DaoState, "params">;

  constructor(state: Pick<DaoState, "params">) {
    this.#state = state;
  }

  get(ctx: ReadContext): Params {
    const params = this.#state.params.get(ctx);
    if (params === undefined) throw new Error("the DAO has no parameters: genesis was not run");
    return params;
  }

  /** Of parameters that were checked. */
  set(ctx: Context, params: Params): void {
    this.#state.params.set(ctx, params);
  }
}
