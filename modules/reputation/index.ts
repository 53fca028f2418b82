export type { ReputationDeps } from "./keeper.js";
export { ReputationKeeper } from "./keeper.js";
export type { ReputationModuleOptions } from "./module.js";
export { REPUTATION_MODULE, reputationModule } from "./module.js";
export { REPUTATION_STORE } from "./state.js";
export type { Receipt, ReceiptOutcome } from "./types.js";
