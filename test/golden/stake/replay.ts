import { isDeepStrictEqual } from "node:util";

import type { JsonValue } from "@bufbuild/protobuf";

import { DrivenChain } from "./drive.js";
import { withoutWaitingFees, withWaitingAccount } from "./fees.js";
import type { FlatEvent, Vector, VectorBlock, VectorTx } from "./vector.js";

/** Where our application says something else than the SDK's. */
export interface Difference {
  readonly where: string;
  readonly theirs: unknown;
  readonly ours: unknown;
}

export interface Replayed {
  readonly differences: readonly Difference[];
  readonly transactions: number;
  /** Of those, the ones that fail on both. */
  readonly failures: number;
  readonly queries: number;
}

/** More are of no use to the reader: what follows a difference is mostly its consequence. */
const MAX_DIFFERENCES = 40;

/** How the SDK begins to tell of a message that failed. */
const BEHIND_ANTE = /^failed to execute message; message index: \d+: /;

/** Plays the vector on our application and compares every result and every answer. */
export async function replay(vector: Vector): Promise<Replayed> {
  const chain = await DrivenChain.start(vector);
  const report = new Report();
  let transactions = 0;
  let failures = 0;
  let queries = 0;
  try {
    report.compare("validators of genesis", vector.validator_updates, chain.initialUpdates);
    for (const block of vector.blocks) {
      await compareBlock(chain, block, report);
      const txs = block.txs ?? [];
      transactions += txs.length;
      failures += txs.filter(({ code }) => code !== undefined).length;
      queries += (block.queries ?? []).length;
      if (report.differences.length >= MAX_DIFFERENCES) break;
    }
  } finally {
    await chain.close();
  }
  return { differences: report.differences.slice(0, MAX_DIFFERENCES), transactions, failures, queries };
}

class Report {
  readonly differences: Difference[] = [];

  compare(where: string, theirs: unknown, ours: unknown): void {
    if (!isDeepStrictEqual(theirs, ours)) this.differences.push({ where, theirs, ours });
  }
}

async function compareBlock(chain: DrivenChain, block: VectorBlock, report: Report): Promise<void> {
  const result = await chain.block(block);
  const at = `block ${block.height}`;
  (block.txs ?? []).forEach((tx, i) => {
    const ours = result.txs[i];
    const name = `${at}, ${tx.note}`;
    if (isUnregistered(tx)) report.compare(`${name}: fails`, true, ours?.code !== 0);
    else report.compare(name, [tx.codespace ?? "", tx.code ?? 0], [ours?.codespace, ours?.code]);
    // What is wrong in itself we refuse before any fee is taken.
    const log = tx.wrong === true ? tx.log?.replace(BEHIND_ANTE, "") : tx.log;
    if (!isUnregistered(tx)) report.compare(`${name}: log`, log ?? "", ours?.log);
    report.compare(`${name}: data`, tx.data ?? "", ours?.data);
    compareEvents(`${name}: events`, tx.wrong === true ? [] : (tx.events ?? []), ours?.events ?? [], report);
  });
  report.compare(`${at}: validator updates`, block.validator_updates ?? [], result.updates);
  compareEvents(`${at}: events of the block`, endingInAnyOrder(block.events ?? []), endingInAnyOrder(result.events), report);
  for (const query of block.queries ?? []) {
    const ours = await chain.query({ path: query.path, request: withWaitingAccount(query.request) });
    const name = `after ${at}, ${query.path} ${query.request ?? ""}`;
    if (query.code === undefined) report.compare(name, comparable(query.answer), comparable(ours.answer) ?? ours.log);
    else report.compare(name, [query.code, query.log], [ours.code, ours.log]);
  }
}

/** An error without a code of its own, which the SDK calls 1 of `undefined`. Ours have a code and a text. */
function isUnregistered({ codespace, code }: VectorTx): boolean {
  return codespace === "undefined" && code === 1;
}

/** Without the hash of the state, which two applications with different stores cannot share. */
function comparable(answer: JsonValue | undefined): JsonValue | undefined {
  if (answer === undefined) return undefined;
  return JSON.parse(JSON.stringify(answer), (key, value: JsonValue) => (key === "app_hash" ? null : value)) as JsonValue;
}

function compareEvents(where: string, theirs: readonly FlatEvent[], ours: readonly FlatEvent[], report: Report): void {
  report.compare(where, theirs, withoutWaitingFees(ours).filter(isShared));
}

/**
 * Events of the end of a block behind the others, sorted: our deposits are paid back when all proposals of the block have ended,
 * in slices, the SDK's with each proposal.
 */
function endingInAnyOrder(events: readonly FlatEvent[]): FlatEvent[] {
  const isOfEnd = (event: FlatEvent): boolean => event.at(-1) === "EndBlock";
  const ending = withoutWaitingFees(events).filter(isOfEnd);
  const text = (event: FlatEvent): string => event.join(" ");
  return [...events.filter((event) => !isOfEnd(event)), ...ending.sort((a, b) => (text(a) < text(b) ? -1 : 1))];
}

/** What users pay with and sign is in the vector already; our own typed events are of modules that the SDK has not. */
function isShared([type = ""]: FlatEvent): boolean {
  return type !== "tx" && !type.startsWith("computronium.");
}

