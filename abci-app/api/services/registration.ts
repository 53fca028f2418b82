import type { DescMethod, DescService, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";

import { create } from "../../../core/codec/protobuf.js";
import { RoutingError } from "../../../core/runtime/router.js";

/** What a service beside the modules' is told of a call. */
export interface NodeCall {
  /** The committed height that the call is about: the one asked for, else the last one. */
  readonly height: bigint;
}

/** One function for each method of a service beside the modules'. Refusals are StatusError or RegisteredError. */
export type NodeServer<M extends GenServiceMethods> = {
  readonly [K in keyof M]: (
    request: MessageShape<M[K]["input"]>,
    call: NodeCall,
  ) => MessageInitShape<M[K]["output"]> | Promise<MessageInitShape<M[K]["output"]>>;
};

/** A call that the node answers by other means than the state of its modules. */
export interface NodeRoute {
  /** `/cosmos.tx.v1beta1.Service/GetTx` */
  readonly path: string;
  readonly method: DescMethod;
  readonly answer: (request: Message, call: NodeCall) => Promise<Message>;
}

type Handler = (request: Message, call: NodeCall) => MessageInitShape<DescMethod["output"]>;

/** Routes of a service. A method without a function is found at boot. */
export function nodeRoutes<M extends GenServiceMethods>(
  service: GenService<M>,
  server: NodeServer<M>,
): readonly NodeRoute[] {
  const handlers = server as unknown as Record<string, Handler | undefined>;
  return (service as unknown as DescService).methods.map((method) => {
    const handler = handlers[method.localName];
    if (handler === undefined) throw new RoutingError(`${service.typeName}.${method.name} has no handler`);
    return {
      path: `/${service.typeName}/${method.name}`,
      method,
      answer: async (request, call) => create(method.output, await handler(request, call)),
    };
  });
}
