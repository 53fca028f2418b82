import type { Logger } from "pino";

import { SandboxFault, WasmRefusedError } from "../sandbox/errors.js";
import { exceededLimit, type JobLimits } from "../sandbox/limits.js";
import type { JobExit, JobOutcome, Sandbox } from "../sandbox/sandbox.js";
import type { ContentStore } from "../transfer/content-store.js";
import { BundleError, decodeBundle, type JobBundle } from "../transfer/job-bundle.js";
import type { LeaseBook } from "./lease-book.js";
import type { ComputeMarket, LeaseInfo, UsageClaim } from "./market.js";
import type { Slots } from "./slots.js";

export interface LeaseTaskOptions {
  readonly market: ComputeMarket;
  readonly store: ContentStore;
  readonly book: LeaseBook;
  readonly sandbox: Pick<Sandbox, "runJob">;
  /** How many jobs run at once. */
  readonly slots: Slots;
  /** The widest limits that this provider offers. */
  readonly limits: JobLimits;
  /** Before the start deadline, so that the start is in a block in time. */
  readonly startMarginSeconds: number;
  /** How long to wait for the job of a lease that is running already (after a restart). */
  readonly jobWaitSeconds: number;
  readonly usageIntervalSeconds: number;
  readonly logger: Logger;
}

const LEASE_ENDED = "the lease ended before the job";

/** Why a lease ends without a result; the text is for the tenant. `free` when nothing ran: nothing is claimed. */
class JobFailure extends Error {
  constructor(
    message: string,
    readonly free: boolean,
  ) {
    super(message);
  }
}

/**
 * One lease from the match to the result:
 *
 *   pending ─ job there ─▶ start ─▶ run ─▶ claim and deliver
 *      │                             └─ trap, limit ─▶ claim and give up
 *      └─ no job in time ─▶ start ─▶ give up, claiming nothing (the bond is not to pay for the tenant's silence)
 *
 * It can be run again from the beginning after a crash at any point: where it stands comes from the chain and the store,
 * and a job gives the same result each time. Rejects when the signal aborts or the chain can't be reached.
 */
export async function carryOutLease(leaseId: bigint, options: LeaseTaskOptions, signal: AbortSignal): Promise<void> {
  const { market, book, logger } = options;
  const log = logger.child({ leaseId: leaseId.toString() });
  const found = await market.lease(leaseId);
  if (!found || found.phase === "over" || found.providerDone) return;
  if (found.phase === "closing") return finish(found, market, nextClaim(found, false));
  let lease = found;
  try {
    const known = book.resultOf(leaseId); // computed before, but not delivered
    if (known) return await market.deliver(leaseId, nextClaim(lease, false), known);
    const bundle = await obtainJob(lease, options, signal);
    if (lease.phase === "pending") {
      await market.start(lease);
      lease = (await market.lease(leaseId)) ?? lease;
      log.info("lease started");
    }
    if (!bundle) throw new JobFailure("no job arrived before the start deadline", true);
    const outcome = await runWithClaims(lease, parseJob(bundle, options), options, signal);
    log.info({ exit: outcome.exit, usage: outcome.usage }, "job ended");
    lease = (await market.lease(leaseId)) ?? lease;
    if (outcome.exit.kind !== "completed") throw new JobFailure(describeExit(outcome.exit), false);
    if (lease.phase === "closing" || lease.phase === "over") throw new JobFailure(LEASE_ENDED, false);
    const resultHash = await options.store.put(outcome.output);
    book.setResult(leaseId, resultHash);
    await market.deliver(leaseId, nextClaim(lease, false), resultHash);
    log.info({ resultHash }, "result delivered");
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof JobFailure)) throw error;
    book.setFailure(leaseId, error.message);
    log.warn({ reason: error.message }, "lease ends without a result");
    await finish((await market.lease(leaseId)) ?? lease, market, nextClaim(lease, error.free));
  }
}

