import { z } from "zod";

import type { IndexRule } from "../abci/index-rule.js";
import { indexListed, indexUseful } from "../abci/index-rule.js";
import type { Sources } from "./config-file.js";
import { API_TOML, ApiConfigSchema, GrpcConfigSchema } from "./api-config.js";
import { readConfig } from "./config-file.js";

/** 2^53-1 blocks are enough. */
const height = z.int().nonnegative();
/** Cosmos writes some numbers of app.toml as text. */
const numberOrText = z.preprocess(
  (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
  height,
);

const gasPrices = z
  .string()
  .refine(
    (text) =>
      text === "" ||
      text.split(",").every((part) => /^\d+(\.\d{1,18})?[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/.test(part.trim())),
    "expected prices such as 0.025ucptm or 0.025ucptm,0.01other",
  );

/** `["name", "value"]` as Cosmos writes a label, or `name=value` where only text can be given. */
const label = z.preprocess(
  (value) => (typeof value === "string" ? /^([^=]*)=(.*)$/.exec(value)?.slice(1) : value),
  z.tuple([z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "expected a name of letters, digits and _"), z.string()], {
    error: 'expected labels such as ["chain_id", "computronium-1"]',
  }),
);

const telemetry = z.strictObject({
  enabled: z.boolean().default(false),
  address: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/, "expected host:port, such as 127.0.0.1:26661")
    .default("127.0.0.1:26661"),
  "service-name": z.string().default(""),
  "enable-hostname-label": z.boolean().default(false),
  "prometheus-retention-time": numberOrText.default(60),
  "global-labels": z.array(label).default([]),
  "ready-max-block-age": numberOrText.default(60),
});

export const AppConfigSchema = z
  .strictObject({
    "minimum-gas-prices": gasPrices.default("0ucptm"),
    "query-gas-limit": numberOrText.default(0),
    pruning: z.enum(["default", "nothing", "everything", "custom"]).default("default"),
    "pruning-keep-recent": numberOrText.default(0),
    "pruning-interval": numberOrText.default(0),
    "halt-height": height.default(0),
    "halt-time": height.default(0),
    "min-retain-blocks": height.default(0),
    "index-events": z.array(z.string().regex(/^[^.]+\..+$/, "expected type.key, such as message.action")).default([]),
    "unsafe-skip-upgrades": z.array(numberOrText).default([]),
    "inv-check-period": height.default(0),
    state: z
      .strictObject({
        "cache-bytes": z
          .int()
          .min(16 << 20, "at least 16 MiB")
          .default(256 << 20),
      })
      .prefault({}),
    query: z
      .strictObject({
        workers: z.int().min(1).max(64).default(2),
      })
      .prefault({}),
    "state-sync": z
      .strictObject({
        "snapshot-interval": height.default(0),
        "snapshot-keep-recent": height.default(2),
      })
      .prefault({}),
    api: ApiConfigSchema,
    grpc: GrpcConfigSchema,
    telemetry: telemetry.prefault({}),
  })
  .superRefine((config, context) => {
    if (config.pruning !== "custom") return;
    if (config["pruning-keep-recent"] < 2) {
      context.addIssue({
        code: "custom",
        path: ["pruning-keep-recent"],
        message: 'at least 2 when pruning = "custom"',
      });
    }
    if (config["pruning-interval"] < 10) {
      context.addIssue({ code: "custom", path: ["pruning-interval"], message: 'at least 10 when pruning = "custom"' });
    }
  });

export type TelemetryConfig = z.infer<typeof telemetry>;

/** app.toml, checked, with defaults, environment and flags applied. */
export type AppConfig = z.infer<typeof AppConfigSchema>;

export function readAppConfig(sources: Sources): AppConfig {
  return readConfig(AppConfigSchema, sources);
}

/** What `index-events` stands for: a list is taken as it is, an empty one for all that is of use in a search. */
export function indexRule(config: AppConfig): IndexRule {
  const listed = config["index-events"];
  return listed.length > 0 ? indexListed(listed) : indexUseful;
}

export const APP_TOML = `# What this node does by itself; no other node needs to have the same. Read at start.
# Each setting can also be given by the environment (COMPUTRONIUMD_PRUNING, COMPUTRONIUMD_STATE_CACHE_BYTES)
# and by a flag of \`computroniumd start\` (--pruning, --state.cache-bytes): flag before environment before file.

# Transactions that offer less for gas don't enter this node's mempool.
minimum-gas-prices = "0ucptm"

# Most gas that a query may use; 0 is no limit.
query-gas-limit = 0

# Which past states are kept for queries and proofs:
#   default: the last 362880 heights; nothing: all of them are kept; everything: the last 2;
#   custom: pruning-keep-recent heights, pruned every pruning-interval blocks.
pruning = "default"
pruning-keep-recent = 0
pruning-interval = 0

# Stop after this height is committed, or at the first block at or after this time (unix seconds); 0 is never.
halt-height = 0
halt-time = 0

# CometBFT's blocks below (height - min-retain-blocks) may be deleted; 0 keeps all.
min-retain-blocks = 0

# Attributes that CometBFT's indexer gets, as "type.key"; empty means all but those of no use in a search: msg_index, tx.fee,
# the amounts of transfers, how a fee moved (tx.fee_payer is there), and a message.sender that is only said again.
index-events = []

# Check every invariant of the state each so many blocks; 0 never. A broken one stops the node.
inv-check-period = 0

[state]
# Memory for the state's cache. The state itself may be larger.
cache-bytes = 268435456

[query]
# Threads that answer queries, so that consensus never waits for one.
workers = 2

[state-sync]
# A snapshot of the state is made each so many blocks, for nodes that join by state sync; 0 is never. Such a node then
# needs the blocks after it from somebody: min-retain-blocks leaves them there.
snapshot-interval = 0

# Snapshots that are kept; 0 keeps all.
snapshot-keep-recent = 2

[telemetry]
# Serve /health, /ready and /metrics (docs/operators/monitor.md). CometBFT has metrics of its own: config.toml, [instrumentation].
enabled = false
# Keep it where strangers don't reach it.
address = "127.0.0.1:26661"
# A label "service" on every metric; empty for none.
service-name = ""
# A label "host" on every metric.
enable-hostname-label = false
# 0 serves no /metrics. Any other number does; nothing that is measured is ever forgotten.
prometheus-retention-time = 60
# Labels on every metric, such as [["chain_id", "computronium-1"]].
global-labels = []
# /ready answers no when the last block was committed longer ago than this many seconds; 0 for any age.
ready-max-block-age = 60

${API_TOML}`;
