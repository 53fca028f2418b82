import { hostname } from "node:os";

import type { Logger } from "pino";
import { collectDefaultMetrics, Gauge } from "prom-client";

import type { AbciApplication } from "../abci/application.js";
import type { TelemetryConfig } from "../node/app-config.js";
import { ObservedApplication } from "./application-metrics.js";
import { MetricsRegistry } from "./metrics-registry.js";
import { ReadinessCheck } from "./readiness.js";
import type { Page } from "./server.js";
import { TelemetryServer } from "./server.js";

export interface TelemetryOptions {
  readonly config: TelemetryConfig;
  /** Labels of `computronium_build_info`. */
  readonly build: Readonly<Record<string, string>>;
  readonly log: Logger;
}

/** What can be seen of a running node from outside: `/health`, `/ready`, `/metrics`. */
export class Telemetry {
  readonly registry: MetricsRegistry;
  readonly #readiness: ReadinessCheck;
  readonly #server: TelemetryServer;

  private constructor(registry: MetricsRegistry, readiness: ReadinessCheck, server: TelemetryServer) {
    this.registry = registry;
    this.#readiness = readiness;
    this.#server = server;
  }

  /** Serves from now on; `/ready` says no until the node is. */
  static async start({ config, build, log }: TelemetryOptions): Promise<Telemetry> {
    const registry = new MetricsRegistry({
      ...Object.fromEntries(config["global-labels"]),
      ...(config["service-name"] === "" ? {} : { service: config["service-name"] }),
      ...(config["enable-hostname-label"] ? { host: hostname() } : {}),
    });
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: "computronium_build_info",
      help: "What runs; always 1",
      labelNames: Object.keys(build),
      registers: [registry],
    }).set(build, 1);
    const readiness = new ReadinessCheck(config["ready-max-block-age"]);
    const metrics = async (): Promise<Page> => ({
      status: 200,
      contentType: registry.contentType,
      body: await registry.metrics(),
    });
    const server = await TelemetryServer.listen(
      config.address,
      {
        // Whoever gets this answer knows that the process lives and its event loop turns.
        "/health": async () => json(200, { alive: true, uptimeSeconds: Math.round(process.uptime()) }),
        "/ready": async () => {
          const answer = await readiness.read();
          return json(answer.ready ? 200 : 503, answer);
        },
        ...(config["prometheus-retention-time"] > 0 ? { "/metrics": metrics } : {}),
      },
      log,
    );
    return new Telemetry(registry, readiness, server);
  }

  get url(): string {
    return this.#server.url;
  }

  /** The same application, watched. */
  observe(app: AbciApplication): AbciApplication {
    return new ObservedApplication(app, this.registry, ({ height }) => this.#readiness.committed(height));
  }

  /** CometBFT's RPC, once it is known. */
  useRpc(address: string): void {
    this.#readiness.useRpc(address);
  }

  async close(): Promise<void> {
    await this.#server.close();
    this.registry.clear();
  }
}

function json(status: number, value: object): Page {
  return { status, contentType: "application/json; charset=utf-8", body: `${JSON.stringify(value)}\n` };
}
