// Tier: test. Budget: 1 s.
import { describe, expect, it } from "@jest/globals";

import { changeToml } from "./toml.js";

const FILE = `# How often
moniker = "node"
interval = 5 # seconds

[p2p]
laddr = "tcp://0.0.0.0:26656"
# laddr = "an example"
pex = true

[rpc]
laddr = "tcp://127.0.0.1:26657"
`;

describe("changing a configuration file", () => {
  it("changes the named settings, each in its section, and nothing else", () => {
    const changed = changeToml(FILE, { moniker: "a", "rpc.laddr": "tcp://x:1", "p2p.pex": false });
    expect(changed).toBe(
      FILE.replace('"node"', '"a"')
        .replace('"tcp://127.0.0.1:26657"', '"tcp://x:1"')
        .replace("pex = true", "pex = false"),
    );
  });

  it("refuses a setting that is not there", () => {
    expect(() => changeToml(FILE, { laddr: "x" })).toThrow("laddr");
    expect(() => changeToml(FILE, { "p2p.moniker": "x", "p2p.pex": true })).toThrow("p2p.moniker");
  });
});
