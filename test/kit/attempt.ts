import { RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";

/** Runs something as a message is run: when it fails with a registered error, nothing of it is left behind. */
export function attempt(ctx: Context, run: (branch: Context) => void): void {
  const { context, commit } = ctx.branch();
  try {
    run(context);
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    return;
  }
  commit();
}
