import { z } from "zod";

import type { Sources } from "./config-file.js";
import { readConfig } from "./config-file.js";

export const ClientConfigSchema = z.strictObject({
  "chain-id": z.string().default(""),
  "keyring-backend": z.enum(["os", "file", "test", "memory"]).default("os"),
  "keyring-default-keyname": z.string().default(""),
  output: z.enum(["text", "json"]).default("text"),
  node: z
    .string()
    .regex(/^(tcp|http|https):\/\/[^\s]+$/, "expected an address such as tcp://localhost:26657")
    .default("tcp://localhost:26657"),
  "broadcast-mode": z.enum(["sync", "async"]).default("sync"),
  "bech32-prefix": z
    .string()
    .regex(/^[a-z][a-z0-9]{0,30}$/, "expected lower-case letters and digits")
    .default("cptm"),
});

/** client.toml, checked, with defaults, environment and flags applied. */
export type ClientConfig = z.infer<typeof ClientConfigSchema>;

export function readClientConfig(sources: Sources): ClientConfig {
  return readConfig(ClientConfigSchema, sources);
}

/** client.toml of a new node. */
export function clientToml(chainId: string, bech32Prefix: string): string {
  return `# What the commands of computroniumd use when no flag says otherwise.

# The chain that transactions are signed for.
chain-id = ${JSON.stringify(chainId)}
# Where keys are kept: os, file, test or memory.
keyring-backend = "os"
# The key that is used without --from.
keyring-default-keyname = ""
# text or json
output = "text"
# CometBFT's RPC.
node = "tcp://localhost:26657"
# sync or async
broadcast-mode = "sync"
# Of the addresses of this chain.
bech32-prefix = ${JSON.stringify(bech32Prefix)}
`;
}
