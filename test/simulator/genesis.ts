import type { JsonObject } from "@bufbuild/protobuf";

import { newAppState } from "../../abci-app/genesis-state.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { ALLOCATIONS_ACCOUNT, TREASURY_ACCOUNT } from "../../modules/tokenomics/types.js";
import type { Actor } from "./actors.js";
import { RICH } from "./actors.js";
import { DENOM, OTHER_DENOM } from "./denoms.js";
import { genesisStake } from "./genesis-stake.js";
import type { SeededRandom } from "./random.js";
import { randomOf } from "./random.js";
import type { Genesis } from "./replica.js";

export const CHAIN_ID = "computronium-simulated-1";

const START_NANOS = 1_800_000_000n * NANOS_PER_SECOND;
const WEALTH = 1_000_000_000_000n;

/** What the chain of a seed starts with: parameters differ, so that not every run has the same edges. */
export function makeGenesis(seed: number, actors: readonly Actor[]): Genesis {
  const random = randomOf(seed ^ 0x67656e);
  const defaults = newAppState(DENOM);
  const rich = actors.slice(0, RICH);
  const { staking, pool } = genesisStake(rich, random);
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
      balances: [
        ...rich.map(({ address }) => ({
          address,
          coins: [DENOM, OTHER_DENOM].map((denom) => ({ denom, amount: WEALTH.toString() })),
        })),
        pool,
        ...economyBalances(),
      ],
    },
    staking,
    slashing: withParams(defaults, "slashing", {
      signed_blocks_window: String(random.pick([3, 10, 30])),
      min_signed_per_window: "0.500000000000000000",
      downtime_jail_duration: `${random.pick([1, 60, 5_000])}s`,
    }),
    gov: govState(defaults, random),
    tokenomics: economy(defaults, rich[0]!, random),
    dao: withParams(defaults, "dao", {
      max_endings_per_block: random.pick([1, 20]),
      max_settlements_per_block: random.pick([10, 200]),
      timelock: random.pick(["0.000000000000000000", "0.500000000000000000"]),
      guardian: random.pick(rich).address,
      judging_seconds: String(random.pick([100, 50_000])),
    }),
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
    validators: [],
  };
}

const RESERVE = 1_000_000_000n;
const TEAM = 500_000_000n;

function economyBalances() {
  const addresses = new Addresses("cptm");
  const of = (name: string, denom: string, amount: bigint) => ({
    address: addresses.account.encode(moduleAddress(name)),
    coins: [{ denom, amount: amount.toString() }],
  });
  return [of(ALLOCATIONS_ACCOUNT, DENOM, RESERVE + TEAM), of(TREASURY_ACCOUNT, OTHER_DENOM, WEALTH)];
}

/** Auctions of minutes for another coin, a base fee that stays below what transactions pay, coins that are released over days. */
function economy(defaults: AppState, beneficiary: Actor, random: SeededRandom): JsonObject {
  const { base_fee: baseFee, buyback, ...params } = part(defaults, "tokenomics")["params"] as JsonObject;
  const seconds = random.pick([60, 3_000, 200_000, 200_000]);
  const schedule = { at_start: "0", cliff_seconds: "60", period_seconds: "0", duration_seconds: "200000" };
  return {
    ...part(defaults, "tokenomics"),
    allocations: [
      { name: "reserve", total: RESERVE.toString(), paid: "0", schedule },
      { name: "team", total: TEAM.toString(), paid: "0", schedule, beneficiary: beneficiary.address },
    ],
    params: {
      ...params,
      base_fee: {
        ...(baseFee as JsonObject),
        enabled: random.below(2) === 0,
        floor: "0.000100000000000000",
        cap: "0.005000000000000000",
        target_gas: "1000000",
      },
      emission: { ...(params["emission"] as JsonObject), epoch_seconds: String(random.pick([60, 5_000])) },
      buyback: {
        ...(buyback as JsonObject),
        enabled: true,
        lots: [{ denom: OTHER_DENOM, min_amount: "1000", max_amount: "1000000", first_price: "2.000000000000000000" }],
        interval_seconds: String(3 * seconds),
        commit_seconds: String(seconds),
        reveal_seconds: String(seconds),
        min_deposit: "100",
        max_bids: random.pick([2, 128]),
      },
    },
  };
}

/** Votes of minutes, and deposits that anybody can pay. */
function govState(defaults: AppState, random: SeededRandom): JsonObject {
  const deposit = (amount: bigint) => [{ denom: DENOM, amount: amount.toString() }];
  const seconds = random.pick([300, 5_000, 50_000]);
  return withParams(defaults, "gov", {
    min_deposit: deposit(1_000_000n),
    expedited_min_deposit: deposit(5_000_000n),
    max_deposit_period: `${2 * seconds}s`,
    voting_period: `${2 * seconds}s`,
    expedited_voting_period: `${seconds}s`,
    quorum: random.pick(["0.010000000000000000", "0.010000000000000000", "0.334000000000000000"]),
    burn_proposal_deposit_prevote: random.below(2) === 0,
    burn_vote_quorum: random.below(2) === 0,
  });
}

function part(state: AppState, name: string): JsonObject {
  return (state[name] ?? {}) as JsonObject;
}

function withParams(state: AppState, name: string, params: JsonObject): JsonObject {
  const old = part(state, name);
  return { ...old, params: { ...(old["params"] as JsonObject), ...params } };
}
