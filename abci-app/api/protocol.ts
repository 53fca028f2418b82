import type { TxResult } from "../driver/tx-result.js";
import type { QueryAnswer, QueryRequest } from "../query/answer.js";
import type { NodeFacts } from "./services/environment.js";
import type { ApiAddresses, ApiSettings } from "./settings.js";

/** What the thread is started with. */
export interface ApiThreadData {
  readonly path: string;
  readonly gasLimit: bigint | undefined;
  readonly workers: number;
  readonly facts: NodeFacts;
  /** Labels of what is measured; undefined when nothing is. */
  readonly metricLabels?: Readonly<Record<string, string>> | undefined;
}

/** From the node's thread to this folder's. */
export type ToApi =
  | { readonly kind: "query"; readonly id: number; readonly request: QueryRequest }
  | { readonly kind: "rpc"; readonly url: string }
  | { readonly kind: "listen"; readonly id: number; readonly settings: ApiSettings }
  | { readonly kind: "measure"; readonly id: number }
  | { readonly kind: "stop"; readonly id: number }
  | { readonly kind: "simulated"; readonly id: number; readonly result: TxResult }
  | { readonly kind: "notSimulated"; readonly id: number; readonly reason: string; readonly isOverload: boolean };

/** Back from it. */
export type FromApi =
  | { readonly kind: "answer"; readonly id: number; readonly answer: QueryAnswer }
  | { readonly kind: "listening"; readonly id: number; readonly addresses: ApiAddresses }
  | { readonly kind: "measured"; readonly id: number; readonly text: string }
  | { readonly kind: "stopped"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly reason: string }
  | { readonly kind: "simulate"; readonly id: number; readonly txBytes: Uint8Array }
  | {
      readonly kind: "log";
      readonly level: "info" | "warn" | "error";
      readonly fields: object;
      readonly message: string;
    };
