import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { StakePurse } from "./expected.js";

/** The two accounts that hold all stake: of bonded validators, and of all else that is staked or unbonding. */
export class Pools {
  readonly #bonded: StakePurse;
  readonly #notBonded: StakePurse;
  readonly #denom: (ctx: ReadContext) => string;

  constructor(options: {
    readonly bonded: StakePurse;
    readonly notBonded: StakePurse;
    readonly denom: (ctx: ReadContext) => string;
  }) {
    this.#bonded = options.bonded;
    this.#notBonded = options.notBonded;
    this.#denom = options.denom;
  }

  of(isBonded: boolean): StakePurse {
    return isBonded ? this.#bonded : this.#notBonded;
  }

  balance(ctx: ReadContext, isBonded: boolean): bigint {
    return this.of(isBonded).balance(ctx, this.#denom(ctx));
  }

  /** From one pool to the other; nothing happens for nothing. */
  move(ctx: Context, amount: bigint, { toBonded }: { readonly toBonded: boolean }): void {
    if (amount === 0n) return;
    this.of(!toBonded).pay(ctx, this.of(toBonded).address, { denom: this.#denom(ctx), amount });
  }

  burn(ctx: Context, amount: bigint, { bonded }: { readonly bonded: boolean }): void {
    if (amount === 0n) return;
    this.of(bonded).burn(ctx, { denom: this.#denom(ctx), amount });
  }
}
