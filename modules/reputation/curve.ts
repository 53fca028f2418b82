import type { Dec } from "../../core/math/dec.js";
import { DEC_ONE, DEC_ZERO, decFromRaw } from "../../core/math/dec.js";

/** Fixed point of the intermediate results: 128 binary places. */
const PLACES = 128n;
const ONE = 1n << PLACES;
const TWO = ONE << 1n;
/** Binary places of a logarithm, and of the fraction of a half-life: 2^-64 is below the last place of a Dec. */
const STEPS = 64;

/** The largest integer whose square is at most `n`, by Newton's method from above. */
function squareRootFloor(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << (BigInt(n.toString(2).length + 1) / 2n + 1n);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** 2^(-1/2), 2^(-1/4), … , rounded down. */
const ROOTS_OF_HALF: readonly bigint[] = (() => {
  const roots: bigint[] = [];
  let power = ONE >> 1n;
  for (let i = 0; i < STEPS; i++) {
    power = squareRootFloor(power << PLACES);
    roots.push(power);
  }
  return roots;
})();

function toDecFloor(fixed: bigint): Dec {
  return decFromRaw((fixed * DEC_ONE) >> PLACES);
}

/** log2(1 + cost / unit), rounded down. `cost` not negative, `unit` positive. */
export function logWeight(cost: bigint, unit: bigint): Dec {
  if (cost < 0n || unit <= 0n) throw new RangeError("cost below 0, or unit not above 0");
  if (cost === 0n) return DEC_ZERO;
  const whole = BigInt(((unit + cost) / unit).toString(2).length - 1);
  let mantissa = ((unit + cost) << PLACES) / (unit << whole); // in [1, 2)
  let fraction = 0n;
  for (let i = 0; i < STEPS; i++) {
    mantissa = (mantissa * mantissa) >> PLACES;
    fraction <<= 1n;
    if (mantissa >= TWO) {
      fraction |= 1n;
      mantissa >>= 1n;
    }
  }
  return toDecFloor((whole << PLACES) + (fraction << (PLACES - BigInt(STEPS))));
}

/** 2^(-age / halfLife), rounded down. Both in seconds, `halfLife` positive. */
export function decayFactor(ageSeconds: bigint, halfLifeSeconds: bigint): Dec {
  if (ageSeconds < 0n || halfLifeSeconds <= 0n) throw new RangeError("age below 0, or half-life not above 0");
  const whole = ageSeconds / halfLifeSeconds;
  if (whole >= PLACES) return DEC_ZERO;
  let rest = ((ageSeconds % halfLifeSeconds) << BigInt(STEPS)) / halfLifeSeconds; // binary fraction of a half-life
  let factor = ONE;
  for (let i = STEPS - 1; i >= 0; i--) {
    if ((rest & 1n) === 1n) factor = (factor * ROOTS_OF_HALF[i]!) >> PLACES;
    rest >>= 1n;
  }
  return toDecFloor(factor >> whole);
}
