export { FeegrantKeeper } from "./keeper.js";
export type { FeegrantKeeperOptions } from "./keeper.js";
export { feegrantModule } from "./module.js";
