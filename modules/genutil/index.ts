export { genesisTxProblem, GENUTIL_MODULE, genutilModule } from "./module.js";
