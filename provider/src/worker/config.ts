import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { parse, TomlError } from "smol-toml";
import { z } from "zod";

import { DEFAULT_LIMITS, LIMIT_CEILINGS } from "../sandbox/limits.js";
import { PROTECTIONS } from "../sandbox/protections.js";
import { DEFAULT_REQUIRE } from "../sandbox/sandbox.js";

const coin = z
  .string()
  .regex(/^(0|[1-9]\d{0,38})[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/, 'a whole number and a denom, such as "2500ucptm"')
  .transform((text) => text as `${bigint}${string}`);
const name = z.string().regex(/^[a-z0-9-]*$/, "lower-case letters, digits and dashes");
const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const limit = (most: number, byDefault: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().positive().max(most).default(byDefault);
/** A table that may be left out, with every key at its default then. */
const optional = <T extends z.ZodRawShape>(shape: T): z.ZodPrefault<z.ZodObject<T, z.core.$strict>> =>
  z.strictObject(shape).prefault({} as never);

export const KINDS = ["data-centre", "spare-machine", "edge-device"] as const;

/** Everything that a provider's operator says; unknown keys are refused, so that a typing error is found. */
export const ConfigSchema = z.strictObject({
  chain: z.strictObject({
    /** CometBFT's RPC. */
    rpc: z.url(),
    gas_price: z.string().regex(/^\d+(\.\d+)?[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/, 'such as "0.0025ucptm"'),
    bech32_prefix: z
      .string()
      .regex(/^[a-z]{1,83}$/)
      .default("cptm"),
  }),
  key: z.strictObject({
    /** A file with the mnemonic, readable by its owner only; relative to the configuration file. */
    mnemonic_file: z.string().min(1),
  }),
  offer: z.strictObject({
    kind: z.enum(KINDS),
    cpu_cores: count.max(65_536),
    ram_mib: count,
    disk_mib: count.default(0),
    gpu_model: name.default(""),
    gpu_count: count.max(65_536).default(0),
    vram_mib: count.default(0),
    region: name.default(""),
    price: coin,
    price_per: z.enum(["second", "hour"]).default("second"),
    bond: coin,
    /** URLs under which buyers reach this program. */
    endpoints: z.array(z.url().max(256)).min(1).max(8),
    ttl_seconds: z.number().int().positive().default(120),
  }),
  limits: optional({
    cpu_milliseconds: limit(LIMIT_CEILINGS.cpuMilliseconds, DEFAULT_LIMITS.cpuMilliseconds),
    wall_milliseconds: limit(LIMIT_CEILINGS.wallMilliseconds, DEFAULT_LIMITS.wallMilliseconds),
    memory_bytes: limit(LIMIT_CEILINGS.memoryBytes, DEFAULT_LIMITS.memoryBytes),
    output_bytes: limit(LIMIT_CEILINGS.outputBytes, DEFAULT_LIMITS.outputBytes),
  }),
  sandbox: optional({
    require: z.array(z.enum(PROTECTIONS)).default([...DEFAULT_REQUIRE]),
    job_user_id: z
      .number()
      .int()
      .positive()
      .max(2 ** 31)
      .default(65534),
    parallel_jobs: z.number().int().positive().max(256).default(1),
  }),
  transfer: optional({
    host: z.string().default("127.0.0.1"),
    port: z.number().int().nonnegative().max(65_535).default(8350),
    /** Jobs and results; relative to the configuration file. */
    folder: z.string().min(1).default("content"),
    capacity_mib: z.number().int().positive().default(1024),
    retention_hours: z.number().positive().default(48),
    fetch_timeout_seconds: z.number().positive().max(600).default(60),
    /** Follow buyers' URLs into private address ranges; for networks on one machine. */
    allow_private_addresses: z.boolean().default(false),
  }),
  lease: optional({
    start_margin_seconds: z.number().nonnegative().default(15),
    job_wait_seconds: z.number().positive().default(120),
    usage_interval_seconds: z.number().positive().default(60),
  }),
});

export type ProviderConfig = z.infer<typeof ConfigSchema>;

/** A configuration that does not fit; the message says where and what. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Parses TOML text. Throws {@link ConfigError} with every place that does not fit. */
export function parseConfig(text: string, file = "configuration"): ProviderConfig {
  let toml: unknown;
  try {
    toml = parse(text);
  } catch (error) {
    if (error instanceof TomlError) throw new ConfigError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
  const parsed = ConfigSchema.safeParse(toml);
  if (!parsed.success) throw new ConfigError(`${file} does not fit:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Reads a configuration file; its paths become absolute. Throws {@link ConfigError}. */
export function loadConfig(file: string): ProviderConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  const config = parseConfig(text, file);
  const here = dirname(resolve(file));
  return {
    ...config,
    key: { mnemonic_file: resolve(here, config.key.mnemonic_file) },
    transfer: { ...config.transfer, folder: resolve(here, config.transfer.folder) },
  };
}
