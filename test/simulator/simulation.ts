import type { AbciBlockResult } from "../../abci-app/abci/application.js";
import type { NodeApplicationOptions } from "../../abci-app/node-application.js";
import type { Wiring } from "../../abci-app/app.js";
import { wireChain } from "../../abci-app/app.js";
import { makeActors } from "./actors.js";
import { blockText, hex, requireSame, sha256 } from "./block-text.js";
import { Watcher } from "./checks/watcher.js";
import { evidenceAge, powerChanges, ScriptedComet } from "./comet/comet.js";
import { DEEDS, tick } from "./deeds.js";
import { DisturbedNode } from "./disturbed.js";
import type { Failure } from "./failure.js";
import { BrokenPromise, kindOf } from "./failure.js";
import { CHAIN_ID, makeGenesis } from "./genesis.js";
import { ImportedChain, stateText } from "./imported.js";
import type { MadeTx, Operation } from "./operation.js";
import { OPERATIONS } from "./operations/index.js";
import type { Plan, Step } from "./plan.js";
import { BLOCK, EXPORT } from "./plan.js";
import { randomOf } from "./random.js";
import type { Genesis } from "./replica.js";
import { Replica } from "./replica.js";
import { World } from "./world.js";

/** The kind of failure that only a disturbed node shows. */
export const DISTURBED = "disturbed node";

export interface SimulationOptions {
  /** Those of all modules by default. */
  readonly operations?: readonly Operation[];
  /** Whether all invariants are checked before each transaction too, and not only at the end of each block; the default. */
  readonly everyTransaction?: boolean;
  /** Whether a second, disturbed node executes every block as well; the default. */
  readonly disturbed?: boolean;
  /** Breaks what the chain is put together of, to show that it is found. */
  readonly plant?: ((wiring: Wiring) => void) | undefined;
  readonly progress?: ((done: number, all: number, height: bigint) => void) | undefined;
}

/** How often an operation was tried, had something to do, and succeeded. */
export interface Count {
  made: number;
  succeeded: number;
  /** What the last one that failed was told. */
  refusal: string;
}

export interface Outcome {
  readonly failure: Failure | undefined;
  readonly height: bigint;
  /** Of the last block. */
  readonly appHash: string;
  /** Hash of all app hashes, results and events of all blocks. */
  readonly digest: string;
  /** Hash of the exported state of the last block. */
  readonly stateHash: string;
  /** By operation. */
  readonly counts: ReadonlyMap<string, Count>;
  readonly comet: ScriptedComet["counts"];
  readonly restarts: number;
  readonly takenAhead: number;
}

/** Carries out a plan from its first step to its last, or to the first promise that is broken. */
export async function simulate(plan: Plan, options: SimulationOptions = {}): Promise<Outcome> {
  const simulation = await Simulation.start(plan.seed, options);
  let failure: Failure | undefined;
  let steps = 0;
  try {
    for (const step of plan.steps) {
      steps++;
      await simulation.carryOut(step);
      options.progress?.(steps, plan.steps.length, simulation.height);
    }
    await simulation.finish();
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failure = { kind: kindOf(error), message, height: simulation.height + 1n, steps };
  }
  try {
    return { ...(await simulation.outcome(failure === undefined)), failure };
  } finally {
    await simulation.close();
  }
}

/** Two nodes of one chain, and from the export on a second chain, with the world around them. */
class Simulation {
  readonly #genesis: Genesis;
  readonly #options: SimulationOptions;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #counts = new Map<string, Count>();
  readonly #watcher: Watcher;
  readonly #node: Replica;
  readonly #disturbed: DisturbedNode | undefined;
  readonly #comet: ScriptedComet;
  readonly #world: World;
  #imported: ImportedChain | undefined;
  #waiting: (MadeTx & { readonly name: string })[] = [];
  #appHash = "";
  #digest = "";

  private constructor(parts: {
    readonly genesis: Genesis;
    readonly options: SimulationOptions;
    readonly watcher: Watcher;
    readonly node: Replica;
    readonly disturbed: DisturbedNode | undefined;
    readonly comet: ScriptedComet;
    readonly world: World;
  }) {
    this.#genesis = parts.genesis;
    this.#options = parts.options;
    this.#watcher = parts.watcher;
    this.#node = parts.node;
    this.#disturbed = parts.disturbed;
    this.#comet = parts.comet;
    this.#world = parts.world;
    this.#operations = new Map((parts.options.operations ?? OPERATIONS).map((each) => [each.name, each]));
  }

