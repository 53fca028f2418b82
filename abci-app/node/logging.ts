import type { DestinationStream, Logger } from "pino";
import { pino } from "pino";

export type { Logger };

/** The parts of a node that log, each with a level of its own. */
export const COMPONENTS = ["node", "chain", "abci", "cometbft", "telemetry"] as const;
export type Component = (typeof COMPONENTS)[number];

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
type Level = (typeof LEVELS)[number];
const SHORT_NAMES: ReadonlyMap<unknown, string> = new Map([
  ["trace", "TRC"],
  ["debug", "DBG"],
  ["info", "INF"],
  ["warn", "WRN"],
  ["error", "ERR"],
  ["fatal", "FTL"],
]);

export interface LogOptions {
  /** `info`, or levels per component as Cosmos has them: `*:info,abci:debug,cometbft:error`. */
  readonly level: string;
  readonly format: "plain" | "json";
  readonly destination?: DestinationStream;
}

/** Loggers of the node's components, each at its own level. */
export class Logs {
  readonly #root: Logger;
  readonly #levels: ReadonlyMap<string, Level>;

  constructor(options: LogOptions) {
    this.#levels = parseLevels(options.level);
    const out = options.destination ?? { write: (line: string) => void process.stdout.write(line) };
    const destination = options.format === "json" ? out : { write: (line: string) => out.write(humanLine(line)) };
    this.#root = pino(
      {
        level: "trace",
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        // What collects logs knows names, not pino's numbers.
        formatters: { level: (name) => ({ level: name }) },
      },
      destination,
    );
  }

  of(component: Component): Logger {
    return this.#root.child({ component }, { level: this.levelOf(component) });
  }

  levelOf(component: Component): Level {
    return this.#levels.get(component) ?? this.#levels.get("*") ?? "info";
  }
}

/** Parses levels per component. Throws what is wrong. */
export function parseLevels(text: string): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  for (const part of text.split(",")) {
    const [component, level] = part.includes(":") ? part.split(":") : ["*", part];
    const known = LEVELS.find((name) => name === level?.trim());
    if (component === undefined || component.trim() === "" || known === undefined) {
      throw new Error(`log level "${part}": expected one of ${LEVELS.join(", ")}, or component:level`);
    }
    const name = component.trim();
    if (name !== "*" && !COMPONENTS.some((one) => one === name)) {
      throw new Error(`log level "${part}": the components are ${COMPONENTS.join(", ")}, and * for all others`);
    }
    levels.set(name, known);
  }
  return levels;
}

const COMPONENT_WIDTH = Math.max(...COMPONENTS.map(({ length }) => length));

/** A JSON line of pino's as a person reads it: time, level, component, message, the other fields, the stack of an error. */
export function humanLine(line: string): string {
  const { time, level, component, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const error = err as { readonly message?: string; readonly stack?: string } | undefined;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${plain(value)}`);
  const head = `${String(time).slice(11, 23)} ${SHORT_NAMES.get(level) ?? "???"} ${String(component ?? "").padEnd(COMPONENT_WIDTH)} ${String(msg ?? "")}`;
  const failure = error === undefined ? "" : `\n  ${(error.stack ?? error.message ?? "").replaceAll("\n", "\n  ")}`;
  return `${head}${rest.join("")}${failure}\n`;
}

/** Escapes what could pretend to be another line. */
function plain(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[\x21-\x7e]*$/.test(text) ? text : JSON.stringify(value);
}
