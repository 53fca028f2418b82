import type { Dec } from "../../../../core/math/dec.js";
import {
  annualProvisions,
  blockProvision,
  bondedRatio,
  nextInflation,
} from "../../../../modules/tokenomics/mint/minter.js";

/** Parameters and stake, and what x/mint made of them; decimals raw. */
export type Vector = Readonly<
  Record<
    | "inflation"
    | "inflationRateChange"
    | "inflationMax"
    | "inflationMin"
    | "goalBonded"
    | "blocksPerYear"
    | "supply"
    | "bonded"
    | "bondedRatio"
    | "nextInflation"
    | "annualProvisions"
    | "blockProvision",
    string
  >
>;

const dec = (text: string) => BigInt(text) as Dec;

/** Where ours differ from Go's. */
export function replay(vectors: readonly Vector[]): readonly unknown[] {
  return vectors.flatMap((vector) => {
    const supply = BigInt(vector.supply);
    const ratio = bondedRatio(BigInt(vector.bonded), supply);
    const inflation = nextInflation(dec(vector.inflation), ratio, {
      inflationRateChange: dec(vector.inflationRateChange),
      inflationMax: dec(vector.inflationMax),
      inflationMin: dec(vector.inflationMin),
      goalBonded: dec(vector.goalBonded),
      blocksPerYear: BigInt(vector.blocksPerYear),
    });
    const provisions = annualProvisions(inflation, supply);
    const ours = [ratio, inflation, provisions, blockProvision(provisions, BigInt(vector.blocksPerYear))].map(String);
    const { bondedRatio: goRatio, nextInflation: goInflation, annualProvisions: goProvisions } = vector;
    const gos = [goRatio, goInflation, goProvisions, vector.blockProvision];
    return ours.join() === gos.join() ? [] : [{ vector, ours }];
  });
}
