export { MissingConstantsError, constantProblems, readChainConstants } from "./constants.js";
export { readConsensusParams } from "./consensus.js";
export { chainModule } from "./module.js";
export { DEFAULT_CONSTANTS } from "./types.js";
export type { ChainConstants } from "./types.js";
