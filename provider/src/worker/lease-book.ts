import type { Logger } from "pino";

import type { ContentHash } from "../content-hash.js";
import type { ContentStore } from "../transfer/content-store.js";
import { fetchContent, type FetchOptions } from "../transfer/fetch-content.js";
import type { LeaseDirectory, LeaseView } from "../transfer/server.js";
import type { ComputeMarket, LeaseInfo } from "./market.js";

export interface LeaseBookOptions {
  readonly market: Pick<ComputeMarket, "address" | "lease">;
  readonly store: ContentStore;
  readonly fetch: FetchOptions;
  readonly logger: Logger;
}

interface Record {
  resultHash?: ContentHash;
  failure?: string;
  fetching: boolean;
}

/** Leases remembered at most; of older ones only what the chain says is known. */
const MAX_RECORDS = 10_000;

/**
 * What the transfer server and the worker know together about leases: who may upload, where jobs come from, what became
 * of them. Who the tenant is always comes from the chain.
 */
export class LeaseBook implements LeaseDirectory {
  private readonly records = new Map<bigint, Record>();
  /** Called whenever a job came into the store; two leases may wait for the same one. */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly options: LeaseBookOptions) {}

  async find(leaseId: bigint): Promise<LeaseView | undefined> {
    const lease = await this.options.market.lease(leaseId);
    if (!lease || lease.provider !== this.options.market.address) return undefined;
    const record = this.records.get(leaseId);
    return {
      tenant: lease.tenant,
      jobHash: lease.jobHash,
      acceptsJob: ["pending", "active", "paused"].includes(lease.phase) && !lease.resultHash && !record?.failure,
      resultHash: lease.resultHash ?? record?.resultHash,
      failure: record?.failure,
    };
  }

  uploaded(leaseId: bigint, hash: ContentHash): void {
    this.options.logger.info({ leaseId: leaseId.toString(), hash }, "job uploaded");
    this.wake();
  }

  announced(leaseId: bigint, url: string): void {
    const record = this.record(leaseId);
    if (record.fetching) return; // one at a time for a lease
    record.fetching = true;
    void this.fetchJob(leaseId, url).finally(() => (record.fetching = false));
  }

  /** Resolves to true once the job is in the store, to false when the signal aborts before. */
  async waitForJob(lease: LeaseInfo, signal: AbortSignal): Promise<boolean> {
    const { store } = this.options;
    while (!store.has(lease.jobHash)) {
      if (signal.aborted) return false;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.waiting.add(wake);
        signal.addEventListener("abort", wake);
      });
    }
    return true;
  }

  setResult(leaseId: bigint, hash: ContentHash): void {
    this.record(leaseId).resultHash = hash;
  }

  /** The result of a lease that was computed since the program started. */
  resultOf(leaseId: bigint): ContentHash | undefined {
    return this.records.get(leaseId)?.resultHash;
  }

  setFailure(leaseId: bigint, failure: string): void {
    this.record(leaseId).failure = failure;
  }

  private async fetchJob(leaseId: bigint, url: string): Promise<void> {
    const { market, store, fetch, logger } = this.options;
    const fields = { leaseId: leaseId.toString(), url };
    try {
      const lease = await market.lease(leaseId);
      if (!lease) return;
      const bytes = await fetchContent(url, lease.jobHash, fetch);
      await store.putStream(lease.jobHash, bytes.length, [bytes]);
      logger.info({ ...fields, bytes: bytes.length }, "job fetched");
      this.wake();
    } catch (error) {
      // The tenant may announce another URL, or upload.
      logger.warn({ ...fields, err: error }, "job could not be fetched");
    }
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }

  private record(leaseId: bigint): Record {
    let record = this.records.get(leaseId);
    if (!record) {
      record = { fetching: false };
      this.records.set(leaseId, record);
      const oldest = this.records.keys().next();
      if (this.records.size > MAX_RECORDS && !oldest.done) this.records.delete(oldest.value);
    }
    return record;
  }
}
