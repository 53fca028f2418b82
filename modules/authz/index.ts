export { AuthzKeeper } from "./keeper.js";
export type { AuthzKeeperOptions } from "./keeper.js";
export { authzModule } from "./module.js";
