import { MisbehaviorType } from "@computronium/proto/tendermint/abci/types_pb.js";
import { BlockIDFlag } from "@computronium/proto/tendermint/types/validator_pb.js";

import type { AbciBlockResult } from "../../../abci-app/abci/application.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";
import type { SeededRandom } from "../random.js";
import { oneIn } from "../random.js";
import type { PowerChange } from "./validator-set.js";
import { consensusAddress, ConsensusFailure, ValidatorSet } from "./validator-set.js";

/** A block before the application sees it, but for its transactions. */
export type BlockHeader = ReturnType<ScriptedComet["next"]>;
export type AbciUpdates = NonNullable<AbciBlockResult["validatorUpdates"]>;

interface Evidence {
  readonly kind: MisbehaviorType;
  readonly address: string;
  readonly height: bigint;
}

interface PastBlock {
  readonly timeNanos: bigint;
  readonly validators: ValidatorSet;
}

export interface CometOptions {
  /** Height of the first block. */
  readonly initialHeight: bigint;
  readonly genesisTimeNanos: bigint;
  /** As InitChain answered, or those of the genesis file where it answered none. */
  readonly validators: readonly PowerChange[];
  readonly evidence: EvidenceAge;
}

export interface EvidenceAge {
  readonly maxBlocks: bigint;
  readonly maxNanos: bigint;
}

/** Blocks that are kept to blame validators for. */
const KEPT_BLOCKS = 400n;

/**
 * CometBFT, as far as an application can tell, without its network: it keeps the sets of the heights to come (what a block
 * changes counts two heights later), picks proposers by priority, tells who signed and who did not, brings evidence while it
 * is young enough, and refuses the changes that it would refuse. Its blocks follow a clock that the run turns.
 */
export class ScriptedComet {
  height: bigint;
  timeNanos: bigint;
  #last: ValidatorSet | undefined;
  #current: ValidatorSet;
  #following: ValidatorSet;
  #evidenceAge: EvidenceAge;
  readonly #offline = new Set<string>();
  readonly #past = new Map<bigint, PastBlock>();
  readonly #found: Evidence[] = [];
  readonly #blamed = new Set<string>();
  readonly counts = { absent: 0, evidence: 0, setChanges: 0, rounds: 0 };

  constructor({ initialHeight, genesisTimeNanos, validators, evidence }: CometOptions) {
    this.height = initialHeight - 1n;
    this.timeNanos = genesisTimeNanos;
    this.#current = ValidatorSet.of(validators);
    this.#following = this.#current.next(1);
    this.#evidenceAge = evidence;
  }

  /** Those of the next block. */
  get current(): ValidatorSet {
    return this.#current;
  }

  /** Those of the block after the next: all changes so far count there. */
  get following(): ValidatorSet {
    return this.#following;
  }

  get offline(): ReadonlySet<string> {
    return this.#offline;
  }

  /** A validator stops signing until {@link comesBack}. */
  goesOffline(random: SeededRandom): void {
    this.#offline.add(random.pick(this.#current.validators).address);
  }

