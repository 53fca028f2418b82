/** Entry of a query thread: the same chain over the same database, read-only. */
import { parentPort, workerData } from "node:worker_threads";

import { endWhenAsked, giveWay } from "../threads.js";
import { answerQuery } from "./answer.js";
import type { QueryWorkerData } from "./environment.js";
import { openQueryEnvironment } from "./environment.js";
import type { WorkerReply, WorkerRequest } from "./pool.js";

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
endWhenAsked(port);
giveWay();
const env = openQueryEnvironment(workerData as QueryWorkerData);

port.on("message", (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    reply = { id: request.id, response: answerQuery(env, request) };
  } catch (error) {
    reply = { id: request.id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(reply);
});
port.postMessage({ ready: true } satisfies WorkerReply);
