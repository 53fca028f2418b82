/** What makes this chain another one than its neighbour. Set in genesis, never changed. */
export interface ChainConstants {
  /** `cptm` for `cptm1…`. */
  readonly bech32Prefix: string;
  readonly baseDenom: string;
  readonly feeDenom: string;
  /** What people call 10^displayExponent base units. */
  readonly displayDenom: string;
  readonly displayExponent: number;
  readonly coinName: string;
  readonly chainName: string;
  /** SLIP-44. */
  readonly coinType: number;
}

/** The constants of Computronium; a chain whose genesis says nothing else has them. */
export const DEFAULT_CONSTANTS: ChainConstants = {
  bech32Prefix: "cptm",
  baseDenom: "ucptm",
  feeDenom: "ucptm",
  displayDenom: "cptm",
  displayExponent: 6,
  coinName: "Computronium Coin",
  chainName: "Computronium",
  coinType: 118,
};
