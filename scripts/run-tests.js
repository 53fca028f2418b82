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
const run = spawnSync(
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
if (!existsSync(report)) {
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(
  readFileSync(report, "utf8"),
);
// A suite that could not be loaded has no tests that failed; it counts as one.
const failed = numFailedTests + numRuntimeErrorTestSuites;
const sound = run.status === 0 && failed === 0 && numFailedTestSuites === 0 && numPassedTests > 0;
console.log(`${numPassedTests} passed, ${sound ? 0 : Math.max(failed, 1)} failed`);
process.exit(sound ? 0 : 1);
