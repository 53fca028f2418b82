import type { Operation } from "../operation.js";
import { authOperations } from "./auth.js";
import { authzOperations } from "./authz.js";
import { bankOperations } from "./bank.js";
import { daoOperations } from "./dao.js";
import { distributionOperations } from "./distribution.js";
import { feegrantOperations } from "./feegrant.js";
import { govOperations } from "./gov.js";
import { marketplaceOperations } from "./marketplace.js";
import { parameterAttacks } from "./parameters.js";
import { slashingOperations } from "./slashing.js";
import { stakingOperations } from "./staking.js";
import { tokenomicsOperations } from "./tokenomics.js";
import { vestingOperations } from "./vesting.js";

/** All that users do to the chain. A new module adds its own here. */
export const OPERATIONS: readonly Operation[] = [
  ...bankOperations,
  ...authOperations,
  ...marketplaceOperations,
  ...vestingOperations,
  ...stakingOperations,
  ...slashingOperations,
  ...distributionOperations,
  ...govOperations,
  ...daoOperations,
  ...authzOperations,
  ...feegrantOperations,
  ...tokenomicsOperations,
  ...parameterAttacks,
];
