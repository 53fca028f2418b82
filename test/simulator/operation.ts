import type { SignedMessage, SignOptions } from "../kit/signer.js";
import type { Actor } from "./actors.js";
import type { SeededRandom } from "./random.js";
import type { World } from "./world.js";

/** A transaction that an operation has made. */
export interface MadeTx {
  readonly bytes: Uint8Array;
  /** No state whatever allows it: if it succeeds, the run has failed. */
  readonly mustFail: boolean;
  /** It has no sequence, and is refused a second time only as long as it is remembered. */
  readonly isUnordered: boolean;
}

/**
 * Something that users do, or try. It looks at the state and makes a transaction that fits it, or one that cannot be right;
 * undefined where the state has nothing to do it with. All that it chooses comes from `random`.
 */
export interface Operation {
  /** `module/what`. */
  readonly name: string;
  /** How often in relation to the others. */
  readonly weight: number;
  make(world: World, random: SeededRandom): Promise<MadeTx | undefined>;
}

/** What an actor wants to send; undefined for nothing. */
export type Wish =
  | {
      readonly actor: Actor;
      readonly messages: readonly SignedMessage[];
      readonly options?: SignOptions;
    }
  | undefined;

/** An operation that should succeed more often than not. */
export function operation(
  name: string,
  weight: number,
  wish: (world: World, random: SeededRandom) => Promise<Wish>,
): Operation {
  return { name, weight, make: async (world, random) => signed(world, await wish(world, random), false) };
}

/** An operation that must not succeed, whatever the state is. */
export function attack(
  name: string,
  weight: number,
  wish: (world: World, random: SeededRandom) => Promise<Wish>,
): Operation {
  return { name, weight, make: async (world, random) => signed(world, await wish(world, random), true) };
}

async function signed(world: World, wish: Wish, mustFail: boolean): Promise<MadeTx | undefined> {
  if (wish === undefined) return undefined;
  const { actor, messages, options } = wish;
  const isUnordered = options?.body?.unordered === true;
  return { bytes: await world.sign(actor, messages, options), mustFail, isUnordered };
}
