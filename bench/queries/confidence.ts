import { SeededRandom } from "../../test/kit/random.js";
import { percentile, round } from "../load/statistics.js";

/** A ratio, and the interval in which it lies with 95 % confidence. */
export interface RatioEstimate {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 4000;
const SEED = 20_231;

/**
 * 99th percentile of `measured` over that of `base`. The interval comes from resampling whole segments (a segment is one of the
 * alternating stretches of time): blocks that follow each other are not independent of each other.
 */
export function ratioOfP99(
  measured: readonly (readonly number[])[],
  base: readonly (readonly number[])[],
): RatioEstimate {
  const random = new SeededRandom(SEED);
  const again = (segments: readonly (readonly number[])[]): number[] => segments.flatMap(() => random.pick(segments));
  const ratios = Array.from({ length: RESAMPLES }, () => p99(again(measured)) / p99(again(base)));
  return {
    ratio: round(p99(measured.flat()) / p99(base.flat())),
    low: round(percentile(ratios, 0.025)),
    high: round(percentile(ratios, 0.975)),
  };
}

function p99(values: readonly number[]): number {
  return percentile(values, 0.99);
}
