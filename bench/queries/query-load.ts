import { QueryAccountRequestSchema } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import {
  QueryAllBalancesRequestSchema,
  QueryBalanceRequestSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";

import { create, toBinary } from "../../core/codec/protobuf.js";
import { GrpcRpc } from "../../test/api/grpc-rpc.js";
import { Pace } from "./pace.js";

const TICK_MS = 10;
const CONNECTIONS = 4;
const MAX_UNANSWERED = 2000;

/** What wallets and agents ask most: of ten queries 6 are a balance, 2 an account, 2 all balances. */
const MIX = [
  "balance",
  "balance",
  "account",
  "balance",
  "all",
  "balance",
  "balance",
  "account",
  "balance",
  "all",
] as const;

/** Asks over gRPC at a steady rate, and keeps how long the answers took. */
export class QueryLoad {
  /** Milliseconds of every answer. */
  readonly latencies: number[] = [];
  failed = 0;
  /** Queries that were due while too many were unanswered. */
  skipped = 0;
  readonly #clients: readonly GrpcRpc[];
  readonly #addresses: readonly string[];
  readonly #denom: string;
  readonly #pace: Pace;
  #asked = 0;
  #unanswered = 0;

  constructor(
    grpcAddress: string,
    options: { readonly addresses: readonly string[]; readonly denom: string; readonly perSecond: number },
  ) {
    this.#clients = Array.from({ length: CONNECTIONS }, () => new GrpcRpc(grpcAddress));
    this.#addresses = options.addresses;
    this.#denom = options.denom;
    this.#pace = new Pace(options.perSecond, TICK_MS);
  }

  start(): void {
    this.#pace.start((due) => {
      for (let i = 0; i < due; i++) {
        if (this.#unanswered >= MAX_UNANSWERED) this.skipped++;
        else void this.#ask();
      }
    });
  }

  /** Asks no more. What was asked is still answered. */
  pause(): void {
    this.#pace.stop();
  }

  close(): void {
    this.pause();
    for (const client of this.#clients) client.close();
  }

  async #ask(): Promise<void> {
    const index = this.#asked++;
    const { path, data } = this.#request(index);
    const client = this.#clients[index % CONNECTIONS]!;
    const started = performance.now();
    this.#unanswered++;
    try {
      await client.call(path, data);
      this.latencies.push(performance.now() - started);
    } catch {
      this.failed++;
    } finally {
      this.#unanswered--;
    }
  }

  #request(index: number): { readonly path: string; readonly data: Uint8Array } {
    // A stride without a common divisor with the number of accounts, so that hardly any account is asked for twice.
    const address = this.#addresses[(index * 7919) % this.#addresses.length] ?? "";
    switch (MIX[index % MIX.length]) {
      case "account":
        return {
          path: "/cosmos.auth.v1beta1.Query/Account",
          data: toBinary(QueryAccountRequestSchema, create(QueryAccountRequestSchema, { address })),
        };
      case "all":
        return {
          path: "/cosmos.bank.v1beta1.Query/AllBalances",
          data: toBinary(QueryAllBalancesRequestSchema, create(QueryAllBalancesRequestSchema, { address })),
        };
      default:
        return {
          path: "/cosmos.bank.v1beta1.Query/Balance",
          data: toBinary(QueryBalanceRequestSchema, create(QueryBalanceRequestSchema, { address, denom: this.#denom })),
        };
    }
  }
}
