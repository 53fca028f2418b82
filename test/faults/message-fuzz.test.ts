// Tier: test. Budget: 45 s. Every message and query of the chain with hostile values, through the real application; the seed is
// in the name of the test.
import { describeMessageFuzz } from "./message-fuzz-suite.js";

describeMessageFuzz({ seeds: [20_261_123], blocks: 60, queries: 15 });
