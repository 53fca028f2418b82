import type { ChainDescription } from "./description.js";

/** `chain.json` as cosmos/chain-registry has it (chain.schema.json): one folder for each chain, named like `chain_name`. */
export function registryChain(chain: ChainDescription, options: { readonly home: string }) {
  const { constants, endpoints, gasPrice } = chain;
  const at = (address: string) => [{ address, provider: constants.chain_name }];
  return {
    $schema: schemaOf(chain, "chain"),
    chain_name: registryName(chain),
    chain_type: "cosmos",
    chain_id: chain.chainId,
    pretty_name: constants.chain_name,
    status: "live",
    network_type: chain.networkType,
    bech32_prefix: constants.bech32_prefix,
    daemon_name: "computroniumd",
    node_home: options.home,
    key_algos: ["secp256k1"],
    slip44: constants.coin_type,
    fees: {
      fee_tokens: [
        {
          denom: constants.fee_denom,
          fixed_min_gas_price: gasPrice,
          ...gasPriceSteps(gasPrice),
        },
      ],
    },
    staking: { staking_tokens: [{ denom: constants.base_denom }] },
    codebase: {
      recommended_version: `v${chain.version}`,
      compatible_versions: [`v${chain.version}`],
      consensus: { type: "cometbft", version: `v${chain.cometbft}` },
      // The registry knows no TypeScript.
      language: { type: "other" },
      sdk: { type: "other" },
    },
    peers: {
      ...(chain.seeds.length === 0 ? {} : { seeds: chain.seeds.map(peer) }),
      ...(chain.self === undefined ? {} : { persistent_peers: [peer(chain.self)] }),
    },
    apis: { rpc: at(endpoints.rpc), rest: at(endpoints.rest), grpc: at(endpoints.grpc) },
  };
}

/** `assetlist.json` of the same (assetlist.schema.json). */
export function registryAssets(chain: ChainDescription) {
  return {
    $schema: schemaOf(chain, "assetlist"),
    chain_name: registryName(chain),
    assets: chain.coins.map(({ description, denom_units, base, display, name, symbol }) => ({
      ...(description === "" ? {} : { description }),
      denom_units: denom_units.map(({ denom, exponent, aliases }) => ({
        denom,
        exponent,
        ...(aliases.length === 0 ? {} : { aliases }),
      })),
      base,
      name,
      display,
      symbol,
      type_asset: "sdk.coin",
    })),
  };
}

/** What wallets offer: the least that this node takes, some more, and enough to go before others. */
export function gasPriceSteps(least: number) {
  // Prices have a few decimals; those that multiplying adds are noise.
  const round = (price: number) => Number(price.toPrecision(6));
  return { low_gas_price: least, average_gas_price: round(least * 1.5), high_gas_price: round(least * 3) };
}

/** A name of folders there: lower-case letters and digits; test networks have their kind behind it. */
function registryName({ constants, networkType }: ChainDescription): string {
  const name = constants.chain_name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return networkType === "mainnet" ? name : `${name}${networkType}`;
}

/** Test networks are a folder deeper. */
function schemaOf({ networkType }: ChainDescription, name: "chain" | "assetlist"): string {
  return `${networkType === "mainnet" ? ".." : "../.."}/${name}.schema.json`;
}

function peer(text: string): { readonly id: string; readonly address: string } {
  const [id = "", address = ""] = text.split("@");
  return { id, address };
}
