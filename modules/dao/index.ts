export { govModule } from "./gov/module.js";
export { GOV_STORE } from "./gov/state.js";
export type { DaoKeeperOptions } from "./keeper.js";
export { DaoKeeper } from "./keeper.js";
export { DAO_ESCROW, daoModule } from "./module.js";
export { DAO_STORE } from "./state.js";
