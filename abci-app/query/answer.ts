import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import type { ResponseQuerySchema } from "@computronium/proto/tendermint/abci/types_pb.js";

import type { ByteString } from "../../core/bytes.js";
import { toByteString } from "../../core/bytes.js";
import { fromBinary, toBinary } from "../../core/codec/protobuf.js";
import {
  ErrInvalidHeight,
  ErrInvalidRequest,
  ErrNotFound,
  ErrOutOfGas,
  ErrUnknownRequest,
  RegisteredError,
} from "../../core/errors.js";
import type { Chain } from "../../core/runtime/chain.js";
import type { BlockInfo } from "../../core/runtime/context.js";
import { readContext } from "../../core/runtime/context.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { QueryRoute } from "../../core/runtime/router.js";
import type { GrpcStatus } from "../../core/runtime/status.js";
import { grpcStatusOf, StatusError } from "../../core/runtime/status.js";
import type { ReadonlyMultiStore } from "../../core/store/kv.js";
import { MAX_KEY_BYTES } from "../../core/store/kv.js";

/** The fields of tendermint.abci.RequestQuery. */
export interface QueryRequest {
  readonly path: string;
  readonly data: Uint8Array;
  readonly height: bigint;
  readonly prove: boolean;
}

export type QueryResponse = MessageInitShape<typeof ResponseQuerySchema>;

/** An answer and, where it is a refusal, the gRPC status that says the same. */
export type QueryAnswer = QueryResponse & { readonly status?: GrpcStatus };

export interface ProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** Committed heights, as queries read them. */
export interface CommittedState {
  /** 0 before the first commit. */
  readonly version: number;
  readonly earliestVersion: number;
  at(height: number): ReadonlyMultiStore;
  blockAt(height: number): BlockInfo;
  /** Value (undefined when absent) and the proof of that against the app hash of `height`. Throws registered errors. */
  prove(
    storeName: string,
    key: ByteString,
    height: number,
  ): { readonly value: Uint8Array | undefined; readonly ops: readonly ProofOp[] };
}

export interface QueryEnvironment {
  readonly chain: Chain;
  readonly state: CommittedState;
  readonly version: string;
  /** Bound of the gas of one query. */
  readonly gasLimit: bigint;
}

/**
 * Answers `abci_query`: `/<service>/<Method>`, `/store/<name>/key`, `/app/version`, `/p2p/filter/…`. What is wrong with a
 * request is an answer with a code; only a fault of the engine throws.
 */
export function answerQuery(env: QueryEnvironment, request: QueryRequest): QueryAnswer {
  try {
    const route = env.chain.queries.get(request.path);
    if (route !== undefined) return answerService(env, route, request);
    const path = request.path.split("/").filter((part) => part !== "");
    switch (path[0]) {
      case undefined:
        throw ErrUnknownRequest.with("no query path provided");
      case "app":
        if (path[1] === "version") {
          return { codespace: "sdk", height: latest(env), value: Buffer.from(env.version, "utf8") };
        }
        throw ErrUnknownRequest.with(`unknown query: ${request.path}`);
      case "store":
        return answerStore(env, path.slice(1), request);
      case "p2p":
        // Peers are filtered by CometBFT's own settings.
        return {};
      default:
        throw ErrUnknownRequest.with(`unknown query path: "${request.path}"`);
    }
  } catch (error) {
    return refused(error, request.height);
  }
}

/** The answer that says what was wrong with a request. Anything but a registered error or a status is thrown on. */
export function refused(error: unknown, height: bigint): QueryAnswer {
  const status = grpcStatusOf(error);
  const cause = error instanceof StatusError ? error.toRegistered() : error;
  if (!(cause instanceof RegisteredError) || status === undefined) throw error;
  return { code: cause.code, codespace: cause.codespace, log: cause.message, height, status };
}

function latest(env: Pick<QueryEnvironment, "state">): bigint {
  return BigInt(env.state.version);
}

