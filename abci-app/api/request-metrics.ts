import { Counter, Histogram, Registry } from "prom-client";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** One request over gRPC or HTTP that was answered. */
export interface ServedRequest {
  readonly face: "grpc" | "rest";
  /** `/service/Method`; undefined for what is none, of which strangers could make up any number. */
  readonly method: string | undefined;
  /** Name of the gRPC status, or number of the HTTP status. */
  readonly status: string;
  /** When it came, by `performance.now()`. */
  readonly since: number;
}

/** Counts requests on the thread that answers them. */
export class RequestMetrics {
  readonly #registry = new Registry();
  readonly #total: Counter<"face" | "method" | "status">;
  readonly #seconds: Histogram<"face" | "method">;

  /** @param labels On every series. */
  constructor(labels: Readonly<Record<string, string>>) {
    const registers = [this.#registry];
    this.#registry.setDefaultLabels(labels);
    this.#total = new Counter({
      name: "computronium_api_requests_total",
      help: "Requests over gRPC and REST, by method and status of the answer",
      labelNames: ["face", "method", "status"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "computronium_api_request_seconds",
      help: "Time until a request over gRPC or REST was answered, waiting included",
      labelNames: ["face", "method"],
      buckets: SECONDS,
      registers,
    });
  }

  served({ face, method = "other", status, since }: ServedRequest): void {
    this.#total.inc({ face, method, status });
    this.#seconds.observe({ face, method }, (performance.now() - since) / 1000);
  }

  /** In Prometheus' text format. */
  read(): Promise<string> {
    return this.#registry.metrics();
  }
}
