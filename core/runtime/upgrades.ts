import type { Chain } from "./chain.js";
import type { Context } from "./context.js";
import type { AppModule } from "./module.js";

/** A change of the program at a height that the chain has agreed on. Each stays in the list of the programs after it. */
export interface Upgrade {
  /** As the plan names it. */
  readonly name: string;
  /** Stores whose entries move to another one, which the program has in place of the first. */
  readonly renamedStores?: readonly { readonly from: string; readonly to: string }[];
  /** Stores that the program has for the first time. */
  readonly addedStores?: readonly string[];
  /** Stores that the program has no more. Nobody reads them again. */
  readonly deletedStores?: readonly string[];
  /** Runs after the migrations of the modules. */
  readonly run?: (ctx: Context) => void;
}

/** From one version of a module's state to the next. */
export interface Migration {
  /** The version that the state has before. */
  readonly from: bigint;
  readonly run: (ctx: Context) => void;
}

/** A plan, as the state has it. */
export interface UpgradePlan {
  readonly name: string;
  readonly height: bigint;
  readonly info: string;
}

/**
 * The height of a plan has come, and this program is not the one that it is about: the node stops before the block, and
 * somebody (cosmovisor) starts the other program. The message is the line that Cosmos daemons write.
 */
export class UpgradeNeeded extends Error {
  override readonly name = "UpgradeNeeded";
  readonly plan: UpgradePlan;

  constructor(plan: UpgradePlan) {
    super(`UPGRADE "${plan.name}" NEEDED at height: ${plan.height}: ${plan.info}`);
    this.plan = plan;
  }
}

/** A program that does not fit to the state that it finds. The message says what to do. */
export class WrongProgram extends Error {
  override readonly name = "WrongProgram";
}

/** Version of a module's state; 1 where it does not say. */
export function consensusVersion({ consensusVersion = 1n }: Pick<AppModule, "consensusVersion">): bigint {
  return consensusVersion;
}

/**
 * Takes the state of all modules to the versions of this program. A module that was not there before starts with its default
 * genesis.
 *
 * @param versions what the state has, by module name
 * @returns what it has afterwards
 */
export function migrateModules(
  chain: Chain,
  ctx: Context,
  versions: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, bigint> {
  const after = new Map<string, bigint>();
  for (const module of chain.modules) {
    const wanted = consensusVersion(module);
    const found = versions.get(module.name);
    after.set(module.name, wanted);
    if (found === undefined) {
      module.genesis?.init(ctx, module.genesis.defaults());
      continue;
    }
    if (found > wanted)
      throw new WrongProgram(`the state of ${module.name} is of version ${found}, the program's is ${wanted}`);
    for (let from = found; from < wanted; from++) {
      const migration = module.migrations?.find((migration) => migration.from === from);
      if (migration === undefined) throw new WrongProgram(`${module.name} has no migration from version ${from}`);
      migration.run(ctx);
    }
  }
  return after;
}

/** Moves the entries of renamed stores. What is left in the old ones is not reachable from any later height. */
export function moveStores(ctx: Context, { renamedStores = [] }: Upgrade): void {
  for (const { from, to } of renamedStores) {
    const target = ctx.store(to);
    for (const [key, value] of ctx.store(from).iterate({})) target.set(key, value);
  }
}

/**
 * Checks at boot that the program's stores are those of the state or, where the next height is that of a plan, become
 * them by the upgrade of that name. Throws {@link WrongProgram}: going on would give another app hash than the others have.
 */
export function checkStores(options: {
  readonly stateStores: readonly string[];
  readonly programStores: readonly string[];
  /** The upgrade that the next block carries out; undefined for none. */
  readonly next: Upgrade | undefined;
}): void {
  const { stateStores, programStores, next } = options;
  const missing = programStores.filter((name) => !stateStores.includes(name));
  const superfluous = stateStores.filter((name) => !programStores.includes(name));
  const added = [...(next?.addedStores ?? []), ...(next?.renamedStores ?? []).map(({ to }) => to)];
  const gone = [...(next?.deletedStores ?? []), ...(next?.renamedStores ?? []).map(({ from }) => from)];
  const problems = [
    ...missing.filter((name) => !added.includes(name)).map((name) => `the state has no store ${name}`),
    ...superfluous.filter((name) => !gone.includes(name)).map((name) => `the program has no store ${name}`),
    ...added
      .filter((name) => !missing.includes(name))
      .map((name) => `the store ${name} of upgrade ${next?.name} is not new`),
    ...gone
      .filter((name) => !superfluous.includes(name))
      .map((name) => `the store ${name} of upgrade ${next?.name} does not go`),
  ];
  if (problems.length === 0) return;
  throw new WrongProgram(
    `this program does not fit to the state: ${problems.join(", ")}. Run the version of the program that the chain has at the next height`,
  );
}
