import type { DescMethod, DescService } from "@bufbuild/protobuf";

import { fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { RouteTable } from "../../core/runtime/router.js";
import { StatusError } from "../../core/runtime/status.js";
import type { TxResult } from "../driver/tx-result.js";
import type { QueryAnswer, QueryRequest } from "../query/answer.js";
import { answerQuery, heightOf, refused } from "../query/answer.js";
import { openQueryEnvironment } from "../query/environment.js";
import type { QueryPool } from "../query/pool.js";
import { LocalComet } from "./comet.js";
import type { ApiLog } from "./log.js";
import { nodeServices } from "./services/index.js";
import type { NodeFacts } from "./services/environment.js";
import type { NodeRoute } from "./services/registration.js";

/** No answer is longer, whatever it is about: a full block twice over fits. */
const MAX_ANSWER_BYTES = 32 << 20;

export interface DeskOptions {
  /** Folder of the database. */
  readonly path: string;
  /** Bound of the gas of a query; undefined for none. */
  readonly gasLimit: bigint | undefined;
  /** Threads that answer queries of the state; without it they are answered on this thread, which only tests want. */
  readonly pool?: QueryPool;
  readonly facts: NodeFacts;
  readonly simulate: (txBytes: Uint8Array) => Promise<TxResult>;
  readonly log: ApiLog;
}

/** A method that the node serves. */
export interface ServedMethod {
  /** `/cosmos.bank.v1beta1.Query/Balance` */
  readonly path: string;
  readonly method: DescMethod;
}

/**
 * Where every query is answered, whichever face it came through: the modules' by threads that read committed heights, the
 * others by the services beside them.
 */
export class QueryDesk {
  readonly comet = new LocalComet();
  /** In order of registration: the modules' first. */
  readonly methods: readonly ServedMethod[];
  readonly #env: ReturnType<typeof openQueryEnvironment>;
  readonly #pool: QueryPool | undefined;
  readonly #services: RouteTable<NodeRoute>;
  readonly #log: ApiLog;

  constructor(options: DeskOptions) {
    const { path, gasLimit, facts } = options;
    this.#log = options.log;
    this.#env = openQueryEnvironment({ path, gasLimit, version: facts.version });
    this.#pool = options.pool;
    const { chain, addresses, state } = this.#env;
    const modules = chain.queries.keys().map((key) => ({ path: key, method: chain.queries.get(key)!.method }));
    this.#services = nodeServices({
      facts,
      addresses,
      comet: this.comet,
      committed: state,
      moduleServices: [...new Set(modules.map(({ method }) => method.parent))],
      simulate: options.simulate,
      queryState: (request) => this.#queryState(request),
    });
    this.methods = [
      ...modules,
      ...this.#services.keys().map((key) => ({ path: key, method: this.#services.get(key)!.method })),
    ];
  }

  /** The services that have at least one method here, in order. */
  get services(): readonly DescService[] {
    return [...new Set(this.methods.map(({ method }) => method.parent))];
  }

  /** Height of the last commit; 0 before the first. */
  get committedHeight(): number {
    return this.#env.state.version;
  }

  /** Answers an ABCI query. Never rejects: a fault is logged, and answered as an internal error. */
  async answer(request: QueryRequest): Promise<QueryAnswer> {
    const service = this.#services.get(request.path);
    try {
      const answer = await (service === undefined ? this.#queryState(request) : this.#call(service, request));
      const size = answer.value?.length ?? 0;
      if (size <= MAX_ANSWER_BYTES) return answer;
      throw new StatusError(
        "ResourceExhausted",
        `the answer has ${size} bytes, at most ${MAX_ANSWER_BYTES}: ask for a smaller page`,
      );
    } catch (error) {
      return this.#refused(error, request);
    }
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    await this.#env.close();
  }

  /** While the query threads load, which the first query lets them do, this thread answers. */
  async #queryState(request: QueryRequest): Promise<QueryAnswer> {
    this.#pool?.start();
    return this.#pool?.isReady === true ? this.#pool.answer(request) : answerQuery(this.#env, request);
  }

  async #call({ path, method, answer }: NodeRoute, request: QueryRequest): Promise<QueryAnswer> {
    if (request.prove) throw ErrInvalidRequest.with("a service query has no proof");
    const latest = BigInt(this.#env.state.version);
    // Before block 1 a node can already say who it is.
    const height = latest === 0n ? 0n : BigInt(heightOf(this.#env, request.height === 0n ? latest : request.height));
    let input;
    try {
      input = fromBinary(method.input, request.data);
    } catch (error) {
      throw ErrInvalidRequest.with(`${path}: the request is no ${method.input.typeName} (${String(error)})`);
    }
    return { height, value: toBinary(method.output, await answer(input, { height })) };
  }

  #refused(error: unknown, { path, height }: QueryRequest): QueryAnswer {
    try {
      return refused(error, height);
    } catch (fault) {
      this.#log.error(
        { path, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) },
        "query failed",
      );
      return refused(new StatusError("Internal", "internal error; see the node's log"), height);
    }
  }
}
