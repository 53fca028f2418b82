export type { SlashingDeps } from "./keeper.js";
export { SlashingKeeper } from "./keeper.js";
export { SLASHING_MODULE, slashingModule } from "./module.js";
