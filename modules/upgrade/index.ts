export { UpgradeKeeper } from "./keeper.js";
export { upgradeModule } from "./module.js";
