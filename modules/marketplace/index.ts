export type { MarketplaceDeps } from "./keeper.js";
export { MarketplaceKeeper } from "./keeper.js";
export type { MarketFigures } from "./figures.js";
export { marketFigures } from "./figures.js";
export type { BurningPurse, Purse, ReputationKeeper } from "./expected.js";
export type { MarketplaceModuleOptions } from "./module.js";
export { BOND_ACCOUNT, ESCROW_ACCOUNT, MARKETPLACE_MODULE, marketplaceModule } from "./module.js";
export { MARKETPLACE_STORE } from "./state.js";
