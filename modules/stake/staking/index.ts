export type { StakingDeps } from "./keeper.js";
export { StakingKeeper } from "./keeper.js";
export { STAKING_MODULE, stakingModule } from "./module.js";
export { STAKING_STORE } from "./state.js";
export type { SettlementPace } from "./slashes.js";
