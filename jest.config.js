/**
 * Jest runs what was compiled: `dist/**` for the node, `client/dist` and `provider/dist` for the workspaces.
 * Tiers are named by file ending; each suite says its own budget in its first comment:
 *   *.test.js          fast, in `make test`
 *   *.interop.test.js  needs slow peers (Go chain, Hermes), in `make test-interop`
 *   *.long.test.js     soaks, in `make test-long`
 */
const TIERS = {
  test: /(?<!\.interop|\.long)\.test\.js$/,
  interop: /\.interop\.test\.js$/,
  long: /\.long\.test\.js$/,
};
const tier = process.env.TIER ?? "test";
if (!(tier in TIERS)) throw new Error(`TIER must be one of ${Object.keys(TIERS).join(", ")}, not ${tier}`);

export default {
  roots: ["<rootDir>/dist", "<rootDir>/client/dist", "<rootDir>/provider/dist"],
  testRegex: [TIERS[tier].source],
  testEnvironment: "node",
  transform: { "/node_modules/(@noble|@scure)/.+\\.js$": "<rootDir>/scripts/jest-esm-as-commonjs.cjs" },
  transformIgnorePatterns: [],
  maxWorkers: 2,
  testTimeout: tier === "test" ? 240_000 : 1_800_000,
};
