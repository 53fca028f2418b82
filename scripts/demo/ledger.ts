import type { BlockTx, ChainBlock } from "@computronium/client";

import { COMMUNITY_TAX_PERCENT, FEE_SPLIT, GAS_PRICE } from "./cast.js";

/** A hundredth of a unit, in the decimals of the chain. */
const PERCENT = 10n ** 16n;

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
  readonly #modules: ReadonlyMap<string, string>;
  /** Fees that are on their way to stakers, since the block before. */
  #stakersFees = 0n;
  /** All that was handed out to stakers and for the community so far. */
  #handedOut = 0n;
  #communityFees = 0n;
  #height = 0;
  #transactions = 0;
  #burned = 0n;
  #feesByGas = 0n;

  /** @param modules addresses of module accounts, by name */
  constructor(denom: string, modules: ReadonlyMap<string, string>) {
    this.#denom = denom;
    this.#modules = modules;
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

  /** What the validators and those who stake with them must have earned so far, in 10⁻¹⁸ units. */
  get earned(): bigint {
    return this.#handedOut * (100n - COMMUNITY_TAX_PERCENT) * PERCENT;
  }

  /** What the community pool must have, in 10⁻¹⁸ units. */
  get communityPool(): bigint {
    return (this.#communityFees * 100n + this.#handedOut * COMMUNITY_TAX_PERCENT) * PERCENT;
  }

  /** What an account must have beyond its start. */
  change(address: string): bigint {
    return this.#changes.get(address) ?? 0n;
  }

  /** Takes down the fees of a block. Blocks come one after the other. */
  addBlock(block: ChainBlock): void {
    if (block.height !== this.#height + 1) throw new Error(`block ${block.height} after block ${this.#height}`);
    this.#height = block.height;
    this.move(this.#module("tokenomics"), this.#module("distribution"), this.#stakersFees);
    this.#handedOut += this.#stakersFees;
    let fees = 0n;
    for (const tx of block.txs) {
      const { payer, amount, gasWanted } = feeOf(tx, this.#denom);
      const { numerator, denominator } = GAS_PRICE;
      this.#feesByGas += (gasWanted * numerator + denominator - 1n) / denominator;
      this.#transactions += 1;
      this.#fees.set(payer, (this.#fees.get(payer) ?? 0n) + amount);
      this.move(payer, this.#module("fee_collector"), amount);
      fees += amount;
    }
    this.#split(fees);
  }

  /** The fees of a block go their ways when it ends; the stakers' part is handed out when the next one begins. */
  #split(fees: bigint): void {
    const from = this.#module("fee_collector");
    const part = (bps: bigint): bigint => (fees * bps) / 10_000n;
    const parts = [
      ["tokenomics", part(FEE_SPLIT.stakers)],
      ["reflections", part(FEE_SPLIT.reflections)],
      ["distribution", part(FEE_SPLIT.community)],
      ["development", part(FEE_SPLIT.development)],
    ] as const;
    this.burn(from, part(FEE_SPLIT.burned));
    for (const [name, amount] of parts) this.move(from, this.#module(name), amount);
    // The fee collector is empty at the end of every block.
    this.move(from, this.#module("treasury"), this.change(from));
    this.#stakersFees = part(FEE_SPLIT.stakers);
    this.#communityFees += part(FEE_SPLIT.community);
  }

  #module(name: string): string {
    return this.#modules.get(name) ?? name;
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
