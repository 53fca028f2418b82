import tseslint from "typescript-eslint";

/** What two nodes might not do alike (docs/ARCHITECTURE.md, "Determinism"). Each ban says what to use. */
const NON_DETERMINISTIC = [
  {
    selector: "NewExpression[callee.name='Date']",
    message: "The clock: take time from the block header (context.time).",
  },
  {
    selector: "CallExpression[callee.object.name='Date']",
    message: "The clock: take time from the block header (context.time).",
  },
  { selector: "CallExpression[callee.object.name='performance']", message: "The clock has no place inside a block." },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: "Randomness has no place inside a block.",
  },
  {
    selector:
      "MemberExpression[object.name='Math'][property.name=/^(sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|exp|expm1|log|log1p|log2|log10|pow|sqrt|cbrt|hypot|fround)$/]",
    message: "Floating point: use bigint or Dec.",
  },
  {
    selector: "CallExpression[callee.name=/^(parseFloat|setTimeout|setInterval|setImmediate|queueMicrotask|fetch)$/]",
    message: "Not allowed inside a block.",
  },
  { selector: "Literal[raw=/^[0-9_]+\\.[0-9]/]", message: "Floating point: use bigint or Dec." },
  {
    selector:
      "CallExpression[callee.property.name=/^(toLocaleString|toLocaleLowerCase|toLocaleUpperCase|localeCompare|normalize)$/]",
    message: "Depends on locale or Unicode version.",
  },
  { selector: "MemberExpression[object.name='Intl']", message: "Depends on locale." },
  {
    selector: "CallExpression[callee.property.name=/^(sort|toSorted)$/][arguments.length=0]",
    message: "The default sort compares as text: pass a comparison.",
  },
  { selector: "ForInStatement", message: "Iterate a Map, an array or a store." },
  { selector: "FunctionDeclaration[async=true]", message: "Everything inside a block is synchronous." },
  { selector: "ArrowFunctionExpression[async=true]", message: "Everything inside a block is synchronous." },
  { selector: "AwaitExpression", message: "Everything inside a block is synchronous." },
  {
    selector:
      "ImportDeclaration[source.value=/^(node:)?(fs|os|net|http|https|dns|child_process|worker_threads|timers|cluster|process)(\\/|$)/]",
    message: "No input or output inside a block.",
  },
];

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "proto/gen/**", "build/**", ".cache/**", "bin/**"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "No default exports." }],
      eqeqeq: "error",
    },
  },
  {
    // All that runs inside a block. core/store and abci-app/abci do input and output, and stay out of state code.
    files: ["core/{math,collections,runtime,codec}/**/*.ts", "core/*.ts", "modules/**/*.ts", "abci-app/ante/**/*.ts"],
    ignores: ["**/*.test.ts", "modules/*/simulation.ts"],
    rules: { "no-restricted-syntax": ["error", ...NON_DETERMINISTIC] },
  },
  {
    files: ["*.js", "**/*.cjs", "proto/*.js"],
    rules: { "no-restricted-syntax": "off", "@typescript-eslint/no-require-imports": "off" },
  },
);
