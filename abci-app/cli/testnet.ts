import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { join } from "node:path";

import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import { Addresses } from "../../core/address.js";
import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import { readGentxs, withGentxs, writeGentx } from "../genutil/gentx-files.js";
import { makeGentx } from "../genutil/gentx.js";
import { deriveKey, hdPath, COIN_TYPE, newMnemonic } from "../keyring/mnemonic.js";
import type { PrivateKey } from "../keyring/private-key.js";
import { openKeyring } from "../keyring/open.js";
import { localRecord, recordAddress } from "../keyring/record.js";
import { patchCometConfig, patchToml } from "../node/comet-config.js";
import { readGenesis, readValidGenesis, withAppState, writeGenesis } from "../node/genesis-file.js";
import type { Home } from "../node/home.js";
import { homeOf } from "../node/home.js";
import { nodeId, validatorPubKey } from "../node/keys.js";
import type { AppStateJson } from "../node/runtime.js";
import { initHome } from "./init.js";
import type { CliContext } from "./options.js";

const MAX_VALIDATORS = 128;
/** What each validator stakes of it itself; equal, so that only the number counts. */
const STAKE = 100_000_000n;
/** Of the rewards, and what it can rise by in a day. */
const COMMISSION = parseDec("0.1")!;
const P2P_PORT = 26656;
const RPC_PORT = 26657;
/** Between two nodes of one machine. */
const PORT_STEP = 10;
/** What each validator's account has at the beginning, in base units. */
const BALANCE = "1000000000000";

interface TestnetFlags {
  readonly validatorCount: number;
  readonly outputDir: string;
  readonly chainId: string;
  readonly defaultDenom: string;
  readonly nodeDirPrefix: string;
  readonly nodeDaemonHome: string;
  readonly startingIpAddress: string;
  readonly singleHost: boolean;
  readonly minimumGasPrices?: string;
  readonly commitTimeout: string;
}

export function addTestnetCommands(program: Command, context: CliContext): void {
  const testnet = program.command("testnet").description("make a network of several validators");
  const command = testnet
    .command("init-files")
    .description("make the home folders of all validators of a network, each to be copied to its machine")
    .addOption(
      new Option("-v, --validator-count <number>", "how many validators").default(4).argParser((text) => {
        if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > MAX_VALIDATORS)
          throw new InvalidArgumentError(`1 to ${MAX_VALIDATORS}`);
        return Number(text);
      }),
    )
    .option("-o, --output-dir <folder>", "an empty or new folder", "./.testnets")
    .option("--chain-id <id>", "name of the chain", "computronium-test-1")
    .option("--default-denom <denom>", "denom of fees and bonds", "ucptm")
    .option("--node-dir-prefix <text>", "of the folders' names", "node")
    .option("--node-daemon-home <name>", "of the home folder in each", "computroniumd")
    .option("--starting-ip-address <address>", "of the first validator; the next has the next one", "192.168.0.1")
    .option("--single-host", "all on 127.0.0.1, each on ports of its own", false)
    .option("--minimum-gas-prices <prices>", "what the nodes ask for gas (default: 0)")
    .option("--commit-timeout <duration>", "CometBFT's pause after a block", "1s")
    .addOption(
      new Option("--keyring-backend <backend>", "of the validators' accounts").choices(["test"]).default("test"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  computroniumd testnet init-files -v 4 -o ./net --starting-ip-address 10.0.0.1\n" +
        "  computroniumd testnet init-files -v 4 -o ./net --single-host\n  computroniumd start --home ./net/node0/computroniumd",
    );
  command.action(() => initFiles(context, command.opts<TestnetFlags>()));
}

async function initFiles(context: CliContext, flags: TestnetFlags): Promise<void> {
  if (existsSync(flags.outputDir) && readdirSync(flags.outputDir).length > 0)
    throw new Error(`${flags.outputDir} is not empty`);
  const hosts = hostsOf(flags);
  const nodes = hosts.map(({ name }) => homeOf(join(flags.outputDir, name, flags.nodeDaemonHome)));
  const accounts: TestnetAccount[] = [];
  for (const [i, home] of nodes.entries()) {
    await initHome(context, {
      home,
      moniker: hosts[i]!.name,
      chainId: flags.chainId,
      denom: flags.defaultDenom,
      overwrite: false,
    });
    accounts.push(await newAccount(context, home, hosts[i]!.name));
  }
  const peers = nodes.map((home, i) => `${nodeId(home.nodeKey)}@${hosts[i]!.address}:${hosts[i]!.p2pPort}`);
  writeGenesisFiles(context, { nodes, accounts, flags, peers });
  for (const [i, home] of nodes.entries()) {
    const { rpcPort, p2pPort } = hosts[i]!;
    patchCometConfig(home.configToml, {
      "rpc.laddr": `tcp://${flags.singleHost ? "127.0.0.1" : "0.0.0.0"}:${rpcPort}`,
      "rpc.pprof_laddr": "",
      "p2p.laddr": `tcp://0.0.0.0:${p2pPort}`,
      "p2p.persistent_peers": peers.filter((_, other) => other !== i).join(","),
      // Private addresses, and several nodes of one, are no attack here.
      "p2p.addr_book_strict": false,
      "p2p.allow_duplicate_ip": true,
      "consensus.timeout_commit": flags.commitTimeout,
    });
    writeFileSync(
      home.clientToml,
      patchToml(readFileSync(home.clientToml, "utf8"), {
        "keyring-backend": "test",
        node: `tcp://localhost:${rpcPort}`,
      }),
    );
    if (flags.minimumGasPrices !== undefined) {
      const text = readFileSync(home.appToml, "utf8");
      writeFileSync(home.appToml, patchToml(text, { "minimum-gas-prices": flags.minimumGasPrices }));
    }
  }
  context.err(`Successfully initialized ${nodes.length} node directories in ${flags.outputDir}`);
}

