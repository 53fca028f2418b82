// A program: writes docs/economics.md and its plots.
//
// Usage: node dist/scripts/economics/main.js [FOLDER]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { format, resolveConfig } from "prettier";

import { economicsFiles } from "./page.js";

const [folder = "docs"] = process.argv.slice(2);
for (const [name, text] of economicsFiles()) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  const isPage = name.endsWith(".md");
  const config = (await resolveConfig("docs/economics.md")) ?? {};
  writeFileSync(path, isPage ? await format(text, { ...config, parser: "markdown" }) : text);
  console.log(path);
}
