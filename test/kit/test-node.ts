import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import type { CometSettings } from "../../abci-app/node/comet-config.js";
import { patchCometConfig } from "../../abci-app/node/comet-config.js";
import type { Home } from "../../abci-app/node/home.js";
import { homeOf } from "../../abci-app/node/home.js";
import { freePorts } from "./ports.js";
import { RpcClient, until } from "./rpc.js";

/** The daemon as `make build` compiles it; the kit runs from dist/test/kit. */
export const DAEMON = resolve(import.meta.dirname, "../../abci-app/main.js");
/** The same command line over {@link KvApplication}. */
export const KV_DAEMON = resolve(import.meta.dirname, "kv-daemon.js");

const START_MILLISECONDS = 60_000;
/** On a machine that is busy with other things, threads take their time to load. */
const QUERIES_MILLISECONDS = 180_000;
const STOP_MILLISECONDS = 20_000;
/** RPC, p2p, REST, gRPC. */
const PORTS = 4;
const MAX_OUTPUT_CHARS = 1 << 20;

export interface TestNodeOptions {
  /** JavaScript file of the daemon; {@link DAEMON} by default. */
  readonly daemon?: string;
  readonly chainId?: string;
  /** Home folder; a new temporary one by default, which is deleted afterwards. */
  readonly home?: string;
  /** Added to this process's environment, such as COMETBFT_VERSION or FAIL_TEST_INDEX. */
  readonly env?: Readonly<Record<string, string>>;
  /** Over the kit's own settings, which have free ports and short timeouts. */
  readonly comet?: CometSettings;
  /** Changes the genesis file before the first start. */
  readonly genesis?: (genesis: { app_state: Record<string, unknown>; [key: string]: unknown }) => void;
  /** Whether gRPC and REST listen, on free ports. Default: no. */
  readonly api?: boolean;
  /** Further arguments of `start`. */
  readonly args?: readonly string[];
}

const nodes = new Set<TestNode>();

// What a crashing test leaves behind.
process.on("exit", () => {
  for (const node of nodes) node.killNow();
});

/** Stops every node and deletes its folder. For afterEach or afterAll, so that nothing outlives a failed test. */
export async function removeAllNodes(): Promise<void> {
  await Promise.all([...nodes].map((node) => node.remove()));
}

/** A one-node chain: the daemon with CometBFT as its child, in a folder and on ports of its own. */
export class TestNode {
  readonly home: Home;
  readonly rpc: RpcClient;
  readonly p2pPort: number;
  /** `http://…` of REST, and `host:port` of gRPC; nobody listens there without {@link TestNodeOptions.api}. */
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly #options: TestNodeOptions;
  readonly #temporary: boolean;
  #child: ChildProcess | undefined;
  #exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }> | undefined;
  #output = "";

  private constructor(options: TestNodeOptions, ports: readonly number[]) {
    this.#options = options;
    this.#temporary = options.home === undefined;
    this.home = homeOf(options.home ?? mkdtempSync(join(tmpdir(), "computronium-")));
    this.rpc = new RpcClient(`http://127.0.0.1:${ports[0]}`);
    this.p2pPort = ports[1]!;
    this.restUrl = `http://127.0.0.1:${ports[2]}`;
    this.grpcAddress = `127.0.0.1:${ports[3]}`;
  }

  /** Makes the home folder of a chain. Nothing runs yet. */
  static async create(options: TestNodeOptions = {}): Promise<TestNode> {
    const ports = await freePorts(PORTS);
    const [rpcPort, p2pPort, restPort, grpcPort] = ports;
    const node = new TestNode(options, ports);
    nodes.add(node);
    await node.run("init", "node", "--chain-id", options.chainId ?? "computronium-test-1", "--overwrite");
    patchCometConfig(node.home.configToml, {
      "rpc.laddr": `tcp://127.0.0.1:${rpcPort}`,
      "rpc.pprof_laddr": "",
      "p2p.laddr": `tcp://127.0.0.1:${p2pPort}`,
      "p2p.addr_book_strict": false,
      "p2p.allow_duplicate_ip": true,
      "instrumentation.prometheus": false,
      "consensus.timeout_commit": "100ms",
      ...options.comet,
    });
    node.#configureApi(restPort!, grpcPort!);
    if (options.genesis !== undefined) {
      const genesis = JSON.parse(readFileSync(node.home.genesis, "utf8")) as { app_state: Record<string, unknown> };
      options.genesis(genesis);
      writeFileSync(node.home.genesis, JSON.stringify(genesis));
    }
    return node;
  }