interface Host {
  readonly name: string;
  readonly address: string;
  readonly p2pPort: number;
  readonly rpcPort: number;
}

function hostsOf(flags: TestnetFlags): readonly Host[] {
  if (!isIPv4(flags.startingIpAddress)) throw new Error(`${flags.startingIpAddress} is no IPv4 address`);
  const [a = 0, b = 0, c = 0, d = 0] = flags.startingIpAddress.split(".").map(Number);
  if (!flags.singleHost && d + flags.validatorCount - 1 > 254)
    throw new Error(`${flags.startingIpAddress} has no ${flags.validatorCount} addresses after it`);
  return Array.from({ length: flags.validatorCount }, (_, i) => ({
    name: `${flags.nodeDirPrefix}${i}`,
    address: flags.singleHost ? "127.0.0.1" : `${a}.${b}.${c}.${d + i}`,
    p2pPort: P2P_PORT + (flags.singleHost ? i * PORT_STEP : 0),
    rpcPort: RPC_PORT + (flags.singleHost ? i * PORT_STEP : 0),
  }));
}

interface TestnetAccount {
  readonly address: string;
  readonly key: PrivateKey;
}

/** A key in the node's own test keyring; its mnemonic is beside it, as the SDK leaves it. */
async function newAccount(context: CliContext, home: Home, name: string): Promise<TestnetAccount> {
  const mnemonic = newMnemonic();
  const record = localRecord(
    name,
    deriveKey({ mnemonic, path: hdPath({ coinType: COIN_TYPE, account: 0, index: 0 }) }),
  );
  const never = (): Promise<string> => Promise.reject(new Error("the keyring test has no password"));
  const keyring = openKeyring({
    backend: "test",
    folder: home.root,
    env: context.env,
    passwords: { existing: never, fresh: never },
  });
  await keyring.add(record);
  writeFileSync(join(home.root, "key_seed.json"), `${JSON.stringify({ secret: mnemonic })}\n`, { mode: 0o600 });
  const address = new Addresses(context.runtime.bech32Prefix).account.encode(recordAddress(record));
  return { address, key: await keyring.privateKey(name) };
}

function writeGenesisFiles(
  { runtime }: CliContext,
  {
    nodes,
    accounts,
    flags,
    peers,
  }: {
    readonly nodes: readonly Home[];
    readonly accounts: readonly TestnetAccount[];
    readonly flags: TestnetFlags;
    readonly peers: readonly string[];
  },
): void {
  const [first] = nodes;
  if (first === undefined) throw new Error("a network has a validator");
  const template = readGenesis(first.genesis);
  const appState = accounts.reduce<AppStateJson>(
    (state, { address }) => runtime.addGenesisAccount(state, { address, coins: `${BALANCE}${flags.defaultDenom}` }),
    template.app_state,
  );
  const folder = join(flags.outputDir, "gentxs");
  mkdirSync(folder, { recursive: true });
  nodes.forEach((home, i) => {
    const tx = makeGentx(new Addresses(runtime.bech32Prefix), accounts[i]!.key, {
      chainId: flags.chainId,
      consensusKey: validatorPubKey(home.validatorKey),
      selfDelegation: { denom: flags.defaultDenom, amount: STAKE },
      minSelfDelegation: 1n,
      commission: { rate: COMMISSION, maxRate: DEC_ONE, maxChangeRate: COMMISSION },
      description: { moniker: `${flags.nodeDirPrefix}${i}` },
      memo: peers[i]!,
    });
    writeGentx(home, { tx, nodeId: nodeId(home.nodeKey) }, join(folder, `${flags.nodeDirPrefix}${i}.json`));
  });
  const genesis = withGentxs(withAppState(template, appState), readGentxs(folder));
  for (const home of nodes) {
    mkdirSync(home.config, { recursive: true });
    writeGenesis(home.genesis, genesis);
  }
  readValidGenesis(first.genesis, runtime);
}
