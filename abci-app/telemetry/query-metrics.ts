import type { RequestQuery } from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Registry } from "prom-client";
import { Counter, Gauge, Histogram } from "prom-client";

import { ErrIo } from "../../core/errors.js";
import { registry as types } from "../../core/codec/registry.js";
import type { QueryAnswer } from "../query/answer.js";

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export type AnswerQuery = (request: RequestQuery) => Promise<QueryAnswer>;

/**
 * Queries by what became of them. `unavailable` are those that the pool refused since too many were waiting, or whose thread
 * took too long or failed. Paths that are no method of a known service are counted as one, however many there are.
 */
export function observedQueries(answer: AnswerQuery, registry: Registry): AnswerQuery {
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
      total.inc({ path: pathLabel(request.path), result: resultLabel(response) });
      return response;
    } finally {
      inProgress.dec();
      seconds.observe((performance.now() - start) / 1000);
    }
  };
}

function pathLabel(path: string): string {
  if (isMethod(path)) return path;
  return path.startsWith("/store/") ? "/store" : "other";
}

function resultLabel({ code = 0, codespace }: QueryAnswer): "ok" | "refused" | "unavailable" {
  if (code === 0) return "ok";
  return code === ErrIo.code && codespace === ErrIo.codespace ? "unavailable" : "refused";
}

function isMethod(path: string): boolean {
  const [, service = "", method] = path.split("/");
  return types.getService(service)?.methods.some(({ name }) => name === method) ?? false;
}
