import type { Dec } from "../../../core/math/dec.js";
import {
  DEC_ONE,
  DEC_ZERO,
  decAdd,
  decFromInteger,
  decMul,
  decMulInt,
  decQuo,
  decQuoInt,
  decSub,
  decTruncateInt,
} from "../../../core/math/dec.js";

/** x/mint's parameters, as far as they are numbers. */
export interface InflationCurve {
  readonly inflationRateChange: Dec;
  readonly inflationMax: Dec;
  readonly inflationMin: Dec;
  readonly goalBonded: Dec;
  readonly blocksPerYear: bigint;
}

/** The inflation of the next block, operation by operation as cosmos-sdk 0.53 x/mint/types/minter.go NextInflationRate. */
export function nextInflation(inflation: Dec, bondedRatio: Dec, curve: InflationCurve): Dec {
  const changePerYear = decMul(decSub(DEC_ONE, decQuo(bondedRatio, curve.goalBonded)), curve.inflationRateChange);
  const change = decQuo(changePerYear, decFromInteger(curve.blocksPerYear));
  const next = decAdd(inflation, change);
  if (next > curve.inflationMax) return curve.inflationMax;
  return next < curve.inflationMin ? curve.inflationMin : next;
}

/** minter.go NextAnnualProvisions. */
export function annualProvisions(inflation: Dec, supply: bigint): Dec {
  return decMulInt(inflation, supply);
}

/** minter.go BlockProvision: base units that one block mints. */
export function blockProvision(provisions: Dec, blocksPerYear: bigint): bigint {
  return decTruncateInt(decQuoInt(provisions, blocksPerYear));
}

/** x/staking/keeper/pool.go BondedRatio: 0 for no supply. */
export function bondedRatio(bonded: bigint, supply: bigint): Dec {
  return supply > 0n ? decQuoInt(decFromInteger(bonded), supply) : DEC_ZERO;
}
