import type { BlockTx, ChainBlock } from "@computronium/client";

import { GAS_PRICE } from "./cast.js";

/** A fee that a block shows. */
interface Fee {
  readonly payer: string;
  readonly amount: bigint;
  readonly gasWanted: bigint;
}

/** An amount that should be what it is. */
export interface Check {
  readonly what: string;
  readonly expected: bigint;
  readonly actual: bigint;
}

export const holds = ({ expected, actual }: Check): boolean => expected === actual;

/**
 * The demo's own books. It adds up what each transaction must have cost from the terms alone, so that the balances that
 * the chain reports can be checked against something that the chain did not compute.
 */
export class Ledger {
  readonly #changes = new Map<string, bigint>();
  readonly #fees = new Map<string, bigint>();
  readonly #denom: string;
  readonly #feeCollector: string;
  readonly #rewards: string;
  #height = 0;
  #transactions = 0;
  #burned = 0n;
  #feesByGas = 0n;

  /**
   * @param accounts addresses of the module accounts that fees go to: that of a block's fees, and that to which the next block hands
   *   them out
   */
  constructor(denom: string, accounts: { readonly feeCollector: string; readonly rewards: string }) {
    this.#denom = denom;
    this.#feeCollector = accounts.feeCollector;
    this.#rewards = accounts.rewards;
  }

  /** The last block in the books. */
  get height(): number {
    return this.#height;
  }

  get transactions(): number {
    return this.#transactions;
  }

  get burned(): bigint {
    return this.#burned;
  }

  /** Fees of one account, or of all. */
  fees(address?: string): bigint {
    if (address !== undefined) return this.#fees.get(address) ?? 0n;
    return [...this.#fees.values()].reduce((sum, fee) => sum + fee, 0n);
  }

  /** What all fees must come to: gas wanted × price of gas, rounded up for each transaction. */
  get feesByGas(): bigint {
    return this.#feesByGas;
  }

  /** What an account must have beyond its start. */
  change(address: string): bigint {
    return this.#changes.get(address) ?? 0n;
  }

  /** Takes down the fees of a block. Blocks come one after the other. */
  addBlock(block: ChainBlock): void {
    if (block.height !== this.#height + 1) throw new Error(`block ${block.height} after block ${this.#height}`);
    this.#height = block.height;
    this.move(this.#feeCollector, this.#rewards, this.change(this.#feeCollector));
    for (const tx of block.txs) {
      const { payer, amount, gasWanted } = feeOf(tx, this.#denom);
      const { numerator, denominator } = GAS_PRICE;
      this.#feesByGas += (gasWanted * numerator + denominator - 1n) / denominator;
      this.#transactions += 1;
      this.#fees.set(payer, (this.#fees.get(payer) ?? 0n) + amount);
      this.move(payer, this.#feeCollector, amount);
    }
  }

  /** Something that moved between two accounts. */
  move(from: string, to: string, amount: bigint): void {
    this.#add(from, -amount);
    this.#add(to, amount);
  }

  /** Something that is gone for good. */
  burn(from: string, amount: bigint): void {
    this.#add(from, -amount);
    this.#burned += amount;
  }

  #add(address: string, amount: bigint): void {
    this.#changes.set(address, this.change(address) + amount);
  }
}

/** Who paid what for a transaction, as its events say. */
export function feeOf(tx: BlockTx, denom: string): Fee {
  const event = tx.events.find(({ type, attributes }) => type === "tx" && attributes.has("fee_payer"));
  const payer = event?.attributes.get("fee_payer");
  const fee = event?.attributes.get("fee") ?? "";
  if (payer === undefined || !fee.endsWith(denom)) throw new Error(`transaction ${tx.hash} shows no fee in ${denom}`);
  return { payer, amount: BigInt(fee.slice(0, -denom.length)), gasWanted: tx.gasWanted };
}
