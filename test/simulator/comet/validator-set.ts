import { createHash } from "node:crypto";

/** A validator as CometBFT keeps it. */
export interface CometValidator {
  /** Lower-case hex of the 20 bytes. */
  readonly address: string;
  readonly pubKey: Uint8Array;
  readonly power: bigint;
  readonly priority: bigint;
}

/** What the application asked for, and CometBFT would not take: a real node would stop here, and with it the chain. */
export class ConsensusFailure extends Error {
  override readonly name = "ConsensusFailure";
}

export interface PowerChange {
  readonly address: string;
  readonly pubKey: Uint8Array;
  readonly power: bigint;
}

/** types.MaxTotalVotingPower: ⌊MaxInt64 ÷ 8⌋. */
export const MAX_TOTAL_POWER = (2n ** 63n - 1n) / 8n;
const PRIORITY_WINDOW_SIZE_FACTOR = 2n;

/**
 * The validators of one height, with the proposer: CometBFT 0.38's types/validator_set.go, whose priorities decide who
 * proposes. Immutable.
 */
export class ValidatorSet {
  /** By power, strongest first, and address. */
  readonly validators: readonly CometValidator[];
  /** Address of who proposes in the first round. */
  readonly proposer: string;
  readonly total: bigint;

  private constructor(validators: readonly CometValidator[], proposer: string) {
    this.validators = validators;
    this.proposer = proposer;
    this.total = validators.reduce((sum, { power }) => sum + power, 0n);
  }

  /** Of nobody: what sets are made from. */
  static readonly empty = new ValidatorSet([], "");

  /** A set that genesis begins with. Throws {@link ConsensusFailure} where CometBFT would not start. */
  static of(changes: readonly PowerChange[]): ValidatorSet {
    return ValidatorSet.empty.changed(changes).next(1);
  }

  get(address: string): CometValidator | undefined {
    return this.validators.find((validator) => validator.address === address);
  }

  /** The set after so many rounds or heights: IncrementProposerPriority. */
  next(times: number): ValidatorSet {
    let validators = this.#rescaled();
    validators = centered(validators);
    let proposer = this.proposer;
    for (let i = 0; i < times; i++) {
      const raised = validators.map((validator) => ({ ...validator, priority: validator.priority + validator.power }));
      const most = raised.reduce((best, validator) => (isBefore(validator, best) ? validator : best));
      proposer = most.address;
      validators = raised.map((validator) =>
        validator === most ? { ...validator, priority: validator.priority - this.total } : validator,
      );
    }
    return new ValidatorSet(validators, proposer);
  }

  /** UpdateWithChangeSet. Throws {@link ConsensusFailure} with CometBFT's reason. */
  changed(changes: readonly PowerChange[]): ValidatorSet {
    if (changes.length === 0) return this;
    const updates = new Map<string, PowerChange>();
    for (const change of changes) {
      if (updates.has(change.address)) throw new ConsensusFailure(`duplicate entry ${change.address}`);
      if (change.power < 0n) throw new ConsensusFailure(`voting power can't be negative: ${change.power}`);
      if (change.power > MAX_TOTAL_POWER) {
        throw new ConsensusFailure(`voting power can't be higher than ${MAX_TOTAL_POWER}, got ${change.power}`);
      }
      if (change.power === 0n && this.get(change.address) === undefined) {
        throw new ConsensusFailure(`failed to find validator ${change.address} to remove`);
      }
      updates.set(change.address, change);
    }
    const kept = this.validators.filter(({ address }) => updates.get(address)?.power !== 0n);
    const added = changes.filter(({ address, power }) => power > 0n && this.get(address) === undefined);
    if (kept.length + added.length === 0) {
      throw new ConsensusFailure("applying the validator changes would result in empty set");
    }
    const powers = kept.map((validator) => ({
      ...validator,
      power: updates.get(validator.address)?.power ?? validator.power,
    }));
    const total = [...powers, ...added].reduce((sum, { power }) => sum + power, 0n);
    if (total > MAX_TOTAL_POWER) throw new ConsensusFailure(`total voting power of resulting valset exceeds ${total}`);
    // Whoever is new comes in so far behind that leaving and coming back does not pay.
    const removed = this.validators.filter(({ address }) => updates.get(address)?.power === 0n);
    const before = total + removed.reduce((sum, { power }) => sum + power, 0n);
    const newcomers = added.map((change) => ({ ...change, priority: -(before + (before >> 3n)) }));
    const all = new ValidatorSet([...powers, ...newcomers], this.proposer);
    return new ValidatorSet(sorted(centered(all.#rescaled())), this.proposer);
  }

  /** RescalePriorities: their distance is at most twice the total power. */
  #rescaled(): readonly CometValidator[] {
    const window = PRIORITY_WINDOW_SIZE_FACTOR * this.total;
    const priorities = this.validators.map(({ priority }) => priority);
    const most = priorities.reduce((a, b) => (b > a ? b : a));
    const least = priorities.reduce((a, b) => (b < a ? b : a));
    const distance = most - least;
    if (window <= 0n || distance <= window) return this.validators;
    const ratio = (distance + window - 1n) / window;
    return this.validators.map((validator) => ({ ...validator, priority: validator.priority / ratio }));
  }
}

/** shiftByAvgProposerPriority; the mean is rounded down. */
function centered(validators: readonly CometValidator[]): readonly CometValidator[] {
  const sum = validators.reduce((all, { priority }) => all + priority, 0n);
  const count = BigInt(validators.length);
  const mean = sum / count - (sum % count < 0n ? 1n : 0n);
  return validators.map((validator) => ({ ...validator, priority: validator.priority - mean }));
}

function isBefore(a: CometValidator, b: CometValidator): boolean {
  return a.priority === b.priority ? a.address < b.address : a.priority > b.priority;
}

function sorted(validators: readonly CometValidator[]): readonly CometValidator[] {
  return [...validators].sort((a, b) =>
    a.power === b.power ? (a.address < b.address ? -1 : 1) : a.power > b.power ? -1 : 1,
  );
}

/** Lower-case hex of the address of an ed25519 key. */
export function consensusAddress(pubKey: Uint8Array): string {
  return createHash("sha256").update(pubKey).digest("hex").slice(0, 40);
}
