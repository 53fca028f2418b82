import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { CometSettings } from "../abci-app/node/comet-config.js";
import { provideCometBft } from "../abci-app/node/cometbft-binary.js";
import type { LocalAccount } from "./accounts.js";
import { localAccount } from "./accounts.js";
import { Children } from "./children.js";
import type { NodeConfiguration, NodePorts } from "./configuration.js";
import { configureNode, freeNodePorts, peerAddress } from "./configuration.js";
import type { GenesisPlan, JsonObject } from "./genesis.js";
import { composeGenesis, overlay } from "./genesis.js";
import { LocalNode } from "./local-node.js";
import { NodeHome } from "./node-home.js";
import { genesisStake, OPERATOR_BALANCE, operatorName } from "./stake.js";

export interface LocalnetOptions {
  /** Default 4: with them, the network goes on without any one. */
  readonly validators?: number;
  /** Folder for all nodes; without it, a new one for temporary files, removed at the end. */
  readonly home?: string;
  readonly chainId?: string;
  /** Address prefix. Default "cptm". */
  readonly prefix?: string;
  /** Default "ucptm". */
  readonly denom?: string;
  /** Names of accounts with what each has at genesis, in base units. Default: alice, bob, carol and dave. */
  readonly accounts?: Readonly<Record<string, bigint>>;
  /**
   * What each validator has staked of its own at genesis, in base units. Account `operator<i>` then runs node i, and has
   * {@link OPERATOR_BALANCE} besides, unless `accounts` says how much it has. Without it nobody stakes: the validators are CometBFT's alone, of equal power.
   */
  readonly stake?: bigint;
  /** Accounts follow from it. Default: the chain id. */
  readonly seed?: string;
  /** What every node asks for a unit of gas, in `denom`. Default "0.0025". */
  readonly gasPrice?: string;
  /** Pause of CometBFT after each block. Default 500 ms. */
  readonly timeoutCommitMs?: number;
  /** Laid over the `app_state` that `computroniumd init` makes, such as `{ marketplace: { params: { … } } }`. */
  readonly appState?: JsonObject;
  /** Changes to every node's config.toml. */
  readonly cometConfig?: CometSettings;
  /** Changes to every node's app.toml. */
  readonly appConfig?: CometSettings;
  /** Told before something that takes long: a CometBFT that must be built first. Default: standard error. */
  readonly say?: (message: string) => void;
  /** The node program. Default: the one of this repository. */
  readonly computroniumd?: readonly [string, ...string[]];
}

const DEFAULT_DENOM = "ucptm";
const DEFAULT_GAS_PRICE = "0.0025";
const DEFAULT_BALANCE = 1_000_000_000_000n;
/** Accounts of a network when nobody says otherwise. */
export const DEFAULT_ACCOUNTS: Readonly<Record<string, bigint>> = {
  alice: DEFAULT_BALANCE,
  bob: DEFAULT_BALANCE,
  carol: DEFAULT_BALANCE,
  dave: DEFAULT_BALANCE,
};
/** What a validator stakes where stake matters: a hundred coins, so that its power is 100. */
export const DEFAULT_STAKE = 100_000_000n;
const VALIDATOR_POWER = 10n;

/** The compiled node of this repository. */
export const COMPUTRONIUMD: readonly [string, ...string[]] = [
  process.execPath,
  fileURLToPath(new URL("../abci-app/main.js", import.meta.url)),
];

type LocalnetParts = Pick<
  Localnet,
  "chainId" | "denom" | "prefix" | "gasPrice" | "home" | "nodes" | "accounts" | "children"
>;

interface LocalnetOwn {
  readonly command: readonly [string, ...string[]];
  readonly configuration: NodeConfiguration;
  readonly isTemporary: boolean;
}

export interface FurtherNode {
  /** Of its folder and log file; no other node has it. */
  readonly name: string;
  /** The node with whose validator key it signs as well: a double vote sooner or later. Without it, the node has no vote. */
  readonly validatorKeyOf?: number;
}

