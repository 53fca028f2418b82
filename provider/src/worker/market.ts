import type { ContentHash } from "../content-hash.js";

/** A price for time, in base units: "10ucptm" per second. */
export interface Price {
  readonly coin: `${bigint}${string}`;
  readonly per: "second" | "hour";
}

export interface OpenOrder {
  readonly id: bigint;
  readonly owner: string;
  /** True for deterministic WebAssembly jobs, which are what this worker runs. */
  readonly isWasm: boolean;
}

export type LeasePhase = "pending" | "active" | "paused" | "closing" | "over";

export interface LeaseInfo {
  readonly id: bigint;
  readonly tenant: string;
  readonly provider: string;
  readonly phase: LeasePhase;
  /** SHA-256 of the job bundle. */
  readonly jobHash: ContentHash;
  readonly resultHash: ContentHash | undefined;
  /** Unix time, seconds, until which the provider must start; 0 once started. */
  readonly startDeadlineSeconds: number;
  /** Unix time, seconds, of the start; 0 before. */
  readonly startedAtSeconds: number;
  readonly lastClaim: bigint;
  /** The provider has finished: it claims and delivers no more. */
  readonly providerDone: boolean;
}

/** Seconds since the start, all in all; claims are numbered upwards. */
export interface UsageClaim {
  readonly seconds: bigint;
  readonly seq: bigint;
}

/** The chain did not accept a message: trying the same again is of no use. */
export class MarketRefusal extends Error {
  override readonly name = "MarketRefusal";
}

/**
 * The few things that the worker asks of the chain's market. Each message resolves once it is in a block; it rejects with
 * {@link MarketRefusal} when the chain refuses it, and with any other error when it may be tried again.
 */
export interface ComputeMarket {
  readonly chainId: string;
  /** The provider's account address. */
  readonly address: string;
  /** Registers the offer, or brings a registration up to date with it. */
  offer(): Promise<void>;
  heartbeat(): Promise<void>;
  /** Orders that take bids: those that are there, then each new one. Ends when the signal aborts. */
  watchOrders(signal: AbortSignal): AsyncIterable<OpenOrder>;
  bid(orderId: bigint): Promise<void>;
  /** Yields the height of each new block. Ends when the signal aborts. */
  blocks(signal: AbortSignal): AsyncIterable<number>;
  /** This provider's leases that are pending, active, paused or closing. */
  openLeases(): Promise<LeaseInfo[]>;
  lease(leaseId: bigint): Promise<LeaseInfo | undefined>;
  start(lease: LeaseInfo): Promise<void>;
  /** By a claim of all the time that ran, a closing lease comes to its end. */
  claim(leaseId: bigint, claim: UsageClaim): Promise<void>;
  /** Claims and delivers in one transaction. */
  deliver(leaseId: bigint, claim: UsageClaim, resultHash: ContentHash): Promise<void>;
  /** Claims and closes in one transaction, without a result. */
  giveUp(leaseId: bigint, claim: UsageClaim): Promise<void>;
}
