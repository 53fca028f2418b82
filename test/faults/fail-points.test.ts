// Tier: test. Budget: 30 s. The stock CometBFT ends itself at each of its fail points between FinalizeBlock and the next height.
import { describeFailPoints } from "./fail-points-suite.js";

// In the first block of a single validator: after FinalizeBlock, with its answer saved, before and after Commit, at the end.
describeFailPoints([5, 6, 7, 8, 9]);
