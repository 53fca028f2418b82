import {
  Comparison,
  NumberAttribute,
  ResourceKind,
  TextAttribute,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { RequirementsSchema } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { CoinText } from "@computronium/client";

import type { DemoJob } from "./jobs.js";
import { countPrimes, hashChain, multiplyMatrices } from "./jobs.js";

/** One who sells compute: a machine, and a provider program. */
export interface ProviderRole {
  readonly name: string;
  readonly says: string;
  readonly kind: "data-centre" | "spare-machine" | "edge-device";
  readonly cpuCores: number;
  readonly ramMib: number;
  readonly region: string;
  readonly price: CoinText;
  readonly per: "second" | "hour";
}

/** One who buys compute: an agent with a job. */
export interface AgentRole {
  readonly name: string;
  readonly wants: string;
  readonly job: DemoJob;
  readonly requirements: MessageInitShape<typeof RequirementsSchema>;
  readonly maxPrice: CoinText;
  readonly budget: CoinText;
  /** Providers that fit: it waits for the bids of all of them. */
  readonly bidders: number;
}

export const DENOM = "ucptm";
/** What a unit of gas costs: 25 / 10,000 ucptm. */
export const GAS_PRICE = { text: "0.0025", numerator: 25n, denominator: 10_000n };
export const AGENT_START = 500_000_000n;
export const PROVIDER_START = 100_000_000n;
export const BOND = 25_000_000n;
/** 5 % of every payment go to the chain; of that, a fifth is burned and the rest goes to the treasury. */
export const TAKE_RATE_BPS = 500n;
export const TAKE_BURN_BPS = 2_000n;
/** The rest is the treasury's alone, nothing is minted: what the books must come to follows from the terms of the leases. */
export const ONE_TREASURY = {
  tokenomics: {
    params: {
      market_split: { reinvestment_bps: 0, treasury_bps: 10_000, development_bps: 0 },
      emission: { share_bps: 0 },
    },
  },
  mint: { params: { inflation_max: "0", inflation_min: "0", inflation_rate_change: "0" } },
};
/** Of the fees of a block, in 1/10,000, rounded down each; what is left goes to the treasury. */
export const FEE_SPLIT = { burned: 3_000n, stakers: 4_000n, reflections: 1_000n, community: 500n, development: 500n };
/** Of what stakers get, this goes to the community pool. */
export const COMMUNITY_TAX_PERCENT = 2n;

export const PROVIDERS: readonly ProviderRole[] = [
  {
    name: "atlas",
    says: "16 cores in a data centre",
    kind: "data-centre",
    cpuCores: 16,
    ramMib: 65_536,
    region: "eu-north",
    price: "31415ucptm",
    per: "second",
  },
  {
    name: "garage",
    says: "a spare machine of 8 cores",
    kind: "spare-machine",
    cpuCores: 8,
    ramMib: 16_384,
    region: "eu-west",
    price: "17320ucptm",
    per: "second",
  },
  {
    name: "pebble",
    says: "an edge device of 2 cores",
    kind: "edge-device",
    cpuCores: 2,
    ramMib: 2_048,
    region: "eu-west",
    price: "25000001ucptm",
    per: "hour",
  },
];

const atLeast = (attribute: NumberAttribute, value: bigint) => ({ attribute, comparison: Comparison.AT_LEAST, value });

export const AGENTS: readonly AgentRole[] = [
  {
    name: "ada",
    wants: "anything, the cheapest",
    job: countPrimes(4_000_000),
    requirements: {},
    maxPrice: "40000ucptm",
    budget: "2400000ucptm",
    bidders: 3,
  },
  {
    name: "grace",
    wants: "at least 4 cores",
    job: hashChain("Computronium", 1_500_000),
    requirements: { numbers: [atLeast(NumberAttribute.CPU_CORES, 4n)] },
    maxPrice: "40000ucptm",
    budget: "2400000ucptm",
    bidders: 2,
  },
  {
    name: "alan",
    wants: "a data centre in eu-north",
    job: multiplyMatrices(256),
    requirements: {
      kinds: [ResourceKind.DATA_CENTRE],
      texts: [{ attribute: TextAttribute.REGION, values: ["eu-north"] }],
    },
    maxPrice: "40000ucptm",
    budget: "2400000ucptm",
    bidders: 1,
  },
];