/** Ends the provider's side without a result, wherever the lease stands. */
async function finish(lease: LeaseInfo, market: ComputeMarket, claim: UsageClaim): Promise<void> {
  if (lease.phase === "over" || lease.providerDone) return;
  if (lease.phase === "closing") await market.claim(lease.id, claim);
  else await market.giveUp(lease.id, claim);
}

/** The job's bytes; undefined when it did not come in time. */
async function obtainJob(
  lease: LeaseInfo,
  { book, store, startMarginSeconds, jobWaitSeconds }: LeaseTaskOptions,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const seconds =
    lease.phase === "pending" ? lease.startDeadlineSeconds - startMarginSeconds - nowSeconds() : jobWaitSeconds;
  const timeout = AbortSignal.timeout(Math.max(0, Math.floor(seconds * 1000)));
  const arrived = await book.waitForJob(lease, AbortSignal.any([signal, timeout]));
  signal.throwIfAborted();
  return arrived ? store.get(lease.jobHash) : undefined;
}

function parseJob(bytes: Uint8Array, { limits }: LeaseTaskOptions): JobBundle {
  try {
    const bundle = decodeBundle(bytes);
    const exceeded = exceededLimit(bundle.limits, limits);
    if (exceeded)
      throw new BundleError(`the job asks for ${exceeded} ${bundle.limits[exceeded]}, offered is ${limits[exceeded]}`);
    return bundle;
  } catch (error) {
    if (error instanceof BundleError) throw new JobFailure(`the job is refused: ${error.message}`, true);
    throw error;
  }
}

/** Runs the job in a free slot; claims usage from time to time; stops when the lease is over before the job. */
async function runWithClaims(
  lease: LeaseInfo,
  bundle: JobBundle,
  options: LeaseTaskOptions,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { market, sandbox, slots, usageIntervalSeconds, logger } = options;
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  let claiming: Promise<void> = Promise.resolve();
  const claim = async (): Promise<void> => {
    const current = await market.lease(lease.id);
    if (!current || !["active", "paused"].includes(current.phase)) return ended.abort();
    if (current.phase === "active") await market.claim(lease.id, nextClaim(current, false));
  };
  const timer = setInterval(() => {
    claiming = claiming
      .then(claim)
      .catch((error: unknown) => logger.warn({ leaseId: lease.id.toString(), err: error }, "usage not claimed"));
  }, usageIntervalSeconds * 1000);
  try {
    const release = await slots.take(either);
    try {
      return await sandbox.runJob({ ...bundle, signal: either });
    } finally {
      release();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (ended.signal.aborted) throw new JobFailure(LEASE_ENDED, false);
    if (error instanceof WasmRefusedError) throw new JobFailure(`the job is refused: ${error.message}`, true);
    if (error instanceof SandboxFault) {
      // Not to be tried again and again while the tenant's time runs.
      logger.error({ leaseId: lease.id.toString(), err: error }, "the sandbox failed");
      throw new JobFailure("the provider's machine failed", true);
    }
    throw error;
  } finally {
    clearInterval(timer);
    await claiming; // its number must not cross that of the last claim
    signal.throwIfAborted();
  }
}

function describeExit(exit: Exclude<JobExit, { kind: "completed" }>): string {
  if (exit.kind === "trap") return `the job trapped: ${exit.message}`;
  return exit.kind === "limit" ? `the job reached its ${exit.limit} limit` : LEASE_ENDED;
}

/** All seconds since the start, begun ones whole: the machine is the tenant's from then on. The chain cuts off what is too much. */
function nextClaim(lease: LeaseInfo, free: boolean): UsageClaim {
  const seconds =
    free || lease.startedAtSeconds === 0 ? 0 : Math.max(0, Math.ceil(nowSeconds() - lease.startedAtSeconds));
  return { seconds: BigInt(seconds), seq: lease.lastClaim + 1n };
}

function nowSeconds(): number {
  return Date.now() / 1000;
}
