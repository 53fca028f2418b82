import type { Logger } from "pino";

import type { StateStore } from "../../core/store/state-store.js";
import type { AbciApplication } from "../abci/application.js";
import type { MetricsRegistry } from "../telemetry/metrics-registry.js";
import type { AppConfig } from "./app-config.js";
import type { Home } from "./home.js";

/** `app_state` of a genesis file: module name → JSON. */
export type AppStateJson = Readonly<Record<string, unknown>>;

/** An application that is open on its database. */
export interface OpenedChain {
  readonly app: AbciApplication;
  /** Height of the last Commit; 0 for none. */
  readonly committedHeight: bigint;
  /**
   * Called when ABCI listens, with CometBFT's RPC address: starts what else serves this node.
   */
  readonly started?: (info: { readonly rpc: string }) => Promise<void>;
  /** gRPC and REST: started after ABCI and CometBFT, stopped before them. `start` rejects when one cannot listen. */
  readonly api?: { readonly start: () => Promise<unknown>; readonly stop: () => Promise<void> };
  /** Stops threads and closes the database. Called once, when no call is in progress any more. */
  close(): Promise<void>;
}

/** A height as a genesis file carries it. */
export interface ExportedState {
  readonly height: number;
  /** RFC 3339, of its block. */
  readonly time: string;
  readonly chainId: string;
  readonly appState: AppStateJson;
  /** Those of the state, as CometBFT's genesis file names them; left out where the state has none. */
  readonly validators?: readonly {
    readonly address: string;
    readonly pub_key: { readonly type: "tendermint/PubKeyEd25519"; readonly value: string };
    readonly power: string;
    readonly name: string;
  }[];
  /** As CometBFT's genesis file has them; left out where the state has none. */
  readonly consensusParams?: Readonly<Record<string, unknown>>;
}

export interface ExportOptions {
  /** A kept height; the last one by default. */
  readonly height?: number | undefined;
  /** Names of modules; all by default. */
  readonly modules?: readonly string[] | undefined;
  /** Whether the new chain counts its blocks from 1 again. */
  readonly forZeroHeight?: boolean | undefined;
}

/** A state that was made the beginning of a private test network. */
export type TestnetState = Omit<ExportedState, "appState">;

/** What commands do with the state of a node. */
export interface StateTools {
  /**
   * Makes a state that of another chain, with one height more, in which `operator` (an address) has coins enough for
   * everything. The node must not run.
   */
  makeTestnet(path: string, options: { readonly chainId: string; readonly operator: string }): Promise<TestnetState>;
  /** Opens a state for writing. The node must not run. */
  open(path: string): StateStore;
  /** Reads a height, whether the node runs or not. Throws what is wrong with the options. */
  export(path: string, options: ExportOptions): Promise<ExportedState>;
}

/** What the node needs to know of the chain that it runs. app.ts provides it; tests have a smaller one. */
export interface ChainRuntime {
  /** Version of the daemon, such as 0.1.0. */
  readonly version: string;
  /** Default prefix of addresses (bech32). */
  readonly bech32Prefix: string;
  /** For the commands that work on the state; left out by chains that keep it in another way. */
  readonly state?: StateTools;
  /** Throws when one of the servers that the settings ask for cannot listen, before anything is opened. */
  assertCanListen?(config: AppConfig): Promise<void>;
  /** Opens the database and checks it; throws with the reason when it does not fit. */
  open(options: {
    readonly home: Home;
    readonly config: AppConfig;
    readonly log: Logger;
    /** Where the chain's metrics go; undefined when nobody wants any. */
    readonly metrics?: MetricsRegistry | undefined;
    readonly fail: (error: unknown) => void;
  }): Promise<OpenedChain>;
  /** `app_state` of a new chain whose fees and bonds are in `denom`. */
  defaultAppState(options: { readonly denom: string }): AppStateJson;
  /** Every problem of an `app_state`, with its place; none when the chain can start from it. */
  validateAppState(appState: AppStateJson): readonly string[];
  /** `app_state` with one more account, which owns `coins` (as `5ucptm,3other`). Throws what is wrong. */
  addGenesisAccount(appState: AppStateJson, account: GenesisAccount): AppStateJson;
  /**
   * `app_state` with a first supply, in base units, laid out as this chain plans it; some of its parts may belong to somebody.
   * Throws what is wrong. Left out by chains without such a plan.
   */
  addAllocations?(
    appState: AppStateJson,
    options: { readonly supply: string; readonly beneficiaries: { readonly team?: string; readonly public?: string } },
  ): AppStateJson;
}

/** An account that a chain starts with. */
export interface GenesisAccount {
  readonly address: string;
  /** As `5ucptm,3other`. */
  readonly coins: string;
  readonly vesting?: VestingOptions;
}

/** How a part of an account's coins is set free. Times are Unix seconds. */
export interface VestingOptions {
  /** As `5ucptm`; left out where periods say it. */
  readonly amount?: string | undefined;
  readonly startTime?: bigint | undefined;
  readonly endTime?: bigint | undefined;
  readonly periods?: readonly { readonly coins: string; readonly length_seconds: number }[] | undefined;
  /** Never: such coins can be staked, but not spent. */
  readonly permanent?: boolean | undefined;
}
