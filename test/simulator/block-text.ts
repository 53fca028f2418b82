import { createHash } from "node:crypto";

import type { AbciBlockResult } from "../../abci-app/abci/application.js";
import { BrokenPromise } from "./failure.js";

/** All that CometBFT hashes, stores or indexes of a block but the app hash, and more, as lines of text. */
export function blockText({ txResults, events, validatorUpdates, consensusParamUpdates }: AbciBlockResult): string[] {
  return [
    text("validator updates", validatorUpdates ?? []),
    text("consensus parameters", consensusParamUpdates ?? null),
    text("events", events ?? []),
    ...txResults.map((result, i) => text(`transaction ${i}`, result)),
  ];
}

function text(name: string, value: unknown): string {
  // The value as it is, before a Buffer has made JSON of itself.
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key: string): unknown {
    const inner = this[key];
    if (typeof inner === "bigint") return String(inner);
    return inner instanceof Uint8Array ? hex(inner) : inner;
  });
  return `${name}: ${json}`;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function sha256(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const each of texts) hash.update(each).update("\n");
  return hash.digest("hex");
}

/** Throws {@link BrokenPromise} of the kind unless two nodes made the same of a block; says where the first difference is. */
export function requireSame(kind: string, expected: readonly string[], actual: readonly string[]): void {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    const [one = "", other = ""] = [expected[i], actual[i]];
    if (one === other) continue;
    let at = 0;
    while (one[at] === other[at]) at++;
    const from = Math.max(0, at - 200);
    throw new BrokenPromise(kind, `…${one.slice(from, at + 200)}… became …${other.slice(from, at + 200)}…`);
  }
}
