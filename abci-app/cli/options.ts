import type { Command } from "commander";

import type { AppConfig } from "../node/app-config.js";
import type { Home } from "../node/home.js";
import { homeOf } from "../node/home.js";
import type { ChainRuntime } from "../node/runtime.js";
import type { Terminal } from "./terminal.js";

/** What every command gets. */
export interface ToolContext {
  /** Of the daemon, such as 0.1.0. */
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  /** For results; scripts read them. */
  readonly out: (text: string) => void;
  /** For people. */
  readonly err: (text: string) => void;
  readonly terminal: Terminal;
}

/** What commands get that work on the chain itself, not through a node. */
export interface CliContext extends ToolContext {
  readonly runtime: ChainRuntime;
}

export type { AppConfig };

/** The home folder that --home (or its default) names. */
export function homeFor(command: Command): Home {
  return homeOf((command.optsWithGlobals() as { readonly home: string }).home);
}

export function warner({ err }: ToolContext): (message: string) => void {
  return (message) => err(`warning: ${message}`);
}
