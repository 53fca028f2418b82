export { communityPoolBalance, communityPoolOf } from "./community-pool.js";
export { distributionHooks } from "./hooks.js";
export { distributionModule, DISTRIBUTION_MODULE } from "./module.js";
export type { DistributionDeps } from "./types.js";
