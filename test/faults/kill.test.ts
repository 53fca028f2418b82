// Tier: test. Budget: 60 s. SIGKILL of a real node under load, ten times, three of them between FinalizeBlock and Commit.
import { describeKills } from "./kill-suite.js";

describeKills(1);
