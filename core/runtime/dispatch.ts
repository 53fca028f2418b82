import type { AccAddress, Addresses } from "../address.js";
import type { TypedMessage } from "../codec/registry.js";
import { messageSigners } from "../codec/signers.js";
import { toBinary } from "../codec/protobuf.js";
import { ErrInvalidRequest, ErrUnauthorized, ErrUnknownRequest } from "../errors.js";
import type { Chain } from "./chain.js";
import type { Context } from "./context.js";

/** What a message inside of another one, or of a proposal, gave back. */
export interface DispatchedResult {
  /** Type URL of the response. */
  readonly typeUrl: string;
  /** Its bytes. */
  readonly value: Uint8Array;
}

/**
 * Carries out messages that did not come as a transaction's own: those inside of `MsgExec`, those of a proposal that passed.
 * The caller says for whom they act; a message that asks for another signer, or for more than one, is refused.
 */
export interface Dispatcher {
  /** Whether anybody handles messages of a type, `/cosmos.bank.v1beta1.MsgSend`. */
  handles(typeUrl: string): boolean;
  /** The one signer that a message asks for. Throws `sdk` 18 when there is none or more than one, `sdk` 7 for a malformed address. */
  signerOf(message: TypedMessage): AccAddress;
  /**
   * What can be said of a message without state; before it is kept for later, or executed. Throws `sdk` 6 where nobody
   * handles the message, and the registered errors of its check.
   */
  check(message: TypedMessage): void;
  /**
   * Executes a message on a branch of its own, which counts only if the message succeeds; its events come behind those of
   * `ctx`. Gas is counted by `ctx`. Throws what {@link check} throws, `sdk` 4 when the message asks for another signer than
   * `signer`, and the registered errors of the message.
   */
  execute(ctx: Context, message: TypedMessage, signer: AccAddress): DispatchedResult;
}

/** The chain is asked for lazily: modules get the dispatcher before all of them are put together. */
export function messageDispatcher(addresses: Addresses, chain: () => Chain): Dispatcher {
  const routeOf = ({ typeUrl }: TypedMessage) => {
    const route = chain().messages.get(typeUrl);
    if (route === undefined) throw ErrUnknownRequest.with(`no message handler found for ${typeUrl}`);
    return route;
  };
  const signerOf = ({ typeUrl, schema, value }: TypedMessage): AccAddress => {
    const [only, ...others] = new Set(messageSigners(addresses, schema, value));
    if (only === undefined || others.length > 0)
      throw ErrInvalidRequest.with(`${typeUrl} must have exactly one signer`);
    return addresses.account.decode(only);
  };
  return {
    handles: (typeUrl) => chain().messages.get(typeUrl) !== undefined,
    signerOf,
    check(message) {
      routeOf(message).check(message.value);
    },
    execute(ctx, message, signer) {
      const route = routeOf(message);
      if (signerOf(message) !== signer) {
        throw ErrUnauthorized.with(
          `${message.typeUrl} is to be signed by another account than ${addresses.account.encode(signer)}`,
        );
      }
      route.check(message.value);
      const { context, commit } = ctx.branch();
      const response = route.execute(context, message.value);
      commit();
      return { typeUrl: `/${route.output.typeName}`, value: toBinary(route.output, response) };
    },
  };
}
