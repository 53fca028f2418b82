// Tier: make test. Budget: 2 s.
import { describe, expect, it } from "@jest/globals";

import { ConfigError, loadConfig, parseConfig } from "./config.js";

const MINIMAL = `
[chain]
rpc = "http://127.0.0.1:26657"
gas_price = "0.0025ucptm"
[key]
mnemonic_file = "key"
[offer]
kind = "spare-machine"
cpu_cores = 4
ram_mib = 8192
price = "10ucptm"
bond = "1000000ucptm"
endpoints = ["http://provider.example:8350"]
`;

describe("the provider's configuration", () => {
  it("fills in what is left out, on the safe side", () => {
    const config = parseConfig(MINIMAL);
    expect(config.sandbox).toEqual({ require: ["limits", "network", "files"], job_user_id: 65534, parallel_jobs: 1 });
    expect(config.transfer.allow_private_addresses).toBe(false);
    expect(config.transfer.host).toBe("127.0.0.1");
    expect(config.chain.bech32_prefix).toBe("cptm");
  });

  it.each([
    ["a misspelt key", MINIMAL.replace("cpu_cores", "cpu_core"), /cpu_core/],
    ["a missing table", MINIMAL.replace(/\[key\]\nmnemonic.*\n/, ""), /key/],
    ["a price without denom", MINIMAL.replace("10ucptm", "10"), /offer.price/],
    ["a fraction of a base unit", MINIMAL.replace("10ucptm", "0.5ucptm"), /offer.price/],
    ["no endpoint", MINIMAL.replace('["http://provider.example:8350"]', "[]"), /offer.endpoints/],
    ["an unknown protection", `${MINIMAL}[sandbox]\nrequire = ["everything"]`, /sandbox.require/],
    ["root as the jobs' user", `${MINIMAL}[sandbox]\njob_user_id = 0`, /sandbox.job_user_id/],
    ["limits beyond the ceilings", `${MINIMAL}[limits]\nmemory_bytes = 9_000_000_000`, /limits.memory_bytes/],
    ["text that is no TOML", "[chain", /Invalid TOML/],
  ])("refuses %s, and says where", (_, text, place) => {
    expect(() => parseConfig(text)).toThrow(ConfigError);
    expect(() => parseConfig(text)).toThrow(place);
  });

  it("refuses a file that is not there", () => {
    expect(() => loadConfig("/nonexistent/provider.toml")).toThrow(/nonexistent.*can't be read/);
  });
});