/** A network of validators on this machine: real processes, free ports, funded accounts. */
export class Localnet {
  readonly chainId: string;
  readonly denom: string;
  readonly prefix: string;
  /** What a unit of gas costs at every node, such as "0.0025ucptm". */
  readonly gasPrice: string;
  /** Folder of all of it. */
  readonly home: string;
  /** Its validators. */
  readonly nodes: readonly LocalNode[];
  readonly accounts: ReadonlyMap<string, LocalAccount>;
  /** For further processes, such as providers: they end with the network. */
  readonly children: Children;
  readonly #own: LocalnetOwn;

  private constructor(made: LocalnetParts, own: LocalnetOwn) {
    this.chainId = made.chainId;
    this.denom = made.denom;
    this.prefix = made.prefix;
    this.gasPrice = made.gasPrice;
    this.home = made.home;
    this.nodes = made.nodes;
    this.accounts = made.accounts;
    this.children = made.children;
    this.#own = own;
  }

  /** Makes homes, keys, genesis and configuration of all nodes. Nothing runs yet. */
  static async create(options: LocalnetOptions = {}): Promise<Localnet> {
    const { chainId = "computronium-local-1", prefix = "cptm", denom = DEFAULT_DENOM, validators = 4 } = options;
    if (!Number.isInteger(validators) || validators < 1 || validators > 32)
      throw new RangeError(`a network on one machine has 1 to 32 validators, not ${validators}`);
    const home = options.home ?? mkdtempSync(join(tmpdir(), "computronium-"));
    if (existsSync(home) && readdirSync(home).length > 0) throw new Error(`${home} is not empty`);
    mkdirSync(home, { recursive: true });
    const children = new Children();
    if (options.home === undefined) children.removeAtEnd(home);

    const given = options.accounts ?? DEFAULT_ACCOUNTS;
    const balances = await Promise.all(
      Object.entries({ ...given, ...operators(validators, options.stake), ...given }).map(async ([name, amount]) => ({
        account: await localAccount(options.seed ?? chainId, name, prefix),
        amount,
      })),
    );
    const accounts = new Map(balances.map(({ account }) => [account.name, account]));
    const command = options.computroniumd ?? COMPUTRONIUMD;
    const gasPrice = `${options.gasPrice ?? DEFAULT_GAS_PRICE}${denom}`;
    // Once, and aloud; the nodes find it then.
    await provideCometBft({ env: process.env, say: options.say ?? console.error });
    const homes = Array.from({ length: validators }, (_, i) => new NodeHome(join(home, `node${i}`)));
    await Promise.all(homes.map((node, i) => initHome(command, node, { name: `node${i}`, chainId, denom })));
    const chain: JsonObject = { chain: { params: { bech32_prefix: prefix } } };
    const overrides = overlay(chain, options.appState ?? {}) as JsonObject;
    const { stake } = options;
    writeGenesis(homes, {
      balances,
      denom,
      overrides,
      validators: stake === undefined ? homes.map((node, i) => node.validator(`node${i}`, VALIDATOR_POWER)) : [],
      transactions:
        stake === undefined
          ? []
          : homes.map((node, i) => {
              const operator = accounts.get(operatorName(i))!;
              return genesisStake({ name: `node${i}`, home: node, operator }, { chainId, prefix, denom, stake });
            }),
    });
    const configuration = { ...options, gasPrice };
    const ports = await freeNodePorts(validators);
    const peers = homes.map((node, i) => peerAddress(node, ports[i]!));
    const nodes = homes.map((node, i) => {
      const others = peers.filter((_, other) => other !== i);
      configureNode(node, { name: `node${i}`, ports: ports[i]!, peers: others }, configuration);
      return localNode(node, { name: `node${i}`, ports: ports[i]!, command }, children);
    });
    writeEnvironment(join(home, "localnet.env"), nodes, accounts);
    const parts = { chainId, denom, prefix, gasPrice, home, nodes, accounts, children };
    return new Localnet(parts, { command, configuration, isTemporary: options.home === undefined });
  }

  /** {@link create} and {@link start}. */
  static async start(options: LocalnetOptions = {}): Promise<Localnet> {
    const network = await Localnet.create(options);
    try {
      await network.start();
    } catch (error) {
      await network.stop({ keepFolder: true });
      throw error;
    }
    return network;
  }

  /** RPC endpoint of the first node. */
  get rpcUrl(): string {
    return this.node(0).rpcUrl;
  }

