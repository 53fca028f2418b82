import type { Command } from "commander";
import { Option } from "commander";

import { readAppConfig } from "../node/app-config.js";
import { Logs } from "../node/logging.js";
import { runNode } from "../node/node.js";
import type { CliContext } from "./options.js";
import { homeFor, warner } from "./options.js";

/** Settings of app.toml that have a flag, with what the flag takes. */
const CONFIG_FLAGS: Readonly<Record<string, string>> = {
  "minimum-gas-prices": "least price of gas that this node's mempool takes, such as 0.025ucptm",
  "query-gas-limit": "most gas that a query may use; 0 is no limit",
  pruning: "which past states are kept: default, nothing, everything or custom",
  "pruning-keep-recent": "heights that are kept when pruning is custom",
  "pruning-interval": "blocks between prunings when pruning is custom",
  "halt-height": "stop after this height",
  "halt-time": "stop at the first block at or after this time (unix seconds)",
  "unsafe-skip-upgrades": "heights whose planned upgrades are dropped, when all validators agree to go on without",
  "min-retain-blocks": "blocks that CometBFT keeps at least; 0 keeps all",
  "inv-check-period": "check every invariant each so many blocks; 0 never",
  "state.cache-bytes": "memory for the state's cache",
  "state-sync.snapshot-interval": "make a snapshot for state sync each so many blocks; 0 never",
  "state-sync.snapshot-keep-recent": "snapshots that are kept; 0 keeps all",
  "query.workers": "threads that answer queries",
  "api.enable": "whether REST is served",
  "api.address": "where REST listens, such as tcp://localhost:1317",
  "api.swagger": "whether REST has a page to try it, at /swagger/",
  "api.max-open-connections": "connections to REST at once",
  "api.enabled-unsafe-cors": "whether pages of any origin may query REST",
  "grpc.enable": "whether gRPC is served",
  "grpc.address": "where gRPC listens, such as localhost:9090",
  "telemetry.enabled": "serve health, readiness and metrics",
  "telemetry.address": "where: host:port",
};

/** Flags that are handed on to CometBFT as they are. */
const COMET_FLAGS: Readonly<Record<string, string>> = {
  moniker: "name of this node",
  genesis_hash: "expected SHA-256 of the genesis file",
  priv_validator_laddr: "where a remote signer connects",
  "rpc.laddr": "address of the RPC",
  "rpc.unsafe": "whether unsafe RPC methods are served",
  "rpc.pprof_laddr": "address for profiling",
  "p2p.laddr": "address for peers",
  "p2p.external-address": "address that peers are told",
  "p2p.seeds": "seed nodes, as id@host:port",
  "p2p.persistent_peers": "peers to stay connected with, as id@host:port",
  "p2p.unconditional_peer_ids": "ids of peers that no limit applies to",
  "p2p.private_peer_ids": "ids of peers that are not told to others",
  "p2p.pex": "whether peers are exchanged",
  "p2p.seed_mode": "whether this is a seed node",
  "consensus.create_empty_blocks": "whether blocks without transactions are made",
  "consensus.create_empty_blocks_interval": "time between empty blocks",
  "consensus.double_sign_check_height": "blocks to look back for own votes before joining",
};

export function addStartCommand(program: Command, context: CliContext): void {
  const command = program
    .command("start")
    .description("run the node: the application and, as its child, CometBFT")
    .option("--with-comet [boolean]", "run CometBFT as a child; false leaves that to somebody else", "true")
    .option(
      "--address <address>",
      "where ABCI listens: unix:///path or tcp://127.0.0.1:26658 (default: a socket in the data folder)",
    )
    .option(
      "--abci-allow-remote",
      "allow ABCI on other than loopback addresses: whoever reaches it can send Commit",
      false,
    )
    .addOption(
      new Option("--log-level <level>", "trace, debug, info, warn, error, or per component: *:info,abci:debug")
        .default("info")
        .env("COMPUTRONIUMD_LOG_LEVEL"),
    )
    .addOption(
      new Option("--log-format <format>", "plain or json")
        .choices(["plain", "json"])
        .default("plain")
        .env("COMPUTRONIUMD_LOG_FORMAT"),
    )
    .addOption(new Option("--log_level <level>").hideHelp())
    .addOption(new Option("--log_format <format>").choices(["plain", "json"]).hideHelp());
  for (const [key, help] of Object.entries(CONFIG_FLAGS)) command.option(`--${key} <value>`, help);
  for (const [key, help] of Object.entries(COMET_FLAGS)) command.option(`--${key} <value>`, `${help} (CometBFT)`);

  command.action(async () => {
    const given = command.opts<Record<string, unknown>>();
    const flag = (name: string): unknown => given[camelCase(name)];
    const home = homeFor(command);
    const logs = new Logs({
      level: String(given["log_level"] ?? given["logLevel"]),
      format: (given["log_format"] ?? given["logFormat"]) as "plain" | "json",
    });
    const config = readAppConfig({
      file: home.appToml,
      env: context.env,
      flags: Object.fromEntries(Object.keys(CONFIG_FLAGS).map((key) => [key, flag(key)])),
      warn: warner(context),
    });
    const address = given["address"] as string | undefined;
    const status = await runNode(
      {
        home,
        config,
        runtime: context.runtime,
        logs,
        env: context.env,
        withComet: String(given["withComet"]) !== "false",
        ...(address === undefined ? {} : { address }),
        allowRemoteAbci: given["abciAllowRemote"] === true,
        cometArgs: Object.keys(COMET_FLAGS).flatMap((key) =>
          flag(key) === undefined ? [] : [`--${key}=${String(flag(key))}`],
        ),
      },
      terminationRequest(),
    );
    process.exit(status);
  });
}

/** One request may come twice: to the group of processes, and handed on by who supervises this one. */
const SAME_REQUEST_MILLISECONDS = 1000;

/** Settles at SIGINT or SIGTERM. A second request ends the process at once. */
function terminationRequest(): Promise<string> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        const now = performance.now();
        askedAt ??= now;
        if (now - askedAt > SAME_REQUEST_MILLISECONDS) process.exit(1);
        resolve(signal);
      });
    }
  });
}

/** The name under which commander keeps an option. */
function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
