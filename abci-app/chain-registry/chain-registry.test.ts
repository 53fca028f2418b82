// Tier: test. Budget: 5 s. What `chain-registry` prints, of a home folder as init makes it. The forms were checked once against the
// registry's schemas (627bbab) and Keplr's own validator (0.13.16); here is what must stay so.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

import { runCommand } from "../../test/kit/command.js";
import { newAppState } from "../genesis-state.js";

const NODE_KEY = { priv_key: { type: "tendermint/PrivKeyEd25519", value: Buffer.alloc(64, 1).toString("base64") } };

describe("chain-registry", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "computronium-registry-"));
    mkdirSync(join(home, "config"));
    file("app.toml", 'minimum-gas-prices = "1other,0.0025ucptm"\n');
    file("config.toml", '[p2p]\nseeds = "aa@seed.example.org:26656"\nexternal_address = "tcp://192.0.2.1:26656"\n');
    file("node_key.json", JSON.stringify(NODE_KEY));
    genesis("computronium-1");
  });

  afterEach(() => rmSync(home, { recursive: true }));

  function file(name: string, text: string): void {
    writeFileSync(join(home, "config", name), text);
  }

  function genesis(chainId: string): void {
    const head = { chain_id: chainId, genesis_time: "2026-01-01T00:00:00Z" };
    file("genesis.json", JSON.stringify({ ...head, app_state: newAppState("ucptm") }));
  }

  async function print(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await runCommand(home, "chain-registry", ...args));
  }

  it("prints chain.json from genesis and settings", async () => {
    expect(await print("chain", "--rpc", "https://rpc.example.org", "--rest", "https://rest.example.org")).toEqual({
      $schema: "../chain.schema.json",
      chain_name: "computronium",
      chain_type: "cosmos",
      chain_id: "computronium-1",
      pretty_name: "Computronium",
      status: "live",
      network_type: "mainnet",
      bech32_prefix: "cptm",
      daemon_name: "computroniumd",
      node_home: "$HOME/.computroniumd",
      key_algos: ["secp256k1"],
      slip44: 118,
      fees: {
        fee_tokens: [
          {
            denom: "ucptm",
            fixed_min_gas_price: 0.0025,
            low_gas_price: 0.0025,
            average_gas_price: 0.00375,
            high_gas_price: 0.0075,
          },
        ],
      },
      staking: { staking_tokens: [{ denom: "ucptm" }] },
      codebase: {
        recommended_version: "v0.1.0",
        compatible_versions: ["v0.1.0"],
        consensus: { type: "cometbft", version: "v0.38.26" },
        language: { type: "other" },
        sdk: { type: "other" },
      },
      peers: {
        seeds: [{ id: "aa", address: "seed.example.org:26656" }],
        persistent_peers: [{ id: expect.stringMatching(/^[0-9a-f]{40}$/), address: "192.0.2.1:26656" }],
      },
      apis: {
        rpc: [{ address: "https://rpc.example.org", provider: "Computronium" }],
        rest: [{ address: "https://rest.example.org", provider: "Computronium" }],
        grpc: [{ address: "localhost:9090", provider: "Computronium" }],
      },
    });
  });

  it("prints assetlist.json from the bank's metadata, for a test network a folder deeper", async () => {
    genesis("computronium-testnet-3");
    expect(await print("assetlist")).toEqual({
      $schema: "../../assetlist.schema.json",
      chain_name: "computroniumtestnet",
      assets: [
        {
          description: "The coin that pays for everything on this chain",
          denom_units: [
            { denom: "ucptm", exponent: 0 },
            { denom: "cptm", exponent: 6 },
          ],
          base: "ucptm",
          name: "Computronium Coin",
          display: "cptm",
          symbol: "CPTM",
          type_asset: "sdk.coin",
        },
      ],
    });
  });

  it.each(["keplr", "leap"])("prints what %s is told to add the chain", async (wallet) => {
    const currency = { coinDenom: "CPTM", coinMinimalDenom: "ucptm", coinDecimals: 6 };
    expect(await print(wallet)).toEqual({
      chainId: "computronium-1",
      chainName: "Computronium",
      rpc: "http://localhost:26657",
      rest: "http://localhost:1317",
      bip44: { coinType: 118 },
      bech32Config: {
        bech32PrefixAccAddr: "cptm",
        bech32PrefixAccPub: "cptmpub",
        bech32PrefixValAddr: "cptmvaloper",
        bech32PrefixValPub: "cptmvaloperpub",
        bech32PrefixConsAddr: "cptmvalcons",
        bech32PrefixConsPub: "cptmvalconspub",
      },
      currencies: [currency],
      feeCurrencies: [{ ...currency, gasPriceStep: { low: 0.0025, average: 0.00375, high: 0.0075 } }],
      stakeCurrency: currency,
      features: [],
    });
  });

  it("says what it prints when asked for something else, and refuses addresses that are none", async () => {
    await expect(print("chains")).rejects.toThrow('nothing is called "chains": chain, assetlist, keplr, leap');
    await expect(print("keplr", "--rpc", "example.org")).rejects.toThrow('"example.org" is no address');
  });
});
