/** Entry of the thread that answers everything which is not consensus. */
import { parentPort, workerData } from "node:worker_threads";

import { StatusError } from "../../core/runtime/status.js";
import type { TxResult } from "../driver/tx-result.js";
import { QueryPool } from "../query/pool.js";
import { endWhenAsked, giveWay } from "../threads.js";
import { QueryDesk } from "./desk.js";
import type { ApiLog } from "./log.js";
import type { ApiThreadData, FromApi, ToApi } from "./protocol.js";
import { RequestMetrics } from "./request-metrics.js";
import { ApiServers } from "./servers.js";

/** Queries in progress or waiting; more are refused at once. */
const MAX_WAITING_QUERIES = 1000;
const QUERY_TIMEOUT_MILLISECONDS = 10_000;

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
giveWay();
const say = (message: FromApi): void => port.postMessage(message);
const logAt =
  (level: keyof ApiLog) =>
  (fields: object, message: string): void =>
    say({ kind: "log", level, fields, message });
const log: ApiLog = { info: logAt("info"), warn: logAt("warn"), error: logAt("error") };

interface Simulation {
  readonly resolve: (result: TxResult) => void;
  readonly reject: (error: Error) => void;
}
const simulations = new Map<number, Simulation>();
let nextSimulation = 0;

const { path, gasLimit, workers, facts, metricLabels } = workerData as ApiThreadData;
const pool = new QueryPool({
  workers,
  workerData: { path, gasLimit, version: facts.version },
  maxWaiting: MAX_WAITING_QUERIES,
  timeoutMilliseconds: QUERY_TIMEOUT_MILLISECONDS,
  log,
});
const desk = new QueryDesk({
  path,
  gasLimit,
  facts,
  pool,
  log,
  simulate: (txBytes) =>
    new Promise((resolve, reject) => {
      const id = nextSimulation++;
      simulations.set(id, { resolve, reject });
      say({ kind: "simulate", id, txBytes });
    }),
});
const metrics = metricLabels === undefined ? undefined : new RequestMetrics(metricLabels);
const servers = new ApiServers(desk, log, metrics);

endWhenAsked(port, () => pool.close());
port.on("message", (message: ToApi) => {
  switch (message.kind) {
    case "query": {
      const { id, request } = message;
      void desk.answer(request).then((answer) => say({ kind: "answer", id, answer }));
      return;
    }
    case "rpc":
      return desk.comet.use(message.url);
    case "listen": {
      const { id, settings } = message;
      servers.listen(settings).then(
        (addresses) => say({ kind: "listening", id, addresses }),
        (error: unknown) => say({ kind: "failed", id, reason: error instanceof Error ? error.message : String(error) }),
      );
      return;
    }
    case "measure":
      void (metrics?.read() ?? Promise.resolve("")).then((text) => say({ kind: "measured", id: message.id, text }));
      return;
    case "stop":
      void servers.close().then(() => say({ kind: "stopped", id: message.id }));
      return;
    case "simulated":
      simulations.get(message.id)?.resolve(message.result);
      simulations.delete(message.id);
      return;
    case "notSimulated": {
      const code = message.isOverload ? "ResourceExhausted" : "Internal";
      simulations.get(message.id)?.reject(new StatusError(code, message.reason));
      simulations.delete(message.id);
    }
  }
});
