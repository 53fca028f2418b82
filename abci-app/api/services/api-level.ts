/**
 * What relayers compare before they talk to a chain (Hermes: its range is SDK ≥ 0.45 and < 0.54 over its releases, ibc-go ≥ 4):
 * the API levels that this node implements, not Go modules that it is made of. The Cosmos modules are those of SDK 0.53 in
 * state and messages; 0.50.x is the level that every release of Hermes in use takes.
 */
export const API_LEVEL = [
  { path: "github.com/cometbft/cometbft", version: "v0.38.17" },
  { path: "github.com/cosmos/cosmos-sdk", version: "v0.50.13" },
  { path: "github.com/cosmos/ibc-go/v8", version: "v8.7.0" },
] as const;

/** `cosmos_sdk_version` of node_info. */
export const SDK_API_LEVEL = "v0.50.13";