  /** Creates a chain, and waits for its first block and until it answers queries. */
  static async start(options: TestNodeOptions = {}): Promise<TestNode> {
    const node = await TestNode.create(options);
    node.launch();
    await node.waitForHeight(1);
    // The threads that answer queries load while blocks go on already.
    await until("queries", QUERIES_MILLISECONDS, () => node.rpc.query("/app/version", new Uint8Array(0)));
    if (options.api === true) await until("REST", QUERIES_MILLISECONDS, () => fetch(node.restUrl));
    return node;
  }

  /** What the daemon printed since its last start: its log and CometBFT's as JSON lines. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** The process of CometBFT, once the daemon has started it. */
  get cometPid(): number | undefined {
    // Not just any: a daemon that waits for the CometBFT of a killed predecessor says the number of that one.
    const pid = /"pid":(\d+)[^\n]*"CometBFT started"/.exec(this.#output)?.[1];
    return pid === undefined ? undefined : Number(pid);
  }

  /** Runs a command of the daemon on this home folder; rejects when its status is not 0. */
  async run(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    const daemon = this.#options.daemon ?? DAEMON;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--no-warnings", daemon, "--home", this.home.root, ...args],
      { env: this.#env() },
    );
    return { stdout, stderr };
  }

  /** Starts the daemon without waiting for anything. */
  launch(env: Readonly<Record<string, string>> = {}): void {
    if (this.#child !== undefined) throw new Error("the node runs already");
    const args = ["--no-warnings", this.#options.daemon ?? DAEMON, "--home", this.home.root, "start"];
    const child = spawn(process.execPath, [...args, "--log-format", "json", ...(this.#options.args ?? [])], {
      env: { ...this.#env(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#output = "";
    const keep = (text: Buffer): void => {
      this.#output = (this.#output + text.toString()).slice(-MAX_OUTPUT_CHARS);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    this.#child = child;
    this.#exit = new Promise((done) => {
      child.once("close", (code, signal) => {
        this.#child = undefined;
        done({ code, signal });
      });
    });
  }

  /** Resolves when a block of at least that height is committed; rejects when the node has ended before. */
  async waitForHeight(height: number, timeoutMilliseconds = START_MILLISECONDS): Promise<number> {
    const reached = await until(`height ${height}`, timeoutMilliseconds, async () => {
      if (this.#child === undefined) return undefined;
      const current = await this.rpc.height();
      if (current < height) throw new Error(`height ${current}`);
      return current;
    });
    if (reached === undefined) throw new Error(`the node ended before height ${height}:\n${this.#output.slice(-4000)}`);
    return reached;
  }

  /** How the process that was started last ended. */
  async ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (this.#exit === undefined) throw new Error("the node was never started");
    return this.#exit;
  }

  /** SIGTERM, then waits. Returns the exit status. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MILLISECONDS);
    const { code } = await this.ended();
    clearTimeout(timer);
    return code;
  }

  /** SIGKILL for the daemon. CometBFT notices that the application is gone and ends by itself. */
  async kill(): Promise<void> {
    if (this.#child === undefined) return;
    this.#child.kill("SIGKILL");
    // "close" comes when CometBFT too has let go of the output.
    await this.ended();
  }

  /** Signals the daemon without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.launch();
    await until("RPC", START_MILLISECONDS, () => this.rpc.status());
  }

  /** Stops the node and deletes its folder. */
  async remove(): Promise<void> {
    await this.stop();
    nodes.delete(this);
    if (this.#temporary) rmSync(this.home.root, { recursive: true, force: true });
  }

  /** For the end of this process. */
  killNow(): void {
    this.#child?.kill("SIGKILL");
  }

  /** One query thread, since several nodes share this machine. */
  #configureApi(restPort: number, grpcPort: number): void {
    const isOn = this.#options.api === true;
    patchCometConfig(this.home.appToml, {
      "query.workers": 1,
      "api.enable": isOn,
      "api.address": `tcp://127.0.0.1:${restPort}`,
      "grpc.enable": isOn,
      "grpc.address": `127.0.0.1:${grpcPort}`,
    });
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.#options.env };
  }
}
