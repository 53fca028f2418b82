import { existsSync, readFileSync } from "node:fs";

import { parse } from "smol-toml";
import { z } from "zod";

import type { AppConfig } from "../node/app-config.js";
import type { GenesisFile } from "../node/genesis-file.js";
import type { Home } from "../node/home.js";
import { nodeId } from "../node/keys.js";

const unit = z.object({ denom: z.string(), exponent: z.int(), aliases: z.array(z.string()).default([]) });
const coin = z.object({
  description: z.string().default(""),
  denom_units: z.array(unit).min(1),
  base: z.string(),
  display: z.string(),
  name: z.string(),
  symbol: z.string(),
});
const constants = z.object({
  bech32_prefix: z.string(),
  base_denom: z.string(),
  fee_denom: z.string(),
  display_denom: z.string(),
  display_exponent: z.int(),
  coin_name: z.string(),
  chain_name: z.string(),
  coin_type: z.int(),
});
const appState = z.object({
  chain: z.object({ params: constants }),
  bank: z.object({ denom_metadata: z.array(coin).default([]) }),
});
const peering = z.object({
  p2p: z.object({ external_address: z.string().default(""), seeds: z.string().default("") }),
});

export type NetworkType = "mainnet" | "testnet" | "devnet";

/** Where clients reach a network. */
export interface Endpoints {
  readonly rpc: string;
  readonly rest: string;
  readonly grpc: string;
}

/** What registries and wallets want to know of a chain. */
export interface ChainDescription {
  readonly chainId: string;
  readonly networkType: NetworkType;
  readonly constants: z.infer<typeof constants>;
  readonly coins: readonly z.infer<typeof coin>[];
  /** What a unit of gas costs at this node, in the denom of fees. */
  readonly gasPrice: number;
  readonly endpoints: Endpoints;
  /** As `id@host:port`. */
  readonly seeds: readonly string[];
  /** This node, when its config says where others reach it. */
  readonly self: string | undefined;
  readonly version: string;
  readonly cometbft: string;
}

/** Reads a chain's description from a node's genesis and settings. */
export function describeChain(options: {
  readonly home: Home;
  readonly genesis: GenesisFile;
  readonly config: AppConfig;
  readonly endpoints: Endpoints;
  readonly networkType: NetworkType | undefined;
  readonly version: string;
  readonly cometbft: string;
}): ChainDescription {
  const { home, genesis, config, endpoints, version, cometbft } = options;
  const state = appState.safeParse(genesis.app_state);
  if (!state.success) {
    const [issue] = state.error.issues;
    throw new Error(`${home.genesis}: app_state.${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { p2p } = existsSync(home.configToml)
    ? peering.parse(parse(readFileSync(home.configToml, "utf8")))
    : { p2p: { external_address: "", seeds: "" } };
  const { chain, bank } = state.data;
  return {
    chainId: genesis.chain_id,
    networkType: options.networkType ?? guessType(genesis.chain_id),
    constants: chain.params,
    coins: bank.denom_metadata,
    gasPrice: priceOf(config["minimum-gas-prices"], chain.params.fee_denom),
    endpoints,
    seeds: p2p.seeds === "" ? [] : p2p.seeds.split(",").map((seed) => seed.trim()),
    self: p2p.external_address === "" ? undefined : `${nodeId(home.nodeKey)}@${plainAddress(p2p.external_address)}`,
    version,
    cometbft,
  };
}

/** By the habit of naming chains; `--network-type` says it. */
function guessType(chainId: string): NetworkType {
  if (/local|dev/.test(chainId)) return "devnet";
  return /test/.test(chainId) ? "testnet" : "mainnet";
}

/** 0 where the node asks for nothing. */
function priceOf(prices: string, denom: string): number {
  for (const price of prices.split(",")) {
    const match = /^([0-9.]+)([a-zA-Z].*)$/.exec(price.trim());
    if (match?.[2] === denom) return Number(match[1]);
  }
  return 0;
}

function plainAddress(address: string): string {
  return address.replace(/^tcp:\/\//, "");
}