function answerService(env: QueryEnvironment, route: QueryRoute, request: QueryRequest): QueryAnswer {
  if (request.prove)
    throw ErrInvalidRequest.with("a service query has no proof: query /store/<name>/key with prove instead");
  const height = heightOf(env, request.height === 0n ? latest(env) : request.height);
  const input = (() => {
    try {
      return fromBinary(route.method.input, request.data);
    } catch (error) {
      throw ErrInvalidRequest.with(
        `${route.path}: the request is no ${route.method.input.typeName} (${String(error)})`,
      );
    }
  })();
  const ctx = readContext({
    block: env.state.blockAt(height),
    mode: "query",
    gas: GasMeter.limited(env.gasLimit),
    stores: env.state.at(height),
  });
  let output: Message;
  try {
    output = route.answer(ctx, input);
  } catch (error) {
    return refusedByModule(error, request.height);
  }
  return { height: BigInt(height), value: toBinary(route.method.output, output) };
}

/**
 * A module's registered error is an unknown request to `abci_query`, as baseapp's gRPCErrorToSDKError has it; its own code is
 * in the gRPC status. Running out of gas is no answer of a module.
 */
function refusedByModule(error: unknown, height: bigint): QueryAnswer {
  const status = grpcStatusOf(error);
  if (!(error instanceof RegisteredError) || ErrOutOfGas.is(error) || status === undefined) throw error;
  return { ...refused(ErrUnknownRequest.with(error.message), height), status };
}

function answerStore(env: QueryEnvironment, path: readonly string[], request: QueryRequest): QueryResponse {
  const [storeName, what] = path;
  if (storeName === undefined || path.length !== 2 || (what !== "key" && what !== "subspace")) {
    throw ErrUnknownRequest.with(`unknown query: ${request.path}; expected /store/<name>/key`);
  }
  if (what === "subspace") throw ErrUnknownRequest.with("subspace queries are not answered: use the module's queries");
  // The last height is proved by a header that does not exist yet; so the default is the one before it.
  const last = latest(env);
  const asked = request.height === 0n ? (last > 1n ? last - 1n : last) : request.height;
  if (request.prove && asked <= 1n) {
    throw ErrInvalidRequest.with("cannot query with proof when height <= 1; please provide a valid height");
  }
  const height = heightOf(env, asked);
  if (request.data.length === 0) throw ErrInvalidRequest.with("query cannot be zero length");
  if (request.data.length > MAX_KEY_BYTES) {
    throw ErrInvalidRequest.with(`a key has at most ${MAX_KEY_BYTES} bytes, not ${request.data.length}`);
  }
  const key = toByteString(request.data);
  if (!env.chain.storeNames.includes(storeName)) throw ErrUnknownRequest.with(`no such store: ${storeName}`);
  if (!request.prove) {
    const value = env.state.at(height).store(storeName).get(key);
    return { key: request.data, value: value ?? new Uint8Array(0), height: BigInt(height) };
  }
  const { value, ops } = env.state.prove(storeName, key, height);
  return {
    key: request.data,
    value: value ?? new Uint8Array(0),
    height: BigInt(height),
    proofOps: { ops: ops.map((op) => ({ type: op.type, key: op.key, data: op.data })) },
  };
}

/** A height that can be read: the number, or what is wrong with it as a registered error. */
export function heightOf(env: Pick<QueryEnvironment, "state">, height: bigint): number {
  const last = latest(env);
  if (last === 0n) throw ErrInvalidHeight.with("the chain is not ready; please wait for the first block");
  if (height < 0n) throw ErrInvalidRequest.with("cannot query with height < 0; please provide a valid height");
  if (height > last)
    throw ErrInvalidHeight.with("cannot query with height in the future; please provide a valid height");
  if (height < BigInt(env.state.earliestVersion)) {
    throw ErrNotFound.with(
      `failed to load state at height ${height}; version does not exist (latest height: ${last}, earliest: ${env.state.earliestVersion})`,
    );
  }
  return Number(height);
}
