#!/usr/bin/env node
import { Command } from "commander";
import { pino } from "pino";

import { SandboxUnavailableError } from "./sandbox/errors.js";
import { PROTECTIONS } from "./sandbox/protections.js";
import { Sandbox } from "./sandbox/sandbox.js";
import { ConfigError, loadConfig } from "./worker/config.js";
import { startProvider } from "./worker/provider-program.js";

/** Exit statuses, as in sysexits.h. */
const EXIT_CONFIG = 78;
const EXIT_UNAVAILABLE = 69;
const EXIT_FAILURE = 1;

const program = new Command("computronium-provider").description(
  "Sells this machine's compute on a Computronium chain",
);

program
  .command("run")
  .description("registers the offer, bids for orders and carries out leases, until it is stopped")
  .requiredOption("--config <file>", "configuration (TOML); see provider/README.md")
  .option("--log-level <level>", "trace, debug, info, warn, error or silent", "info")
  .action(async ({ config, logLevel }: { config: string; logLevel: string }) => {
    const logger = pino({ level: logLevel, base: null });
    const provider = await startProvider(loadConfig(config), logger);
    const stop = (signal: NodeJS.Signals): void => {
      logger.info({ signal }, "stopping");
      void provider.stop();
    };
    process.once("SIGINT", stop).once("SIGTERM", stop);
    await provider.ended;
    logger.info("stopped");
  });

program
  .command("check")
  .description("tries out what this machine's sandbox protects against, and prints it")
  .action(async () => {
    const { mechanism, active, refused } = (await Sandbox.open({ require: [] })).protections;
    console.log(`way: ${mechanism.name}`);
    for (const protection of PROTECTIONS)
      console.log(`${protection.padEnd(10)} ${active.includes(protection) ? "active" : "MISSING"}`);
    for (const line of refused) console.log(`not possible: ${line}`);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode =
    error instanceof ConfigError
      ? EXIT_CONFIG
      : error instanceof SandboxUnavailableError
        ? EXIT_UNAVAILABLE
        : EXIT_FAILURE;
}
