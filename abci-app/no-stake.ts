import type { StakingReader } from "../modules/stake/types.js";

/** What staking answers on a chain where nothing is staked. */
export function noStake(bondDenom: string): StakingReader {
  return {
    powerReduction: 1_000_000n,
    bondDenom: () => bondDenom,
    unbondingSeconds: () => 0n,
    validator: () => undefined,
    validatorByConsAddress: () => undefined,
    validators: () => [],
    bondedValidators: () => [],
    totalBonded: () => 0n,
    delegation: () => undefined,
    delegationsOf: () => [],
    delegations: () => [],
  };
}
