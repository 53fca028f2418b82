// Tier: long. Budget: 15 min. Hostile messages and queries of ten seeds, many more of each.
import { describeMessageFuzz } from "./message-fuzz-suite.js";

describeMessageFuzz({ seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], blocks: 500, queries: 200 });