  comesBack(random: SeededRandom): void {
    if (this.#offline.size > 0) this.#offline.delete(random.pick([...this.#offline]));
  }

  /** A validator signed two blocks, at some height that is not too long ago; the next block brings the proof. */
  doubleSigns(random: SeededRandom): void {
    const heights = [...this.#past.keys()].filter((height) => !this.#isExpired(height));
    if (heights.length === 0) return;
    // Mostly of the last blocks.
    const height = oneIn(random, 3)
      ? random.pick(heights)
      : heights.at(-1 - random.below(Math.min(5, heights.length)))!;
    const { address } = random.pick(this.#past.get(height)!.validators.validators);
    const kind = oneIn(random, 8) ? MisbehaviorType.LIGHT_CLIENT_ATTACK : MisbehaviorType.DUPLICATE_VOTE;
    const name = `${kind}/${height}/${address}`;
    if (this.#blamed.has(name)) return;
    this.#blamed.add(name);
    this.#found.push({ kind, address, height });
  }

  /** IsEvidenceExpired: too old in blocks and in time. */
  #isExpired(height: bigint): boolean {
    const { maxBlocks, maxNanos } = this.#evidenceAge;
    const age = this.timeNanos - this.#past.get(height)!.timeNanos;
    return this.height - height > maxBlocks && age > maxNanos;
  }

  /** The next block, so many nanoseconds after the last. */
  next(random: SeededRandom, afterNanos: bigint) {
    const height = this.height + 1n;
    const misbehavior = this.#found.splice(0).map((evidence) => this.#told(evidence));
    this.counts.evidence += misbehavior.length;
    const votes = this.#votes(random);
    return {
      height,
      time: timestamp(this.timeNanos + afterNanos),
      proposerAddress: fromHex(this.#proposer()),
      decidedLastCommit: { round: 0, votes },
      misbehavior,
    };
  }

  /** What the application made of the block of {@link next}. Throws {@link ConsensusFailure} where CometBFT would stop. */
  decided({ time }: BlockHeader, result: Pick<AbciBlockResult, "validatorUpdates" | "consensusParamUpdates">): void {
    this.height++;
    this.timeNanos = time.seconds * NANOS_PER_SECOND + BigInt(time.nanos);
    this.#past.set(this.height, { timeNanos: this.timeNanos, validators: this.#current });
    this.#past.delete(this.height - KEPT_BLOCKS);
    const evidence = result.consensusParamUpdates?.evidence;
    if (evidence !== undefined) this.#evidenceAge = evidenceAge(evidence);
    const changes = powerChanges(result.validatorUpdates ?? []);
    if (changes.length > 0) this.counts.setChanges++;
    this.#last = this.#current;
    this.#current = this.#following;
    this.#following = this.#following.changed(changes).next(1);
  }

  #told({ kind, address, height }: Evidence) {
    const { timeNanos, validators } = this.#past.get(height)!;
    const { power } = validators.get(address)!;
    return {
      type: kind,
      validator: { address: fromHex(address), power },
      height,
      time: timestamp(timeNanos),
      totalVotingPower: validators.total,
    };
  }

  /** The first in turn who is there: rounds pass while those before are not. */
  #proposer(): string {
    for (let round = 0, set = this.#current; round < 1_000; round++, set = set.next(1)) {
      if (!this.#offline.has(set.proposer)) return set.proposer;
      this.counts.rounds++;
    }
    return this.#current.proposer;
  }

  /** Who signed the last block. Without more than two thirds of the power there is none, so somebody comes back. */
  #votes(random: SeededRandom) {
    const set = this.#last;
    if (set === undefined) return [];
    const { COMMIT, ABSENT, NIL } = FLAGS;
    const flags = new Map<string, BlockIDFlag>();
    for (const { address } of set.validators) {
      const isLate = oneIn(random, 40);
      const isForNil = oneIn(random, 60);
      flags.set(address, this.#offline.has(address) || isLate ? ABSENT : isForNil ? NIL : COMMIT);
    }
    const committed = () =>
      set.validators.reduce((sum, { address, power }) => (flags.get(address) === COMMIT ? sum + power : sum), 0n);
    for (const { address } of set.validators) {
      if (committed() * 3n > set.total * 2n) break;
      flags.set(address, COMMIT);
      this.#offline.delete(address);
    }
    return set.validators.map(({ address, power }) => {
      const blockIdFlag = flags.get(address)!;
      if (blockIdFlag === ABSENT) this.counts.absent++;
      return { validator: { address: fromHex(address), power }, blockIdFlag };
    });
  }
}

const FLAGS = {
  COMMIT: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
  ABSENT: BlockIDFlag.BLOCK_ID_FLAG_ABSENT,
  NIL: BlockIDFlag.BLOCK_ID_FLAG_NIL,
};

/** Updates as the application gives them. Throws {@link ConsensusFailure} for a key that CometBFT does not take here. */
export function powerChanges(updates: AbciUpdates): PowerChange[] {
  return updates.map(({ pubKey, power = 0n }) => {
    const sum = pubKey?.sum;
    if (sum?.case !== "ed25519" || sum.value === undefined || sum.value.length !== 32) {
      throw new ConsensusFailure(`a validator with a key of the type ${sum?.case ?? "none"}`);
    }
    return { address: consensusAddress(sum.value), pubKey: sum.value, power };
  });
}

export function evidenceAge(params: {
  readonly maxAgeNumBlocks?: bigint;
  readonly maxAgeDuration?: { readonly seconds?: bigint; readonly nanos?: number };
}): EvidenceAge {
  const { seconds = 0n, nanos = 0 } = params.maxAgeDuration ?? {};
  return { maxBlocks: params.maxAgeNumBlocks ?? 0n, maxNanos: seconds * NANOS_PER_SECOND + BigInt(nanos) };
}

export function timestamp(nanos: bigint): { readonly seconds: bigint; readonly nanos: number } {
  return { seconds: nanos / NANOS_PER_SECOND, nanos: Number(nanos % NANOS_PER_SECOND) };
}

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}
