// Tier: test. Budget: 60 s. Row 15; disk.long.test.ts has 20,000 blocks.
import { diskSuite } from "./disk-suite.js";

diskSuite({ blocks: 4_000, snapshotInterval: 100 });