  node(index: number): LocalNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`there is no node ${index}`);
    return node;
  }

  account(name: string): LocalAccount {
    const account = this.accounts.get(name);
    if (account === undefined) throw new RangeError(`there is no account ${name}`);
    return account;
  }

  /** Starts all nodes that do not run, and waits until each has a block and serves its APIs. */
  async start(): Promise<void> {
    for (const node of this.nodes) if (!node.isRunning) node.start();
    await this.waitForHeight(1);
    await Promise.all(this.nodes.map((node) => node.waitForApis()));
  }

  /**
   * Makes one more node, whose peers are the validators: start it, and it gets the blocks that there are from them. It is none
   * of {@link nodes}; it stops with the network.
   */
  async furtherNode({ name, validatorKeyOf }: FurtherNode): Promise<LocalNode> {
    const { command, configuration } = this.#own;
    const first = this.node(0);
    const key = validatorKeyOf === undefined ? undefined : this.node(validatorKeyOf).home;
    const folder = join(this.home, name);
    if (existsSync(folder)) throw new Error(`there is a node ${name} already`);
    const home = new NodeHome(folder);
    await initHome(command, home, { name, chainId: this.chainId, denom: this.denom });
    home.writeGenesis(first.home.readGenesis());
    if (key !== undefined) home.copyValidatorKey(key);
    const [ports] = await freeNodePorts(1);
    configureNode(home, { name, ports: ports!, peers: this.nodes.map((node) => node.peerAddress) }, configuration);
    return localNode(home, { name, ports: ports!, command }, this.children);
  }

  /** Waits until every running node has this block. */
  async waitForHeight(height: number, timeoutMs?: number): Promise<void> {
    await Promise.all(this.nodes.filter((node) => node.isRunning).map((node) => node.waitForHeight(height, timeoutMs)));
  }

  /** Stops everything; a temporary folder is removed unless it is to be kept. */
  async stop(options: { readonly keepFolder?: boolean } = {}): Promise<void> {
    await this.children.stopAll();
    if (this.#own.isTemporary && options.keepFolder === true) this.children.keepAtEnd(this.home);
    else if (this.#own.isTemporary) this.children.removeNow(this.home);
    this.children.close();
  }
}

async function initHome(
  [program, ...args]: readonly [string, ...string[]],
  home: NodeHome,
  { name, chainId, denom }: { readonly name: string; readonly chainId: string; readonly denom: string },
): Promise<void> {
  const flags = ["--chain-id", chainId, "--default-denom", denom, "--home", home.path];
  await promisify(execFile)(program, [...args, "init", name, ...flags]);
}

function localNode(
  home: NodeHome,
  made: { readonly name: string; readonly ports: NodePorts; readonly command: readonly [string, ...string[]] },
  children: Children,
): LocalNode {
  const { name, ports } = made;
  const command = [...made.command, "start", "--home", home.path] as const;
  return new LocalNode({ name, home, ports, command, logFile: `${home.path}.log` }, children);
}

function writeGenesis(homes: readonly NodeHome[], plan: GenesisPlan): void {
  const [first] = homes;
  if (first === undefined) throw new RangeError("a network has a validator");
  const genesis = composeGenesis(first.readGenesis(), plan);
  for (const home of homes) home.writeGenesis(genesis);
}

/** Accounts of those who run the validators, where these stake. */
function operators(validators: number, stake: bigint | undefined): Record<string, bigint> {
  if (stake === undefined) return {};
  return Object.fromEntries(Array.from({ length: validators }, (_, i) => [operatorName(i), stake + OPERATOR_BALANCE]));
}

/** Endpoints and mnemonics for a shell: `. DIR/localnet.env`. */
function writeEnvironment(
  file: string,
  nodes: readonly LocalNode[],
  accounts: ReadonlyMap<string, LocalAccount>,
): void {
  const [first] = nodes;
  const variables = [
    ["RPC", first?.rpcUrl ?? ""],
    ["REST", first?.restUrl ?? ""],
    ["GRPC", first?.grpcAddress ?? ""],
  ];
  for (const { name, mnemonic } of accounts.values()) {
    variables.push([`${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_MNEMONIC`, mnemonic]);
  }
  writeFileSync(file, variables.map(([name, value]) => `export ${name}="${value}"\n`).join(""), { mode: 0o600 });
}
