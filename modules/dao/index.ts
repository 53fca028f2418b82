export type { GovKeeperOptions } from "./gov/keeper.js";
export { GovKeeper } from "./gov/keeper.js";
export { govModule } from "./gov/module.js";
export { GOV_STORE } from "./gov/state.js";
export { daoModule } from "./module.js";
export { DAO_STORE, Settings } from "./settings.js";
