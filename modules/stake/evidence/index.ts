export type { EvidenceDeps } from "./keeper.js";
export { EvidenceKeeper } from "./keeper.js";
export { EVIDENCE_MODULE, evidenceModule } from "./module.js";
