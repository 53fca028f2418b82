import type { JsonValue } from "@bufbuild/protobuf";

import { Addresses, moduleAddress } from "../../../core/address.js";
import type { OurTx } from "./drive.js";
import { withoutEmptyTransfers } from "./fees.js";
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
    events: withoutEmptyTransfers(theirs.events ?? []),
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

/**
 * Without what two applications cannot share: the hash of the state, and the numbers that x/staking counts unbondings by for
 * interchain security.
 */
export function sharedAnswer(answer: JsonValue | undefined): JsonValue | undefined {
  if (answer === undefined) return undefined;
  const text = JSON.stringify(answer);
  return JSON.parse(text, (key, value: JsonValue) => (UNSHARED.has(key) ? null : value)) as JsonValue;
}

const UNSHARED: ReadonlySet<string> = new Set(["app_hash", "unbonding_id", "unbonding_ids"]);

/** Without the typed events of our own modules, and without what the transaction says already. */
export function sharedEvents(events: readonly FlatEvent[]): FlatEvent[] {
  return events.filter(([type = ""]) => type !== "tx" && !type.startsWith("computronium."));
}

/**
 * Events of the end of a block behind the others and sorted; undelegations that end together as one payment to each, without
 * the empty endings that the SDK tells of for all but one of them, and of redelegations that end together.
 */
export function withComparableEnd(events: readonly FlatEvent[]): FlatEvent[] {
  const isOfEnd = (event: FlatEvent): boolean => event.at(-1) === "EndBlock";
  const text = (event: FlatEvent): string => event.join(" ");
  const ending = paidTogether(events.filter(isOfEnd)).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  return [...events.filter((event) => !isOfEnd(event)), ...ending];
}

const ENDINGS: ReadonlySet<string> = new Set(["complete_unbonding", "complete_redelegation"]);
const POOL = new Addresses("cosmos").account.encode(moduleAddress("not_bonded_tokens_pool"));

function paidTogether(events: readonly FlatEvent[]): FlatEvent[] {
  const paid = new Map<string, bigint>();
  const others: FlatEvent[] = [];
  for (let i = 0; i < events.length; i++) {
    const [type, , spender, , amount = ""] = events[i]!;
    const [nextType, , receiver = ""] = events[i + 1] ?? [];
    if (type === "coin_spent" && spender === POOL && nextType === "coin_received") {
      paid.set(receiver, (paid.get(receiver) ?? 0n) + BigInt(amount.replace(/stake$/, "")));
      i++;
    } else if (!ENDINGS.has(type ?? "") || events[i]![2] !== "") others.push(events[i]!);
  }
  return [...others, ...[...paid].map(([receiver, amount]) => ["undelegated", receiver, String(amount)])];
}
