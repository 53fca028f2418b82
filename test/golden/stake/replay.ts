import { isDeepStrictEqual } from "node:util";

import { DrivenChain } from "./drive.js";
import type { Explanation } from "./explained.js";
import { expectedResult, explainedQuery, sharedAnswer, sharedEvents, withComparableEnd } from "./explained.js";
import { withoutWaitingFees, withWaitingAccount } from "./fees.js";
import type { Vector, VectorBlock, VectorQuery } from "./vector.js";

/** Where our application says something else than the SDK's. */
export interface Difference {
  readonly where: string;
  readonly theirs: unknown;
  readonly ours: unknown;
}

export interface Replayed {
  readonly differences: readonly Difference[];
  /** How often something differs for a reason that DIFFERENCES.md gives. */
  readonly explained: Readonly<Partial<Record<Explanation, number>>>;
  readonly transactions: number;
  /** Of those, the ones that fail on both. */
  readonly failures: number;
  readonly queries: number;
}

/** More are of no use to the reader: what follows a difference is mostly its consequence. */
const MAX_DIFFERENCES = 40;

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
  const differences = report.differences.slice(0, MAX_DIFFERENCES);
  return { differences, explained: report.explained, transactions, failures, queries };
}

class Report {
  readonly differences: Difference[] = [];
  readonly explained: Partial<Record<Explanation, number>> = {};

  explain(explanation: Explanation): void {
    this.explained[explanation] = (this.explained[explanation] ?? 0) + 1;
  }

  compare(where: string, theirs: unknown, ours: unknown): void {
    if (!isDeepStrictEqual(theirs, ours)) this.differences.push({ where, theirs, ours });
  }
}

async function compareBlock(chain: DrivenChain, block: VectorBlock, report: Report): Promise<void> {
  const result = await chain.block(block);
  const at = `block ${block.height}`;
  (block.txs ?? []).forEach((tx, i) => {
    const ours = { ...result.txs[i]!, events: sharedEvents(result.txs[i]!.events) };
    const { result: expected, explanation } = expectedResult(tx, ours);
    if (explanation !== undefined) report.explain(explanation);
    const name = `${at}, ${tx.note}`;
    report.compare(name, [expected.codespace, expected.code, expected.log], [ours.codespace, ours.code, ours.log]);
    report.compare(`${name}: data`, expected.data, ours.data);
    report.compare(`${name}: events`, expected.events, ours.events);
  });
  report.compare(`${at}: validator updates`, block.validator_updates ?? [], result.updates);
  const events = sharedEvents(withoutWaitingFees(result.events));
  report.compare(`${at}: events of the block`, withComparableEnd(block.events ?? []), withComparableEnd(events));
  for (const query of block.queries ?? []) await compareQuery(chain, query, `after ${at}, ${query.path}`, report);
}

async function compareQuery(chain: DrivenChain, query: VectorQuery, name: string, report: Report): Promise<void> {
  const ours = await chain.query({ path: query.path, request: withWaitingAccount(query.request) });
  const explanation = explainedQuery(query, ours);
  if (explanation !== undefined) report.explain(explanation);
  else if (query.code !== undefined) report.compare(name, [query.code, query.log], [ours.code, ours.log]);
  else report.compare(name, sharedAnswer(query.answer), sharedAnswer(ours.answer) ?? ours.log);
}
