import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Comet38Client } from "@cosmjs/tendermint-rpc";

import { QueryError } from "./errors.js";

/** The part of CometBFT's RPC that a query needs. */
export type AbciQuerier = Pick<Comet38Client, "abciQuery">;

export interface QueryOptions {
  /** Answer from the state after this block; without it, after the latest. */
  readonly height?: number;
}

type UnaryCall<M extends DescMethod> = (
  request?: MessageInitShape<M["input"]>,
  options?: QueryOptions,
) => Promise<MessageShape<M["output"]>>;

/** A method for each method of a `Query` service, with its types. Each may throw {@link QueryError}. */
export type QueryClient<S extends DescService> = { readonly [K in keyof S["method"]]: UnaryCall<S["method"][K]> };

/** `/package.Service/Method`. */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** Asks one method of a gRPC-style query service over `abci_query`. */
export async function queryMethod<M extends DescMethod>(
  rpc: AbciQuerier,
  method: M,
  request: MessageInitShape<M["input"]>,
  options: QueryOptions = {},
): Promise<MessageShape<M["output"]>> {
  const input: DescMethod["input"] = method.input;
  const output: M["output"] = method.output;
  const path = methodPath(method);
  const answer = await rpc.abciQuery({
    path,
    data: toBinary(input, create(input, request)),
    ...(options.height === undefined ? {} : { height: options.height }),
  });
  const { code = 0, codespace, log = "" } = answer;
  if (code !== 0) throw new QueryError(path, { codespace, code, log });
  return fromBinary(output, answer.value);
}

/** A typed client of one `Query` service, made from its descriptor. */
export function createQueryClient<S extends DescService>(rpc: AbciQuerier, service: S): QueryClient<S> {
  const calls: Record<string, (request?: Record<string, unknown>, options?: QueryOptions) => Promise<unknown>> = {};
  for (const method of service.methods) {
    calls[method.localName] = (request = {}, options = {}) => queryMethod(rpc, method, request, options);
  }
  return calls as unknown as QueryClient<S>;
}
