import type { Msg, MsgExec } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { MsgExecSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";

import type { AccAddress } from "../../core/address.js";
import type { TypedMessage } from "../../core/codec/registry.js";
import { typeUrlOf, unpackAny } from "../../core/codec/registry.js";
import { ErrInvalidAddress, ErrInvalidRequest, RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import type { MsgServer, ServiceMethods } from "../../core/runtime/router.js";
import { isTimestamp } from "../../core/runtime/timestamps.js";
import { ErrAuthorizationNumOfSigners, ErrGranteeIsGranter, ErrInvalidExpirationTime, ErrTooDeep } from "./errors.js";
import type { AuthzKeeper } from "./keeper.js";

const EXEC = typeUrlOf(MsgExecSchema);

/** `MsgExec` in `MsgExec`: nobody needs more, and what is inside is looked at before any fee is taken. */
const MAX_DEPTH = 4;
/** Messages in one `MsgExec`, those inside of others counted. */
const MAX_MESSAGES = 100;

export function authzMsgServer(keeper: AuthzKeeper): MsgServer<ServiceMethods<typeof Msg>> {
  const parties = (msg: { readonly granter: string; readonly grantee: string }) => {
    const granter = readAddress(keeper, msg.granter, "granter");
    const grantee = readAddress(keeper, msg.grantee, "grantee");
    if (granter === grantee) throw ErrGranteeIsGranter.plain();
    return { granter, grantee };
  };
  return {
    grant: {
      check(msg) {
        parties(msg);
        const { kind, value } = keeper.readAuthorization(msg.grant?.authorization);
        kind.check(value);
        const expiration = msg.grant?.expiration;
        if (expiration !== undefined && !isTimestamp(expiration)) throw ErrInvalidExpirationTime.plain();
      },
      execute(ctx, msg) {
        const { granter, grantee } = parties(msg);
        if (msg.grant !== undefined) keeper.grant(ctx, granter, grantee, msg.grant);
        return {};
      },
    },

    revoke: {
      check(msg) {
        parties(msg);
        if (msg.msgTypeUrl === "") throw ErrInvalidRequest.with("missing msg method name");
      },
      execute(ctx, msg) {
        const { granter, grantee } = parties(msg);
        keeper.revoke(ctx, granter, grantee, msg.msgTypeUrl);
        return {};
      },
    },

    exec: {
      check: (msg) => checkExec(keeper, msg),
      execute(ctx, msg) {
        const grantee = readAddress(keeper, msg.grantee, "grantee");
        return {
          results: msg.msgs.map((any, index) => dispatch(keeper, ctx, { message: unpackAny(any), index, grantee })),
        };
      },
    },
  };
}

function readAddress(keeper: AuthzKeeper, text: string, role: string): AccAddress {
  try {
    return keeper.addresses.account.decode(text);
  } catch (error) {
    if (!ErrInvalidAddress.is(error)) throw error;
    throw ErrInvalidAddress.with(`invalid ${role} address: ${(error as RegisteredError).detail}`);
  }
}

/**
 * Whatever the ante chain asks of a message of a transaction is asked of those inside, too: that somebody handles them, that
 * their own checks pass, and (when they are carried out) that their one signer is the grantee, or has granted it.
 */
function checkExec(keeper: AuthzKeeper, msg: MsgExec): void {
  let count = 0;
  const walk = ({ grantee, msgs }: MsgExec, depth: number): void => {
    if (depth > MAX_DEPTH) throw ErrTooDeep.with(`at most ${MAX_DEPTH} MsgExec in one another`);
    readAddress(keeper, grantee, "grantee");
    if (msgs.length === 0) throw ErrInvalidRequest.with("messages cannot be empty");
    count += msgs.length;
    if (count > MAX_MESSAGES) throw ErrInvalidRequest.with(`MsgExec: at most ${MAX_MESSAGES} messages all in all`);
    for (const [i, any] of msgs.entries()) {
      const message = unpackAny(any);
      if (message.typeUrl === EXEC) walk(message.value as MsgExec, depth + 1);
      else inMessage(`msg ${i}`, () => keeper.dispatcher.check(message));
    }
  };
  walk(msg, 1);
}

/** Carries out one message for its signer, who is the grantee or has granted it. Its events are marked with its place. */
function dispatch(
  keeper: AuthzKeeper,
  ctx: Context,
  { message, index, grantee }: { readonly message: TypedMessage; readonly index: number; readonly grantee: AccAddress },
): Uint8Array {
  const granter = signerOf(keeper, message);
  if (granter !== grantee) keeper.use(ctx, grantee, { message, granter });
  const { context, commit } = ctx.branch();
  const { value } = inMessage(`failed to execute message; message ${message.typeUrl}`, () =>
    keeper.dispatcher.execute(context, message, granter),
  );
  const mark = { key: "authz_msg_index", value: index.toString() };
  const marked = context.events.list().map(({ type, attributes }) => ({ type, attributes: [...attributes, mark] }));
  context.events.replace(marked);
  commit();
  return value;
}

function signerOf(keeper: AuthzKeeper, message: TypedMessage): AccAddress {
  try {
    return keeper.dispatcher.signerOf(message);
  } catch (error) {
    if (!ErrInvalidRequest.is(error)) throw error;
    throw ErrAuthorizationNumOfSigners.plain();
  }
}

/** Says of an error in which message it is. */
function inMessage<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RegisteredError)) throw error;
    throw new RegisteredError(error.codespace, error.code, `${where}: ${error.message}`);
  }
}
