// Makes release archives of this checkout, which is built.
//
// Usage: node dist/scripts/release/main.js TARGET_FOLDER [PLATFORM ...]
import { fileURLToPath } from "node:url";

import type { Platform } from "./platforms.js";
import { PLATFORMS } from "./platforms.js";
import { makeRelease } from "./release.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const [target = "build/release", ...names] = process.argv.slice(2);
const wanted = names.length > 0 ? names : [`${process.platform}-${process.arch}`];
const platforms = wanted.map((name): Platform => {
  const platform = PLATFORMS.find((one) => one.name === name);
  if (platform !== undefined) return platform;
  throw new Error(`no release is made for ${name}; there is ${PLATFORMS.map((one) => one.name).join(", ")}`);
});
const say = (message: string): void => console.error(message);
for (const archive of await makeRelease({ root: ROOT, target, platforms, say })) console.log(archive);
