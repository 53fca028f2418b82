import type { BlockInfo, CommitVote, Misbehavior } from "../../core/runtime/context.js";

/**
 * The next block, as far as it is known before there is one; remembers what it was asked for. It has every property that a
 * block can have: one that it lacked could be asked for unnoticed.
 */
export class ForeseenBlock implements Required<BlockInfo> {
  readonly chainId: string;
  /** The height, for those who do not depend on it. */
  readonly known: bigint;
  readonly #last: BlockInfo;
  wasGuessed = false;
  /** Whether there is one block alone, of this height, in which all can be as it was found. */
  dependsOnHeight = false;

  constructor(last: BlockInfo) {
    this.#last = last;
    this.chainId = last.chainId;
    this.known = last.height + 1n;
  }

  anew(): ForeseenBlock {
    return new ForeseenBlock(this.#last);
  }

  get height(): bigint {
    this.dependsOnHeight = true;
    return this.known;
  }

  // What follows are guesses.

  get timeNanos(): bigint {
    return this.#guess(this.#last.timeNanos);
  }

  get proposerAddress(): Uint8Array {
    return this.#guess(this.#last.proposerAddress);
  }

  get nextValidatorsHash(): Uint8Array {
    return this.#guess(NO_BYTES);
  }

  get appHash(): Uint8Array {
    return this.#guess(NO_BYTES);
  }

  get lastCommit(): readonly CommitVote[] {
    return this.#guess([]);
  }

  get misbehavior(): readonly Misbehavior[] {
    return this.#guess([]);
  }

  get gasUsed(): bigint {
    return this.#guess(0n);
  }

  #guess<T>(value: T): T {
    this.wasGuessed = true;
    return value;
  }
}

const NO_BYTES = new Uint8Array(0);
