import type { ScriptedComet } from "./comet/comet.js";
import type { SeededRandom } from "./random.js";
import { weighted } from "./random.js";

/** What happens in the world around the chain, but for blocks and exports. */
export interface Deed {
  /** `world/what`. */
  readonly name: string;
  readonly weight: number;
  act(world: DeedWorld, random: SeededRandom): Promise<void> | void;
}

export interface DeedWorld {
  readonly comet: ScriptedComet;
  /** Ends and starts the node that is disturbed. */
  restart(): Promise<void>;
}

export const DEEDS: readonly Deed[] = [
  { name: "world/restart", weight: 4, act: async (world) => world.restart() },
  { name: "world/validator-goes-offline", weight: 8, act: ({ comet }, random) => comet.goesOffline(random) },
  { name: "world/validator-comes-back", weight: 8, act: ({ comet }, random) => comet.comesBack(random) },
  { name: "world/double-sign", weight: 3, act: ({ comet }, random) => comet.doubleSigns(random) },
];

const SECOND = 1_000_000_000;
const CLOCK = [
  { weight: 80, least: SECOND, most: 7 * SECOND },
  // CometBFT never gives a block the time of the one before; an application that did not bear it would be fragile all the same.
  { weight: 4, least: 0, most: 1 },
  { weight: 6, least: 1, most: SECOND },
  { weight: 12, least: 30 * SECOND, most: 120 * SECOND },
  { weight: 8, least: 300 * SECOND, most: 4_000 * SECOND },
  { weight: 3, least: 86_400 * SECOND, most: 3 * 86_400 * SECOND },
  // The network stood still for weeks.
  { weight: 1, least: 20 * 86_400 * SECOND, most: 60 * 86_400 * SECOND },
] as const;

/** Nanoseconds until the next block: mostly seconds, now and then nothing at all, or weeks. */
export function tick(random: SeededRandom): bigint {
  const { least, most } = weighted(random, CLOCK);
  const share = random.below(2 ** 30) / 2 ** 30;
  return BigInt(Math.floor(least + share * (most - least)));
}
