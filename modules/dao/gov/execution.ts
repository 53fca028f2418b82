import type { Proposal } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";

import { unpackAny } from "../../../core/codec/registry.js";
import { ErrInvalidProposal } from "./errors.js";
import { RegisteredError } from "../../../core/errors.js";
import type { Context } from "../../../core/runtime/context.js";
import { GasMeter } from "../../../core/runtime/gas.js";
import type { GovKeeper } from "./keeper.js";

/** The first message that failed. */
export interface Failure {
  readonly index: number;
  readonly typeUrl: string;
  readonly reason: string;
}

/**
 * Carries out the messages of a proposal, all or none: on a branch which counts only if every one of them succeeds within
 * the gas that the parameters allow, and if the deposits of all proposals are still there then. A registered error is the failure
 * that is returned; any other exception is a fault of the engine, which goes on and stops the node.
 */
export function carryOut(
  ctx: Context,
  keeper: GovKeeper,
  { messages }: Pick<Proposal, "messages">,
): Failure | undefined {
  const { dispatcher, authority, settings } = keeper.options;
  const gas = GasMeter.limited(settings.get(ctx).executionGasLimit);
  const { context, commit } = ctx.branch({ gas });
  let index = 0;
  try {
    for (const message of messages) {
      dispatcher.execute(context, unpackAny(message), authority);
      index += 1;
    }
    // The account signs for anything: a message might have spent what belongs to depositors.
    const shortage = keeper.deposits.shortage(context);
    if (shortage !== undefined) throw ErrInvalidProposal.with(shortage);
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    const at = Math.min(index, messages.length - 1);
    return { index: at, typeUrl: messages[at]?.typeUrl ?? "", reason: error.message };
  }
  commit();
  return undefined;
}
