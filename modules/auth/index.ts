export { AccountCodec, BASE_ACCOUNT_URL, MODULE_ACCOUNT_URL } from "./account-codec.js";
export { AccountKeeper } from "./keeper.js";
export type { AccountKeeperOptions } from "./keeper.js";
export { authModule } from "./module.js";
export * from "./types.js";
