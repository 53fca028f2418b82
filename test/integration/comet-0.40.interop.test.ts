// Tier: interop. Budget: 6 min (it builds CometBFT 0.40 on its first run). Stock cosmjs against the newest CometBFT.
import { describeCosmjs } from "./cosmjs-suite.js";

describeCosmjs("cosmjs and a node on CometBFT 0.40.0", { version: "0.40.0", reports: "0.39.0" });
