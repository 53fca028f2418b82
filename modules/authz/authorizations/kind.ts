import type { DescMessage, Message, MessageShape } from "@bufbuild/protobuf";

import type { AccAddress } from "../../../core/address.js";
import type { TypedMessage } from "../../../core/codec/registry.js";
import type { Context } from "../../../core/runtime/context.js";

/** A message that a grantee wants carried out for a granter, whose signature it asks for. */
export interface Request {
  readonly message: TypedMessage;
  readonly granter: AccAddress;
}

/** What becomes of an authorization that was used: it stays, is used up, or is less than before. */
export type Accepted<A> = "kept" | "used up" | A;

/** One kind of authorization. */
export interface AuthorizationKind<D extends DescMessage = DescMessage> {
  readonly schema: D;
  /** The key of its grant: the type URL of the message that it is for. Called after {@link check}. */
  msgTypeUrl(authorization: MessageShape<D>): string;
  /** What can be said without state. Throws registered errors. */
  check(authorization: MessageShape<D>): void;
  /** As it is when it is granted; what it has counted so far is nothing. */
  start?(ctx: Context, authorization: MessageShape<D>): MessageShape<D>;
  /** Throws registered errors where it does not cover the message; the message has passed its own check. */
  accept(ctx: Context, authorization: MessageShape<D>, request: Request): Accepted<MessageShape<D>>;
}

/** Keeps the type of the schema inside, so that a list of kinds can hold all of them. */
export function authorizationKind<D extends DescMessage>(kind: AuthorizationKind<D>): AuthorizationKind {
  return kind as unknown as AuthorizationKind;
}

/** An authorization with its kind. */
export interface TypedAuthorization {
  readonly kind: AuthorizationKind;
  readonly value: Message;
}
