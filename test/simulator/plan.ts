import { randomOf, seedFrom, weighted } from "./random.js";

/**
 * One thing that happens. It makes its choices from the state that it finds and from a seed of its own, so that it still means
 * something when others before it are left out: that is what lets a failure be shrunk.
 */
export interface Step {
  /** The name of an operation, such as `bank/send`, or of something in the world, such as `world/restart`. */
  readonly do: string;
  readonly seed: number;
}

/** A whole run. The seed decides what the chain starts with; all else is in the steps. */
export interface Plan {
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** What can be chosen, and how often in relation to the others. */
export interface Choice {
  readonly name: string;
  readonly weight: number;
}

/** Ends a block: all transactions since the block before are in it. */
export const BLOCK = "world/block";
/** The genesis of the state is exported, and a second chain goes on from there beside the first. */
export const EXPORT = "world/export";

const TXS_PER_BLOCK = [0, 1, 2, 3, 3, 4, 5, 6, 9];
/** Things of the world in a hundred blocks. */
const DEEDS_PER_HUNDRED = 30;

/** A plan of so many blocks, with an export in its middle. */
export function makePlan(
  { seed, blocks }: { readonly seed: number; readonly blocks: number },
  choices: { readonly operations: readonly Choice[]; readonly deeds: readonly Choice[] },
): Plan {
  const random = randomOf(seed);
  const steps: Step[] = [];
  const add = (name: string) => steps.push({ do: name, seed: seedFrom(random) });
  for (let block = 0; block < blocks; block++) {
    if (block === blocks >> 1) add(EXPORT);
    if (random.below(100) < DEEDS_PER_HUNDRED) add(weighted(random, choices.deeds).name);
    for (let left = random.pick(TXS_PER_BLOCK); left > 0; left--) add(weighted(random, choices.operations).name);
    add(BLOCK);
  }
  return { seed, steps };
}

/** A plan as a file: one step a line, to be read and edited by people. */
export function formatPlan({ seed, steps }: Plan, comment?: string): string {
  const lines = steps.map((step) => `    ${JSON.stringify([step.do, step.seed])}`);
  const head = comment === undefined ? "" : `  "why": ${JSON.stringify(comment)},\n`;
  return `{\n${head}  "seed": ${seed},\n  "steps": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** Throws an Error that says what is wrong with the text. */
export function parsePlan(text: string): Plan {
  const { seed, steps } = JSON.parse(text) as { seed?: unknown; steps?: unknown };
  if (typeof seed !== "number" || !Array.isArray(steps)) throw new Error(`a plan has a "seed" and "steps"`);
  return {
    seed,
    steps: steps.map((step: unknown, i) => {
      const [name, stepSeed] = Array.isArray(step) ? (step as unknown[]) : [];
      if (typeof name !== "string" || typeof stepSeed !== "number") {
        throw new Error(`step ${i + 1}: expected ["name", seed], not ${JSON.stringify(step)}`);
      }
      return { do: name, seed: stepSeed };
    }),
  };
}
