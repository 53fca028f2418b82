import type { JsonObject } from "@bufbuild/protobuf";

import { newAppState } from "../../abci-app/genesis-state.js";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import type { AppState } from "../../core/runtime/genesis.js";
import type { Actor } from "./actors.js";
import { RICH } from "./actors.js";
import { randomOf } from "./random.js";
import type { Genesis } from "./replica.js";

export const CHAIN_ID = "computronium-simulated-1";
export const DENOM = "ucptm";
/** Another coin, as one that came over IBC would be. */
export const OTHER_DENOM = "uother";

const START_NANOS = 1_800_000_000n * NANOS_PER_SECOND;
const FIRST_VALIDATORS = 4;
const WEALTH = 1_000_000_000_000n;

/** What the chain of a seed starts with: parameters differ, so that not every run has the same edges. */
export function makeGenesis(seed: number, actors: readonly Actor[]): Genesis {
  const random = randomOf(seed ^ 0x67656e);
  const defaults = newAppState(DENOM);
  const rich = actors.slice(0, RICH);
  const base: AppState = {
    ...defaults,
    auth: {
      ...part(defaults, "auth"),
      accounts: rich.map(({ address }, i) => ({
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        address,
        account_number: String(i),
        sequence: "0",
      })),
    },
    bank: {
      ...part(defaults, "bank"),
      balances: rich.map(({ address }) => ({
        address,
        coins: [DENOM, OTHER_DENOM].map((denom) => ({ denom, amount: WEALTH.toString() })),
      })),
    },
    marketplace: withParams(defaults, "marketplace", {
      take_burn_bps: random.pick([0, 3_333]),
      unbonding_seconds: String(random.pick([60, 3_600])),
      max_timers_per_block: random.pick([1, 7, 500]),
      start_window_seconds: String(random.pick([300, 20_000])),
      retention_seconds: String(random.pick([0, 3_600, 86_400])),
    }),
  };
  return {
    chainId: CHAIN_ID,
    appState: base,
    initialHeight: BigInt(random.pick([1, 1, 7])),
    timeNanos: START_NANOS,
    consensusParams: {
      block: { maxBytes: 4_194_304n, maxGas: random.pick([-1n, 50_000_000n]) },
      evidence: { maxAgeNumBlocks: 20n, maxAgeDuration: { seconds: 600n, nanos: 0 }, maxBytes: 1_048_576n },
      validator: { pubKeyTypes: ["ed25519"] },
    },
    validators: actors.slice(0, FIRST_VALIDATORS).map(({ consensusKey }, i) => ({
      pubKey: { sum: { case: "ed25519", value: consensusKey } },
      power: BigInt(10 + i),
    })),
  };
}

function part(state: AppState, name: string): JsonObject {
  return (state[name] ?? {}) as JsonObject;
}

function withParams(state: AppState, name: string, params: JsonObject): JsonObject {
  const old = part(state, name);
  return { ...old, params: { ...(old["params"] as JsonObject), ...params } };
}