  static async start(seed: number, options: SimulationOptions): Promise<Simulation> {
    const actors = await makeActors(CHAIN_ID);
    const genesis = makeGenesis(seed, actors);
    const watcher = new Watcher({ everyTransaction: options.everyTransaction ?? true });
    const node = await Replica.start(genesis, {
      executeAhead: false,
      around: watcher.around,
      wire: wire(options, watcher),
    });
    const disturbed =
      options.disturbed === false ? undefined : await DisturbedNode.start(genesis, { wire: wire(options) });
    const comet = new ScriptedComet({
      initialHeight: genesis.initialHeight,
      genesisTimeNanos: genesis.timeNanos,
      validators: powerChanges(node.validators.length > 0 ? node.validators : genesis.validators),
      evidence: evidenceAge(genesis.consensusParams.evidence ?? {}),
    });
    const world = new World({ actors, comet, replica: node });
    return new Simulation({ genesis, options, watcher, node, disturbed, comet, world });
  }

  get height(): bigint {
    return this.#comet.height;
  }

  async carryOut(step: Step): Promise<void> {
    if (step.do === BLOCK) return this.#block(step);
    if (step.do === EXPORT) return this.#export();
    const deed = DEEDS.find(({ name }) => name === step.do);
    if (deed !== undefined) {
      const restart = async () => this.#disturbed?.restart();
      return deed.act({ comet: this.#comet, restart }, randomOf(step.seed));
    }
    const operation = this.#operations.get(step.do);
    if (operation === undefined) throw new Error(`the plan has a step "${step.do}", which nobody knows`);
    await this.#prepare(operation, step);
  }

  async #prepare(operation: Operation, { seed }: Step): Promise<void> {
    // Before the first block there is nothing to ask.
    if (this.#digest === "") return;
    const made = await operation.make(this.#world, randomOf(seed));
    const count = this.#counts.get(operation.name) ?? { made: 0, succeeded: 0, refusal: "" };
    this.#counts.set(operation.name, count);
    if (made === undefined) return;
    count.made++;
    this.#waiting.push({ ...made, name: operation.name });
  }

  async #block({ seed }: Step): Promise<void> {
    const random = randomOf(seed);
    const waiting = this.#waiting.splice(0);
    const txs = waiting.map(({ bytes }) => bytes);
    const header = this.#comet.next(random, tick(random));
    const result = await this.#node.finalize(header, txs);
    this.#watcher.explain(txs, result);
    this.#judge(waiting, result);
    const text = [`app hash: ${hex(result.appHash)}`, ...blockText(result)];
    const disturbed = await this.#disturbed?.block(header, txs, random);
    if (disturbed !== undefined) {
      requireSame(DISTURBED, text, [`app hash: ${hex(disturbed.appHash)}`, ...blockText(disturbed)]);
    }
    await this.#imported?.follow(header, txs, result);
    this.#comet.decided(header, result);
    await this.#node.commit();
    this.#world.turnPage();
    this.#appHash = hex(result.appHash);
    this.#digest = sha256(this.#digest, ...text);
  }

  #judge(waiting: readonly (MadeTx & { readonly name: string })[], { txResults }: AbciBlockResult): void {
    for (const [i, { name, mustFail, isUnordered, bytes }] of waiting.entries()) {
      const { code = 0, log = "" } = txResults[i]!;
      if (code !== 0) {
        this.#counts.get(name)!.refusal = log;
        continue;
      }
      if (mustFail) throw new BrokenPromise(`${name} succeeded`, `transaction ${i} of ${hex(bytes)}`);
      this.#counts.get(name)!.succeeded++;
      this.#world.past.push({ bytes, isUnordered });
    }
  }

  async #export(): Promise<void> {
    if (this.#digest === "" || this.#imported !== undefined) return;
    const options = { wire: wire(this.#options), executeAhead: false };
    this.#imported = await ImportedChain.start(this.#node, { comet: this.#comet, genesis: this.#genesis }, options);
    // Genesis does not carry which unordered transactions there were: the new chain would take them again.
    this.#world.past = this.#world.past.filter(({ isUnordered }) => !isUnordered);
  }

  /** Looks at what can only be seen in the end. */
  async finish(): Promise<void> {
    await this.#imported?.requireSameState(this.#node);
  }

  async outcome(isSound: boolean): Promise<Omit<Outcome, "failure">> {
    const state = isSound && this.#digest !== "" ? stateText((await this.#node.exportState()).appState) : [];
    return {
      height: this.height,
      appHash: this.#appHash,
      digest: this.#digest,
      stateHash: sha256(...state),
      counts: this.#counts,
      comet: this.#comet.counts,
      restarts: this.#disturbed?.restarts ?? 0,
      takenAhead: this.#disturbed?.takenAhead ?? 0,
    };
  }

  async close(): Promise<void> {
    await this.#node.close();
    await this.#disturbed?.close();
    await this.#imported?.close();
  }
}

/** The chain put together, with the planted fault; and watched, if there is a watcher. */
function wire({ plant }: SimulationOptions, watcher?: Watcher): NonNullable<NodeApplicationOptions["wire"]> {
  return () => {
    const wiring = wireChain();
    plant?.(wiring);
    watcher?.watch(wiring);
    return wiring;
  };
}
