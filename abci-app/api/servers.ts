import type { QueryDesk } from "./desk.js";
import { GrpcServer } from "./grpc/server.js";
import type { ApiLog } from "./log.js";
import { RestServer } from "./rest/server.js";
import type { ApiAddresses, ApiSettings } from "./settings.js";

/** The gRPC and REST servers of a node, as far as they are on. */
export class ApiServers {
  readonly #desk: QueryDesk;
  readonly #log: ApiLog;
  #grpc: GrpcServer | undefined;
  #rest: RestServer | undefined;

  constructor(desk: QueryDesk, log: ApiLog) {
    this.#desk = desk;
    this.#log = log;
  }

  /** Opens both or, when one cannot listen, none: throws with the reason. */
  async listen({ grpc, rest }: ApiSettings): Promise<ApiAddresses> {
    try {
      if (grpc !== undefined) this.#grpc = await GrpcServer.listen(this.#desk, grpc);
      if (rest !== undefined) this.#rest = await RestServer.listen(this.#desk, rest, this.#log);
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
