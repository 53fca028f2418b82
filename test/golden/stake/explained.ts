import type { JsonValue } from "@bufbuild/protobuf";

import type { OurTx } from "./drive.js";
import type { FlatEvent, VectorQuery, VectorTx } from "./vector.js";

/** Differences that are meant, by the names that DIFFERENCES.md tells of them under. */
export type Explanation = "wrong in itself" | "unregistered error" | "raw bytes in a text" | "proposals of the older API";

/** How the SDK begins to tell of a message that failed. */
const BEHIND_ANTE = /^failed to execute message; message index: \d+: /;

/** What the result of ours has to be, when Go's is this one, and what explains that it is not the same. */
export function expectedResult(
  theirs: VectorTx,
  ours: OurTx,
): { readonly result: OurTx; readonly explanation?: Explanation } {
  const result: OurTx = {
    codespace: theirs.codespace ?? "",
    code: theirs.code ?? 0,
    log: theirs.log ?? "",
    data: theirs.data ?? "",
    events: theirs.events ?? [],
  };
  if (theirs.wrong === true) {
    const early = { ...result, log: result.log.replace(BEHIND_ANTE, ""), events: [] };
    return { result: early, explanation: "wrong in itself" };
  }
  if (result.codespace === "undefined" && ours.code !== 0) {
    const { codespace, code, log } = ours;
    return { result: { ...result, codespace, code, log }, explanation: "unregistered error" };
  }
  if (result.log.includes(REPLACEMENT) && lastPart(result.log) === lastPart(ours.log)) {
    return { result: { ...result, log: ours.log }, explanation: "raw bytes in a text" };
  }
  return { result };
}

/** What Go writes into JSON for bytes that are no text. */
const REPLACEMENT = "\ufffd";

function lastPart(text: string): string {
  return text.slice(text.lastIndexOf(": "));
}

/** Whether Go has no answer for a reason for which we have one. */
export function explainedQuery({ code, log }: VectorQuery, ours: { readonly code: number }): Explanation | undefined {
  const isOfManyMessages = code === 6 && log?.startsWith("can't convert a gov/v1 Proposal to gov/v1beta1 Proposal") === true;
  return isOfManyMessages && ours.code === 0 ? "proposals of the older API" : undefined;
}

/** Without the hash of the state, which two applications with different stores cannot share. */
export function withoutAppHash(answer: JsonValue | undefined): JsonValue | undefined {
  if (answer === undefined) return undefined;
  const text = JSON.stringify(answer);
  return JSON.parse(text, (key, value: JsonValue) => (key === "app_hash" ? null : value)) as JsonValue;
}

/** Without the typed events of our own modules, and without what the transaction says already. */
export function sharedEvents(events: readonly FlatEvent[]): FlatEvent[] {
  return events.filter(([type = ""]) => type !== "tx" && !type.startsWith("computronium."));
}

/** Events of the end of a block behind the others, sorted. */
export function endingInAnyOrder(events: readonly FlatEvent[]): FlatEvent[] {
  const isOfEnd = (event: FlatEvent): boolean => event.at(-1) === "EndBlock";
  const text = (event: FlatEvent): string => event.join(" ");
  const ending = events.filter(isOfEnd).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  return [...events.filter((event) => !isOfEnd(event)), ...ending];
}
