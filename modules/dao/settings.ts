import type { Params } from "@computronium/proto/computronium/dao/v1/types_pb.js";
import { ParamsSchema } from "@computronium/proto/computronium/dao/v1/types_pb.js";

import { memoValue } from "../../core/collections/memo.js";
import { messageValue } from "../../core/collections/messages.js";
import { Schema } from "../../core/collections/schema.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";

export const DAO_STORE = "dao";

/** The parameters of governance beyond those of cosmos.gov, in the store of the DAO. */
export class Settings {
  readonly schema = new Schema(DAO_STORE);
  // 0x00 → Params
  readonly #params = this.schema.item(0x00, "params", memoValue(messageValue(ParamsSchema)));

  get(ctx: ReadContext): Params {
    const params = this.#params.get(ctx);
    if (params === undefined) throw new Error("the DAO has no parameters: genesis was not run");
    return params;
  }

  set(ctx: Context, params: Params): void {
    this.#params.set(ctx, params);
  }
}
