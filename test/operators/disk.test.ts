// Tier: test. Budget: 15 s. Disk stays flat for a node that prunes; disk.long.test.ts has 20,000 blocks.
import { diskSuite } from "./disk-suite.js";

diskSuite({ blocks: 2_000, snapshotInterval: 250 });
