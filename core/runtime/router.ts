import type { DescMessage, DescMethod, DescService, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";

import { create } from "../codec/protobuf.js";
import type { Context, ReadContext } from "./context.js";

/** The methods of a generated service: `MsgServer<ServiceMethods<typeof Msg>>`. */
export type ServiceMethods<S> = S extends GenService<infer M> ? M : never;

/** How one message is carried out. */
export interface MsgHandler<Input, Output> {
  /**
   * What can be said of the message without the chain's state: bad amounts, malformed addresses, lengths. Runs before any
   * fee is taken. Throws registered errors.
   */
  readonly check?: (msg: Input) => void;
  /** Validates against the state, then changes it. Throws registered errors; the caller drops all changes then. */
  readonly execute: (ctx: Context, msg: Input) => Output;
}

/** One handler for each method of a protobuf Msg service: a missing one does not compile. */
export type MsgServer<M extends GenServiceMethods> = {
  readonly [K in keyof M]: MsgHandler<MessageShape<M[K]["input"]>, MessageInitShape<M[K]["output"]>>;
};

/** One function for each method of a protobuf Query service. */
export type QueryServer<M extends GenServiceMethods> = {
  readonly [K in keyof M]: (ctx: ReadContext, request: MessageShape<M[K]["input"]>) => MessageInitShape<M[K]["output"]>;
};

/** A message type that the chain knows how to carry out. */
export interface MsgRoute {
  /** As in `Any`: `/cosmos.bank.v1beta1.MsgSend`. */
  readonly typeUrl: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  readonly check: (msg: Message) => void;
  readonly execute: (ctx: Context, msg: Message) => Message;
}

/** A query that the chain knows how to answer. */
export interface QueryRoute {
  /** As in `abci_query` and gRPC: `/cosmos.bank.v1beta1.Query/Balance`. */
  readonly path: string;
  readonly method: DescMethod;
  readonly answer: (ctx: ReadContext, request: Message) => Message;
}

/** A service without a handler for one of its methods, or two services for one method. Found at boot. */
export class RoutingError extends Error {
  override readonly name = "RoutingError";
}

function methods(service: DescService): readonly DescMethod[] {
  return service.methods;
}

/** Routes of a Msg service. */
export function msgRoutes<M extends GenServiceMethods>(
  service: GenService<M>,
  server: MsgServer<M>,
): readonly MsgRoute[] {
  const handlers = server as unknown as Record<string, MsgHandler<Message, MessageInitShape<DescMessage>> | undefined>;
  return methods(service as unknown as DescService).map((method) => {
    const handler = handlers[method.localName];
    if (handler === undefined) throw new RoutingError(`${service.typeName}.${method.name} has no handler`);
    return {
      typeUrl: `/${method.input.typeName}`,
      input: method.input,
      output: method.output,
      check: (msg) => handler.check?.(msg),
      execute: (ctx, msg) => create(method.output, handler.execute(ctx, msg)),
    };
  });
}

/** Routes of a Query service. */
export function queryRoutes<M extends GenServiceMethods>(
  service: GenService<M>,
  server: QueryServer<M>,
): readonly QueryRoute[] {
  const handlers = server as unknown as Record<
    string,
    ((ctx: ReadContext, request: Message) => MessageInitShape<DescMessage>) | undefined
  >;
  return methods(service as unknown as DescService).map((method) => {
    const handler = handlers[method.localName];
    if (handler === undefined) throw new RoutingError(`${service.typeName}.${method.name} has no handler`);
    return {
      path: `/${service.typeName}/${method.name}`,
      method,
      answer: (ctx, request) => create(method.output, handler(ctx, request)),
    };
  });
}

/** Routes by type URL or path; a second route for the same one is refused. */
export class RouteTable<R> {
  readonly #routes = new Map<string, R>();

  add(key: string, route: R): void {
    if (this.#routes.has(key)) throw new RoutingError(`${key} is handled twice`);
    this.#routes.set(key, route);
  }

  get(key: string): R | undefined {
    return this.#routes.get(key);
  }

  keys(): readonly string[] {
    return [...this.#routes.keys()];
  }
}
