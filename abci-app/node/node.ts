import { existsSync } from "node:fs";

import { parseListenAddress } from "../abci/listen-address.js";
import { AbciServer, assertSocketFree } from "../abci/server.js";
import { Telemetry } from "../telemetry/telemetry.js";
import type { AppConfig } from "./app-config.js";
import { indexRule } from "./app-config.js";
import { buildInfo } from "./build-info.js";
import { provideCometBft } from "./cometbft-binary.js";
import { rpcAddress, rpcUrl } from "./comet-config.js";
import { CometProcess } from "./comet-process.js";
import { readValidGenesis } from "./genesis-file.js";
import { haltAfter } from "./halt.js";
import type { Home } from "./home.js";
import { socketPath } from "./home.js";
import type { Logs } from "./logging.js";
import { awaitPredecessor, forgetPid, notePid } from "./predecessor.js";
import type { ChainRuntime, OpenedChain } from "./runtime.js";
import { scheduleAsBatch } from "./scheduling.js";

export interface NodeOptions {
  readonly home: Home;
  readonly config: AppConfig;
  readonly runtime: ChainRuntime;
  readonly logs: Logs;
  readonly env: NodeJS.ProcessEnv;
  /** Whether CometBFT runs as a child. */
  readonly withComet: boolean;
  /** Where ABCI listens; by default a unix socket in the data folder. */
  readonly address?: string;
  readonly allowRemoteAbci: boolean;
  /** Further arguments of `cometbft start`. */
  readonly cometArgs: readonly string[];
}

/** Why a node stopped. Status 0 when somebody asked for it. */
interface Ending {
  readonly status: number;
  readonly reason: string;
}

/**
 * Runs a node until it is told to stop, or cannot go on. Everything that may not fit is checked before anything is
 * written or started.
 *
 * @param stop settles when the node shall stop, with the reason
 * @returns the exit status of the process
 */
export async function runNode(options: NodeOptions, stop: Promise<string>): Promise<number> {
  const { home, config, runtime, logs, env } = options;
  const log = logs.of("node");
  const address = parseListenAddress(options.address ?? `unix://${socketPath(home)}`, options.allowRemoteAbci);
  for (const file of [home.configToml, home.genesis]) {
    if (!existsSync(file)) throw new Error(`${file} is missing; computroniumd init makes it`);
  }
  if (address.kind === "unix") await assertSocketFree(address.path);
  if (!existsSync(home.applicationDb)) readValidGenesis(home.genesis, runtime);
  await runtime.assertCanListen?.(config);
  const binary = options.withComet ? await provideCometBft({ env, say: (message) => log.info(message) }) : undefined;

  if (binary !== undefined) await awaitPredecessor(home, log);
  await scheduleAsBatch(log);

  let end!: (ending: Ending) => void;
  const ended = new Promise<Ending>((resolve) => (end = resolve));
  const fail = (reason: string): void => end({ status: 1, reason });
  let release!: () => void;
  const stopping = new Promise<void>((resolve) => (release = resolve));
  void stop.then((reason) => end({ status: 0, reason }));

  const telemetry = await startTelemetry(options);
  const chain = await runtime
    .open({
      home,
      config,
      log: logs.of("chain"),
      metrics: telemetry?.registry,
      fail: (error) => fail(`fault of the engine: ${error instanceof Error ? error.message : String(error)}`),
    })
    .catch(async (error: unknown) => {
      await telemetry?.close();
      throw error;
    });
  let server: AbciServer | undefined;
  let comet: CometProcess | undefined;
  try {
    server = new AbciServer({
      app: haltAfter(
        telemetry?.observe(chain.app) ?? chain.app,
        { height: config["halt-height"], time: config["halt-time"] },
        { onHalt: (reason) => end({ status: 0, reason }), stopping },
      ),
      address,
      committedHeight: chain.committedHeight,
      log: logs.of("abci"),
      indexed: indexRule(config),
      onFault: (error) => fail(`fault of the engine: ${error instanceof Error ? error.message : String(error)}`),
    });
    await server.listen();
    if (binary !== undefined) {
      comet = new CometProcess({
        binary,
        home: home.root,
        proxyApp: server.address,
        logLevel: cometLevel(logs.levelOf("cometbft")),
        args: options.cometArgs,
        log: logs.of("cometbft"),
        onDeath: (reason) => fail(`CometBFT ${reason}`),
      });
      if (comet.pid !== undefined) notePid(home, comet.pid);
      log.info({ binary, pid: comet.pid, home: home.root }, "CometBFT started");
    }
    const rpc = rpcUrl(flagOf(options.cometArgs, "rpc.laddr") ?? rpcAddress(home.configToml));
    telemetry?.useRpc(rpc);
    await chain.started?.({ rpc });
    await chain.api?.start();
    const ending = await ended;
    if (ending.status === 0) log.info({ reason: ending.reason }, "stopping");
    else log.fatal({ reason: ending.reason }, "the node cannot go on; stopping");
    return ending.status;
  } catch (error) {
    // Whoever reads the log, and not what the process says at its end, is told as well.
    log.fatal({ reason: error instanceof Error ? error.message : String(error) }, "the node cannot start; stopping");
    throw error;
  } finally {
    await telemetry?.close();
    await shutDown({ comet, server, chain, release });
    if (comet !== undefined) forgetPid(home);
    log.info("stopped");
  }
}

/** What CometBFT is given on its command line goes before its file. */
function flagOf(args: readonly string[], name: string): string | undefined {
  return args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

async function startTelemetry({ config, runtime, env, logs }: NodeOptions): Promise<Telemetry | undefined> {
  if (!config.telemetry.enabled) return undefined;
  const build = { ...buildInfo(runtime.version, env) };
  return Telemetry.start({ config: config.telemetry, build, log: logs.of("telemetry") });
}

/** Whoever queries first; then CometBFT, which may still call; then the listener; then the database. */
async function shutDown({
  comet,
  server,
  chain,
  release,
}: {
  readonly comet: CometProcess | undefined;
  readonly server: AbciServer | undefined;
  readonly chain: OpenedChain;
  /** Lets go of the call that CometBFT may be waiting for, once it is told to stop. */
  readonly release: () => void;
}): Promise<void> {
  await chain.api?.stop();
  const cometStopped = comet?.stop();
  release();
  await cometStopped;
  await server?.close();
  await chain.close();
}

/** CometBFT knows fewer levels; its errors are always read, for one of them says that it has given up. */
function cometLevel(level: string): string {
  if (level === "trace" || level === "debug") return "debug";
  return level === "info" ? "info" : "error";
}
