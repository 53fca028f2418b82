import type { Operation } from "../operation.js";
import { authOperations } from "./auth.js";
import { authzOperations } from "./authz.js";
import { bankOperations } from "./bank.js";
import { feegrantOperations } from "./feegrant.js";
import { marketplaceOperations } from "./marketplace.js";
import { parameterAttacks } from "./parameters.js";
import { vestingOperations } from "./vesting.js";

/** All that users do to the chain. A new module adds its own here. */
export const OPERATIONS: readonly Operation[] = [
  ...bankOperations,
  ...authOperations,
  ...marketplaceOperations,
  ...vestingOperations,
  ...authzOperations,
  ...feegrantOperations,
  ...parameterAttacks,
];
