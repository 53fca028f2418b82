// Tier: test. Budget: 40 s. Stock cosmjs from npm against one node with a real CometBFT.
import { describeCosmjs } from "./cosmjs-suite.js";

describeCosmjs("cosmjs and a node");
