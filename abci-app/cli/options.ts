import type { Command } from "commander";

import type { AppConfig } from "../node/app-config.js";
import type { Home } from "../node/home.js";
import { homeOf } from "../node/home.js";
import type { ChainRuntime } from "../node/runtime.js";

/** What every command gets. */
export interface CliContext {
  readonly runtime: ChainRuntime;
  readonly env: NodeJS.ProcessEnv;
  /** For results; scripts read them. */
  readonly out: (text: string) => void;
  /** For people. */
  readonly err: (text: string) => void;
}

export type { AppConfig };

/** The home folder that --home (or its default) names. */
export function homeFor(command: Command): Home {
  return homeOf((command.optsWithGlobals() as { readonly home: string }).home);
}

export function warner({ err }: CliContext): (message: string) => void {
  return (message) => err(`warning: ${message}`);
}
