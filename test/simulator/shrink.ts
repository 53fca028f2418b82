import type { Failure } from "./failure.js";
import type { Plan, Step } from "./plan.js";
import { BLOCK } from "./plan.js";
import type { Outcome, SimulationOptions } from "./simulation.js";
import { DISTURBED } from "./simulation.js";

export interface ShrinkOptions {
  /** Carries a plan out. */
  readonly run: (plan: Plan) => Promise<Pick<Outcome, "failure">>;
  /** At most so many runs. */
  readonly maxRuns?: number;
  readonly progress?: ((left: number, runs: number) => void) | undefined;
}

const DEFAULT_MAX_RUNS = 400;

/**
 * The shortest list of steps that is found to break the same promise: delta debugging (Zeller's ddmin). Chunks of steps are
 * left out, ever smaller ones, as long as the failure stays; what is left cannot spare any one step, unless the runs were
 * used up before.
 */
export async function shrink(
  plan: Plan,
  failure: Failure,
  { run, maxRuns = DEFAULT_MAX_RUNS, progress }: ShrinkOptions,
): Promise<{ readonly plan: Plan; readonly failure: Failure; readonly runs: number }> {
  // Nothing behind the failing step matters.
  let best: readonly Step[] = plan.steps.slice(0, failure.steps);
  let why = failure;
  let runs = 0;
  const stillFails = async (steps: readonly Step[]): Promise<boolean> => {
    if (runs >= maxRuns) return false;
    runs++;
    const { failure: found } = await run({ seed: plan.seed, steps });
    progress?.(best.length, runs);
    if (found?.kind !== failure.kind) return false;
    best = steps.slice(0, found.steps);
    why = found;
    return true;
  };

  let chunks = 2;
  while (best.length > 1 && runs < maxRuns) {
    const size = Math.ceil(best.length / chunks);
    let hasShrunk = false;
    for (let from = best.length - size; from > -size && runs < maxRuns; from -= size) {
      const rest = [...best.slice(0, Math.max(0, from)), ...best.slice(from + size)];
      if (rest.length < best.length && (await stillFails(rest))) hasShrunk = true;
    }
    if (hasShrunk) chunks = Math.max(2, Math.min(chunks - 1, best.length));
    else if (size === 1) break;
    else chunks = Math.min(best.length, chunks * 2);
  }
  return { plan: { seed: plan.seed, steps: best }, failure: why, runs };
}

/** What runs need to show a failure again: the second node only where it is what failed. */
export function enoughFor({ kind }: Failure): SimulationOptions {
  return { disturbed: kind === DISTURBED };
}

/** What a plan holds besides its blocks, for people. */
export function summary({ steps }: Plan): string {
  const blocks = steps.filter((step) => step.do === BLOCK).length;
  const others = steps.filter((step) => step.do !== BLOCK).map((step) => step.do);
  return `${blocks} blocks and ${others.length} other steps${others.length === 0 ? "" : `: ${others.join(", ")}`}`;
}
