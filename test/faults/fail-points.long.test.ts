// Tier: long. Budget: 5 min. The stock CometBFT ends itself at each fail point of the first two blocks, before the real chain.
import { describeFailPoints } from "./fail-points-suite.js";

/** Points that a single validator passes in a block: two votes, five in consensus/state.go, four in state/execution.go. */
const POINTS_PER_BLOCK = 11;

describeFailPoints(Array.from({ length: 2 * POINTS_PER_BLOCK }, (_, index) => index));
