import type { QueryDesk } from "./desk.js";
import { GrpcServer } from "./grpc/server.js";
import type { ApiLog } from "./log.js";
import type { RequestMetrics } from "./request-metrics.js";
import { RestServer } from "./rest/server.js";
import type { ApiAddresses, ApiSettings } from "./settings.js";

/** The gRPC and REST servers of a node, as far as they are on. */
export class ApiServers {
  readonly #desk: QueryDesk;
  readonly #log: ApiLog;
  readonly #metrics: RequestMetrics | undefined;
  #grpc: GrpcServer | undefined;
  #rest: RestServer | undefined;

  constructor(desk: QueryDesk, log: ApiLog, metrics?: RequestMetrics) {
    this.#desk = desk;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Opens both or, when one cannot listen, none: throws with the reason. */
  async listen({ grpc, rest }: ApiSettings): Promise<ApiAddresses> {
    try {
      if (grpc !== undefined) this.#grpc = await GrpcServer.listen(this.#desk, grpc, this.#metrics);
      if (rest !== undefined)
        this.#rest = await RestServer.listen({
          desk: this.#desk,
          settings: rest,
          log: this.#log,
          metrics: this.#metrics,
        });
    } catch (error) {
      await this.close();
      throw error;
    }
    return { grpc: this.#grpc?.address, rest: this.#rest?.address };
  }

  /** Calls in progress may end, for a moment. */
  async close(): Promise<void> {
    await Promise.all([this.#grpc?.close(), this.#rest?.close()]);
    this.#grpc = undefined;
    this.#rest = undefined;
  }
}
