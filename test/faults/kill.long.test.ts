// Tier: long. Budget: 10 min. SIGKILL of a real node under load, 100 times, 30 of them between FinalizeBlock and Commit.
import { describeKills } from "./kill-suite.js";

describeKills(10);
