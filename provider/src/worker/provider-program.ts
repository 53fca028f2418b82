import { readFile, stat } from "node:fs/promises";

import { ComputroniumClient } from "@computronium/client";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import type { Logger } from "pino";

import type { JobLimits } from "../sandbox/limits.js";
import { Sandbox } from "../sandbox/sandbox.js";
import { ContentStore } from "../transfer/content-store.js";
import { TransferServer } from "../transfer/server.js";
import { MAX_BUNDLE_BYTES } from "../transfer/job-bundle.js";
import { ChainMarket } from "./chain-market.js";
import { ConfigError, type ProviderConfig } from "./config.js";
import { LeaseBook } from "./lease-book.js";
import { Slots } from "./slots.js";
import { ComputeWorker } from "./worker.js";

const CLEANING_INTERVAL_MILLISECONDS = 3_600_000;

/** A running provider. */
export interface RunningProvider {
  readonly address: string;
  /** Port of the transfer server. */
  readonly port: number;
  /** Settles when the provider has stopped; rejects when it could not go on. */
  readonly ended: Promise<void>;
  /** Stops taking work, ends running jobs (their leases go on after the next start), and closes everything. */
  stop(): Promise<void>;
}

/** Starts everything that a provider is: sandbox, store, transfer server, worker. Rejects with the reason if it can't. */
export async function startProvider(config: ProviderConfig, logger: Logger): Promise<RunningProvider> {
  // First what needs no chain: a machine without the required protections must not offer anything.
  const sandbox = await Sandbox.open({
    require: config.sandbox.require,
    jobUserId: config.sandbox.job_user_id,
  });
  const { active, missing, mechanism, refused } = sandbox.protections;
  logger[missing.length === 0 ? "info" : "warn"]({ active, missing, mechanism: mechanism.name, refused }, "sandbox");

  const store = await ContentStore.open(config.transfer.folder, config.transfer.capacity_mib * 2 ** 20);
  const wallet = await openWallet(config);
  const client = await ComputroniumClient.connect(config.chain.rpc, {
    signer: wallet,
    gasPrice: config.chain.gas_price,
  });
  const market = new ChainMarket(client, config.offer);
  const limits: JobLimits = {
    cpuMilliseconds: config.limits.cpu_milliseconds,
    wallMilliseconds: config.limits.wall_milliseconds,
    memoryBytes: config.limits.memory_bytes,
    outputBytes: config.limits.output_bytes,
  };
  const book = new LeaseBook({
    market,
    store,
    logger,
    fetch: {
      maxBytes: MAX_BUNDLE_BYTES,
      timeoutMilliseconds: config.transfer.fetch_timeout_seconds * 1000,
      allowPrivateAddresses: config.transfer.allow_private_addresses,
    },
  });
  const server = new TransferServer({
    chainId: market.chainId,
    provider: market.address,
    store,
    leases: book,
    logger,
    description: { chainId: market.chainId, provider: market.address, limits, protections: { active, missing } },
  });
  const worker = new ComputeWorker({
    market,
    store,
    book,
    sandbox,
    limits,
    logger,
    slots: new Slots(config.sandbox.parallel_jobs),
    startMarginSeconds: config.lease.start_margin_seconds,
    jobWaitSeconds: config.lease.job_wait_seconds,
    usageIntervalSeconds: config.lease.usage_interval_seconds,
    heartbeatIntervalSeconds: config.offer.ttl_seconds / 3,
  });

  let port: number;
  try {
    port = await server.listen(config.transfer.port, config.transfer.host);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  logger.info({ host: config.transfer.host, port, provider: market.address, chainId: market.chainId }, "listening");
  const clean = (): void => {
    store.deleteOlderThan(config.transfer.retention_hours * 3600).then(
      (deleted) => logger.debug({ deleted }, "old content deleted"),
      (error: unknown) => logger.warn({ err: error }, "old content could not be deleted"),
    );
  };
  clean();
  const cleaning = setInterval(clean, CLEANING_INTERVAL_MILLISECONDS);
  const ended = worker.run().finally(async () => {
    clearInterval(cleaning);
    await server.close();
    client.disconnect();
  });
  return {
    address: market.address,
    port,
    ended,
    async stop() {
      worker.stop();
      await ended.catch(() => undefined);
    },
  };
}

async function openWallet(config: ProviderConfig): Promise<DirectSecp256k1HdWallet> {
  const file = config.key.mnemonic_file;
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) throw new Error("others than its owner may read it; chmod 600");
    const mnemonic = (await readFile(file, "utf8")).trim();
    return await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: config.chain.bech32_prefix });
  } catch (error) {
    // Not the cause itself: a library's message might quote the words.
    const reason =
      error instanceof Error && !/mnemonic|word|checksum/i.test(error.message) ? error.message : "no mnemonic";
    throw new ConfigError(`the key in ${file} can't be used: ${reason}`);
  }
}
