// Runs one tier of tests and prints, as its last line, how many passed and failed.
//
// Usage: node scripts/run-tests.js test|interop|long [jest arguments]
//
// Plain JavaScript, so that it can say so when nothing was compiled.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const [tier, ...rest] = process.argv.slice(2);
if (!["test", "interop", "long"].includes(tier ?? "")) {
  console.error("usage: node scripts/run-tests.js test|interop|long [jest arguments]");
  process.exit(2);
}

mkdirSync("build", { recursive: true });
const report = `build/tests-${tier}.json`;
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    "--experimental-vm-modules",
    "--no-warnings",
    "node_modules/jest/bin/jest.js",
    "--json",
    `--outputFile=${report}`,
    ...rest,
  ],
  // Jest's own report goes to standard error; the JSON of --json goes to the file alone.
  { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, TIER: tier } },
);
const { passed, failed } = count();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** What the run's report counts, and whether all is well. */
function count() {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A suite that could not be loaded has no tests that failed; it counts as one.
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const sound = status === 0 && failed === 0 && numFailedTestSuites === 0 && numPassedTests > 0;
  return { passed: numPassedTests, failed: sound ? 0 : Math.max(failed, 1) };
}
