import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A path in the repository; this file runs from dist/bench/chain. */
export function repositoryPath(relative: string): string {
  return join(fileURLToPath(new URL("../../../", import.meta.url)), relative);
}
