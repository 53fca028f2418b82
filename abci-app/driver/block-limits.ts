import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

import type { ReadonlyMultiStore } from "../../core/store/kv.js";
import type { GasPrice } from "../ante/index.js";

/** What holds for all transactions of the block after the last commit, and is read once for all of them. */
export interface BlockLimits {
  /** The consensus parameter `block.max_gas`; undefined for no bound. */
  readonly maxBlockGas: () => bigint | undefined;
  /** The least price of gas; undefined where there is none. */
  readonly baseFee: () => GasPrice | undefined;
}

/** How the limits are found in a state. */
export interface LimitReaders {
  /** Undefined where the state has none. */
  readonly consensusParams: (stores: ReadonlyMultiStore) => ConsensusParams | undefined;
  /** The least price of gas in the block after a state; undefined where it is 0. */
  readonly baseFee?: ((stores: ReadonlyMultiStore) => GasPrice | undefined) | undefined;
}

/** {@link BlockLimits} as they are now. */
export class CurrentLimits implements BlockLimits {
  readonly maxBlockGas = (): bigint | undefined => this.#maxBlockGas;
  readonly baseFee = (): GasPrice | undefined => this.#baseFee;
  readonly #readers: LimitReaders;
  #maxBlockGas: bigint | undefined;
  #baseFee: GasPrice | undefined;

  constructor(readers: LimitReaders) {
    this.#readers = readers;
  }

  /** Of the block after a state. */
  read(stores: ReadonlyMultiStore): void {
    const maxGas = this.#readers.consensusParams(stores)?.block?.maxGas;
    // -1 is CometBFT's way to say that there is no bound.
    this.#maxBlockGas = maxGas === undefined || maxGas < 0n ? undefined : maxGas;
    this.#baseFee = this.#readers.baseFee?.(stores);
  }

  /** As a text, to find out whether they are others. */
  toString(): string {
    const { denom = "", amount = "" } = this.#baseFee ?? {};
    return `${this.#maxBlockGas ?? ""} ${denom} ${amount}`;
  }
}
