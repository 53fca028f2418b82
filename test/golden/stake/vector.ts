import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { JsonValue } from "@bufbuild/protobuf";

import type { AppState } from "../../../core/runtime/genesis.js";

/** One scripted chain and what the Cosmos SDK's application made of it; written by vector.go. */
export interface Vector {
  readonly name: string;
  readonly chain_id: string;
  readonly initial_height: string;
  readonly genesis_time: string;
  readonly evidence_params: { readonly max_age_num_blocks: string; readonly max_age_duration_nanos: string };
  readonly app_state: AppState;
  readonly validator_updates: readonly VectorUpdate[];
  readonly blocks: readonly VectorBlock[];
}

/** Heights, powers and gas are in text; consensus addresses in hex; bytes in base64. */
export interface VectorBlock {
  readonly height: string;
  readonly time: string;
  readonly proposer: string;
  readonly votes?: readonly { readonly validator: string; readonly power: string; readonly absent?: boolean }[];
  readonly misbehavior?: readonly {
    readonly validator: string;
    readonly power: string;
    readonly height: string;
    readonly time: string;
    readonly total_power: string;
  }[];
  readonly txs?: readonly VectorTx[];
  readonly validator_updates?: readonly VectorUpdate[];
  readonly events?: readonly FlatEvent[];
  readonly queries?: readonly VectorQuery[];
}

/** Type, key, value, key, value, … */
export type FlatEvent = readonly string[];

export interface VectorUpdate {
  readonly ed25519: string;
  readonly power: string;
}

export interface VectorTx {
  readonly note: string;
  readonly tx: string;
  /** Wrong in itself, whatever the state of the chain is. */
  readonly wrong?: boolean;
  readonly code?: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly data?: string;
  readonly gas_used: string;
  readonly events?: readonly FlatEvent[];
}

export interface VectorQuery {
  /** `/<service>/<Method>`. */
  readonly path: string;
  readonly request?: string;
  readonly answer?: JsonValue;
  readonly code?: number;
  readonly log?: string;
}

export function readVector(file: string | URL): Vector {
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Vector;
}
