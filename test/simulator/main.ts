// A program: carries out the simulation of a seed, or a plan from a file; what fails is shrunk and written to a file.
//
// Usage: node dist/test/simulator/main.js [--seed N] [--blocks N] [--replay FILE] [--save FILE] [--no-shrink] [--json]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { DEEDS } from "./deeds.js";
import { OPERATIONS } from "./operations/index.js";
import type { Plan } from "./plan.js";
import { formatPlan, makePlan, parsePlan } from "./plan.js";
import { Progress } from "./progress.js";
import { enoughFor, shrink, summary } from "./shrink.js";
import type { Outcome } from "./simulation.js";
import { simulate } from "./simulation.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    blocks: { type: "string", default: "200" },
    replay: { type: "string" },
    save: { type: "string", default: "build/simulator/failure.json" },
    "no-shrink": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const progress = new Progress(process.stderr);
const plan = readPlan();
const outcome = await simulate(plan, {
  progress: (done, all, height) => progress.show(done, all, `height ${height}`),
});
progress.end();
if (outcome.failure === undefined) {
  report(outcome);
} else {
  await reportFailure(plan, outcome.failure);
  process.exitCode = 1;
}

function readPlan(): Plan {
  if (values.replay !== undefined) return parsePlan(readFileSync(values.replay, "utf8"));
  const [seed, blocks] = [wholeNumber("seed"), wholeNumber("blocks")];
  return makePlan({ seed, blocks }, { operations: OPERATIONS, deeds: DEEDS });
}

function wholeNumber(name: "seed" | "blocks"): number {
  const text = values[name];
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name}: expected a whole number, not "${text}"`);
  return Number(text);
}

function report({ appHash, digest, stateHash, height, counts, comet, restarts, takenAhead }: Outcome): void {
  if (values.json) {
    console.log(JSON.stringify({ appHash, digest, stateHash }));
    return;
  }
  console.log(`seed ${plan.seed}: no promise is broken up to height ${height}`);
  console.log(`  app hash ${appHash}`);
  console.log(`  digest of all blocks ${digest}`);
  console.log(`  hash of the exported state ${stateHash}`);
  console.log(
    `  ${comet.setChanges} changes of validators, ${comet.absent} missing votes, ${comet.evidence} pieces of evidence, ` +
      `${restarts} restarts, ${takenAhead} results taken ahead`,
  );
  console.log("  operation                           made  succeeded  last refusal");
  for (const [name, { made, succeeded, refusal }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const numbers = `${String(made).padStart(5)} ${String(succeeded).padStart(10)}`;
    console.log(`  ${name.padEnd(34)} ${numbers}  ${refusal.slice(0, 100)}`);
  }
}

async function reportFailure(failed: Plan, failure: NonNullable<Outcome["failure"]>): Promise<void> {
  console.log(`seed ${failed.seed}: height ${failure.height}, step ${failure.steps}: ${failure.message}`);
  let [smallest, why] = [failed, failure];
  if (!values["no-shrink"]) {
    const shrunk = await shrink(failed, failure, {
      run: (tried) => simulate(tried, enoughFor(failure)),
      progress: (left, runs) => progress.show(runs, runs + 1, `run ${runs}, ${left} steps left`),
    });
    progress.end();
    [smallest, why] = [shrunk.plan, shrunk.failure];
    console.log(`shrunk in ${shrunk.runs} runs to ${summary(smallest)}`);
  }
  mkdirSync(dirname(values.save), { recursive: true });
  writeFileSync(values.save, formatPlan(smallest, why.message));
  console.log(`replay it: node dist/test/simulator/main.js --replay ${values.save}`);
}
