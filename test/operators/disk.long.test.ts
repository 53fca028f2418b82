// Tier: long. Budget: 20 min. Disk stays flat for a node that prunes.
import { diskSuite } from "./disk-suite.js";

diskSuite({ blocks: 20_000, snapshotInterval: 1_000 });
