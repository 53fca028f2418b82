export { readBaseFee } from "./base-fee.js";
export type { TokenomicsDeps } from "./keeper.js";
export { TokenomicsKeeper } from "./keeper.js";
export { mintModule } from "./mint/module.js";
export { MintKeeper } from "./mint/keeper.js";
export { tokenomicsModule } from "./module.js";
export { SupplyCounters } from "./supply.js";
export * from "./types.js";
