import type { DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";

import { messageFromJson, messageToJson, parseJson } from "../codec/json.js";
import { firstProblems } from "../problems.js";
import type { Chain } from "./chain.js";
import { validatorsOf } from "./chain.js";
import type { Context, ReadContext } from "./context.js";
import { contextAbove } from "./context.js";
import type { ValidatorUpdate } from "./module.js";

/** A genesis that the chain cannot start from; each problem says where it is and what it is. */
export class GenesisError extends Error {
  override readonly name = "GenesisError";
  /** The first ones; the last line counts those that are left out. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const told = firstProblems(problems);
    super(`the genesis does not fit:\n${told.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = told;
  }
}

/** `app_state` of the genesis file: module name → proto3 JSON. */
export type AppState = Readonly<Record<string, JsonValue>>;

/** What each module starts with; the state of a module that is left out is its default. */
export type ModuleGenesis = ReadonlyMap<string, Message>;

export function defaultAppState(chain: Chain): AppState {
  return Object.fromEntries(
    chain.modules.flatMap(({ name, genesis }) =>
      genesis === undefined ? [] : [[name, messageToJson(genesis.schema, genesis.defaults())]],
    ),
  );
}

/**
 * {@link parseAppState} of a text; of no text, the defaults. Throws {@link GenesisError} for what is no JSON, too.
 */
export function readAppState(chain: Chain, text: string): ModuleGenesis {
  let json: JsonValue;
  try {
    json = text === "" ? {} : parseJson(text);
  } catch (error) {
    throw new GenesisError([`app_state: ${error instanceof Error ? error.message : String(error)}`]);
  }
  return parseAppState(chain, json);
}

/**
 * Reads and checks the whole of `app_state`; top-level fields that a module's part leaves out, such as `params`, are those of
 * its default. Throws {@link GenesisError} with the problems of all of it.
 */
export function parseAppState(chain: Chain, appState: JsonValue | AppState): ModuleGenesis {
  if (!isObject(appState)) throw new GenesisError(["app_state: expected an object with a part for each module"]);
  const problems: string[] = [];
  const parsed = new Map<string, Message>();
  const known = new Set(chain.modules.filter(({ genesis }) => genesis !== undefined).map(({ name }) => name));
  for (const name of Object.keys(appState)) {
    if (!known.has(name))
      problems.push(`app_state.${name}: no module has that name; there are ${[...known].join(", ")}`);
  }
  for (const { name, genesis } of chain.modules) {
    if (genesis === undefined) continue;
    const json = Object.hasOwn(appState, name) ? appState[name] : undefined;
    const before = problems.length;
    const state = readPart(genesis.schema, withDefaults(messageToJson(genesis.schema, genesis.defaults()), json));
    if (typeof state === "string") problems.push(`app_state.${name}: ${state}`);
    else {
      for (const problem of genesis.validate(state)) problems.push(`app_state.${name}.${problem}`);
      parsed.set(name, state);
    }
    if (genesis.othersNeedIt === true && problems.length > before) {
      problems.push(`what comes after app_state.${name} is checked once that fits`);
      break;
    }
  }
  if (problems.length > 0) throw new GenesisError(problems);
  return parsed;
}

/** The message, or what is wrong. */
function readPart(schema: DescMessage, json: JsonValue): Message | string {
  try {
    return messageFromJson(schema, json);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function withDefaults(defaults: JsonValue, json: JsonValue | undefined): JsonValue {
  if (json === undefined) return defaults;
  return isObject(defaults) && isObject(json) ? { ...defaults, ...json } : json;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes the first state, module after module. Throws {@link GenesisError} where the parts of modules do not fit one another. */
export function initGenesis(chain: Chain, ctx: Context, genesis: ModuleGenesis): readonly ValidatorUpdate[] {
  const updates: ValidatorUpdate[] = [];
  for (const module of chain.modules) {
    const { name, genesis: part } = module;
    const state = genesis.get(name);
    if (part !== undefined && state !== undefined) updates.push(...validatorsOf(module, part.init(ctx, state)));
  }
  return updates;
}

/** Transactions that belong to the genesis, in the order in which they are carried out. */
export function genesisTransactions(chain: Chain, genesis: ModuleGenesis): readonly Uint8Array[] {
  return chain.modules.flatMap(({ name, genesis: part }) => {
    const state = genesis.get(name);
    return state === undefined ? [] : (part?.transactions?.(state) ?? []);
  });
}

export interface GenesisExportOptions {
  /** Of the modules to export; all when left out. */
  readonly names?: readonly string[] | undefined;
  /** Whether the chain that begins with it counts its blocks from 1 again. */
  readonly forZeroHeight?: boolean | undefined;
}

/** The state as a genesis that makes the same again, for the height after this one or for the first. Nothing is written to `ctx`. */
export function exportGenesis(
  chain: Chain,
  ctx: ReadContext,
  { names, forZeroHeight = false }: GenesisExportOptions = {},
): AppState {
  const copy = contextAbove(ctx);
  for (const module of chain.modules) module.beforeExport?.(copy);
  if (forZeroHeight) for (const module of chain.modules) module.forgetHeights?.(copy);
  return Object.fromEntries(
    chain.modules.flatMap(({ name, genesis }) =>
      genesis === undefined || names?.includes(name) === false
        ? []
        : [[name, messageToJson(genesis.schema, genesis.export(copy))]],
    ),
  );
}
