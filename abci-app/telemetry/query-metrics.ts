import type { RequestQuery } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Registry } from "prom-client";
import { Counter, Gauge, Histogram } from "prom-client";

import { ErrIo } from "../../core/errors.js";
import type { QueryResponse } from "../query/answer.js";

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export type AnswerQuery = (request: RequestQuery) => Promise<QueryResponse>;

/**
 * Queries by what became of them. `unavailable` are those that the pool refused since too many were waiting, or whose thread
 * took too long or failed.
 *
 * @param isKnown whether a path is one of the chain's own: others are counted as one, however many there are.
 */
export function observedQueries(
  answer: AnswerQuery,
  isKnown: (path: string) => boolean,
  registry: Registry,
): AnswerQuery {
  const registers = [registry];
  const inProgress = new Gauge({
    name: "computronium_queries_in_progress",
    help: "Queries that are being answered or wait for a thread",
    registers,
  });
  const seconds = new Histogram({
    name: "computronium_query_seconds",
    help: "Time until a query was answered, waiting included",
    buckets: SECONDS,
    registers,
  });
  const total = new Counter({
    name: "computronium_queries_total",
    help: "Queries by path and by what became of them",
    labelNames: ["path", "result"],
    registers,
  });
  return async (request) => {
    const start = performance.now();
    inProgress.inc();
    try {
      const response = await answer(request);
      total.inc({ path: pathLabel(request.path, isKnown), result: resultLabel(response) });
      return response;
    } finally {
      inProgress.dec();
      seconds.observe((performance.now() - start) / 1000);
    }
  };
}

function pathLabel(path: string, isKnown: (path: string) => boolean): string {
  if (isKnown(path)) return path;
  return path.startsWith("/store/") ? "/store" : "other";
}

function resultLabel({ code = 0, codespace }: QueryResponse): "ok" | "refused" | "unavailable" {
  if (code === 0) return "ok";
  return code === ErrIo.code && codespace === ErrIo.codespace ? "unavailable" : "refused";
}
