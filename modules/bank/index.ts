export { BankKeeper } from "./keeper.js";
export type { BankKeeperOptions } from "./keeper.js";
export type { SupplyWatcher } from "./expected.js";
export { bankModule } from "./module.js";
export { BurningPurse, MintingPurse, ModulePurse } from "./purse.js";
export type { Output } from "./types.js";
