import type { Request } from "@computronium/proto/tendermint/abci/types_pb.js";
import { ResponseOfferSnapshot_Result } from "@computronium/proto/tendermint/abci/types_pb.js";

import type { AbciApplication } from "./application.js";
import { isPromise } from "./application.js";
import type { ResponseValue } from "./messages.js";

/**
 * Calls that leave the committed state alone. Those of one connection may overlap: the application begins CheckTx in the
 * order of the calls, and waits for signatures meanwhile.
 */
const OVERLAPPING: ReadonlySet<Request["value"]["case"]> = new Set([
  "echo",
  "flush",
  "info",
  "query",
  "checkTx",
  "listSnapshots",
  "loadSnapshotChunk",
] as const);

export function mayOverlap(value: Request["value"]): boolean {
  return OVERLAPPING.has(value.case);
}

/** Hands a call to the method that answers it. Echo and Flush are answered here. */
export function dispatch(app: AbciApplication, call: Request["value"]): ResponseValue | Promise<ResponseValue> {
  switch (call.case) {
    case "echo":
      return { case: "echo", value: { message: call.value.message } };
    case "flush":
      return { case: "flush", value: {} };
    case "info":
      return named("info", app.info(call.value));
    case "initChain":
      return named("initChain", app.initChain(call.value));
    case "query":
      return named("query", app.query(call.value));
    case "checkTx":
      return named("checkTx", app.checkTx(call.value));
    case "commit":
      return named("commit", app.commit(call.value));
    case "listSnapshots":
      return named("listSnapshots", app.listSnapshots(call.value));
    case "offerSnapshot":
      return named("offerSnapshot", app.offerSnapshot(call.value));
    case "loadSnapshotChunk":
      return named("loadSnapshotChunk", app.loadSnapshotChunk(call.value));
    case "applySnapshotChunk":
      return named("applySnapshotChunk", app.applySnapshotChunk(call.value));
    case "prepareProposal":
      return named("prepareProposal", app.prepareProposal(call.value));
    case "processProposal":
      return named("processProposal", app.processProposal(call.value));
    case "extendVote":
      return named("extendVote", app.extendVote(call.value));
    case "verifyVoteExtension":
      return named("verifyVoteExtension", app.verifyVoteExtension(call.value));
    case "finalizeBlock":
      return named("finalizeBlock", app.finalizeBlock(call.value));
    case undefined:
      return { case: "exception", value: { error: "a call that ABCI 2.0 does not have" } };
  }
}

/** Whether an offered snapshot was taken. */
export function snapshotAccepted(response: ResponseValue): boolean {
  return response.case === "offerSnapshot" && response.value.result === ResponseOfferSnapshot_Result.ACCEPT;
}

type ValueOf<C extends ResponseValue["case"]> = Extract<ResponseValue, { case: C }>["value"];

function named<C extends ResponseValue["case"]>(
  name: C,
  result: ValueOf<C> | Promise<ValueOf<C>>,
): ResponseValue | Promise<ResponseValue> {
  if (isPromise(result)) return result.then((value) => ({ case: name, value }) as ResponseValue);
  return { case: name, value: result } as ResponseValue;
}
