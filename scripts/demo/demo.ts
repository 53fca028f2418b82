import type { ChainBlock } from "@computronium/client";
import { ComputroniumClient } from "@computronium/client";
import { Secp256k1HdWallet } from "@cosmjs/amino";

import type { LocalAccount } from "../../localnet/accounts.js";
import { DEFAULT_STAKE, Localnet } from "../../localnet/localnet.js";
import { freePorts } from "../../localnet/ports.js";
import { OPERATOR_BALANCE, operatorName, validatorAddress } from "../../localnet/stake.js";
import { BONDED_POOL } from "../../modules/stake/types.js";
import type { Deal } from "./agent.js";
import { buyCompute } from "./agent.js";
import type { Balance } from "./audit.js";
import { balanceChecks, LeaseClock, leaseChecks, moduleAddresses, rewardChecks, settlementOf } from "./audit.js";
import {
  AGENTS,
  AGENT_START,
  BOND,
  DENOM,
  GAS_PRICE,
  PROVIDERS,
  PROVIDER_START,
  ONE_TREASURY,
  TAKE_BURN_BPS,
  TAKE_RATE_BPS,
} from "./cast.js";
import type { Check } from "./ledger.js";
import { holds, Ledger } from "./ledger.js";
import { narrate } from "./narrator.js";
import type { ProviderProcess } from "./provider-process.js";
import { startProvider } from "./provider-process.js";
import { balanceTable, howToGoOn, intro, names } from "./report.js";
import { bold, coins, dim, green, padEnd, red, Screen } from "./terminal.js";

const VALIDATORS = 4;
const OPERATORS = Array.from({ length: VALIDATORS }, (_, i) => operatorName(i));
const BONDED = BigInt(VALIDATORS) * DEFAULT_STAKE;
/** Those whose balances the panel shows. */
const ACTORS = new Set([...AGENTS, ...PROVIDERS].map(({ name }) => name));
/** The whole story takes half a minute; a machine that needs longer than this has a fault. */
const STORY_LIMIT_MS = 150_000;

class Interrupted extends Error {}

/** The demo from start to end. */
export class Demo {
  readonly #screen = new Screen();
  readonly #names = names();
  readonly #clock = new LeaseClock();
  readonly #clients: ComputroniumClient[] = [];
  #interrupt: (reason: Error) => void = () => undefined;
  readonly #interrupted = new Promise<never>((_, reject) => (this.#interrupt = reject));
  #isInterrupted = false;
  #ledger = new Ledger(DENOM, new Map());

  constructor() {
    this.#interrupted.catch(() => undefined);
  }

  /** Ends the demo as soon as everything is stopped. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#interrupt(new Interrupted());
  }

  /** Runs it. Resolves with the exit status, when nothing runs any more. */
  async run(): Promise<number> {
    const screen = this.#screen;
    for (const line of intro(VALIDATORS)) screen.line(line);
    screen.line(dim(`making keys and genesis of ${VALIDATORS} validators`));
    let network: Localnet | undefined;
    let status = 1;
    try {
      network = await this.#makeNetwork();
      status = await Promise.race([this.#play(network), this.#interrupted, this.#limit()]);
      if (screen.isLive) {
        for (const line of howToGoOn(network)) screen.line(line);
        await this.#interrupted;
      }
    } catch (error) {
      // Ctrl-C reaches the programs that are being run as well, and they say so each in their way.
      if (!this.#isInterrupted) {
        screen.line(`${red("failed")}  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        status = 1;
      } else if (status !== 0) {
        status = 130;
      }
    } finally {
      screen.panel([]);
      for (const client of this.#clients) client.disconnect();
      await network?.stop();
      screen.line(dim("everything is stopped"));
    }
    return status;
  }

  async #makeNetwork(): Promise<Localnet> {
    const accounts = Object.fromEntries([
      ...AGENTS.map(({ name }) => [name, AGENT_START]),
      ...PROVIDERS.map(({ name }) => [name, PROVIDER_START]),
    ]) as Record<string, bigint>;
    const params = { take_rate_bps: Number(TAKE_RATE_BPS), take_burn_bps: Number(TAKE_BURN_BPS) };
    return Localnet.create({
      validators: VALIDATORS,
      stake: DEFAULT_STAKE,
      accounts,
      denom: DENOM,
      gasPrice: GAS_PRICE.text,
      appState: { marketplace: { params }, ...ONE_TREASURY },
    });
  }

  async #play(network: Localnet): Promise<number> {
    const screen = this.#screen;
    screen.line(dim(`starting ${VALIDATORS} validators in ${network.home}`));
    await network.start();
    const reader = await this.#connect(network, 0);
    const modules = await moduleAddresses(reader);
    this.#ledger = new Ledger(DENOM, modules);
    for (const [name, account] of network.accounts) this.#names.learn(name, account.address);
    for (const [name, address] of modules) this.#names.learn(name, address);
    const balances: Balance[] = [
      ...AGENTS.map(({ name }) => ({ name, address: network.account(name).address, start: AGENT_START })),
      ...PROVIDERS.map(({ name }) => ({ name, address: network.account(name).address, start: PROVIDER_START })),
      ...OPERATORS.map((name) => ({ name, address: network.account(name).address, start: OPERATOR_BALANCE })),
      // What the validators staked of their own at genesis; what they earn stays with distribution until they fetch it.
      ...[...modules].map(([name, address]) => ({ name, address, start: name === BONDED_POOL ? BONDED : 0n })),
    ];

    const following = this.#follow(reader, balances);
    const providers = await this.#startProviders(network);
    const failing = Promise.race([following, ...providers.map(surprisingEnd)]);
    const deals = await Promise.race([this.#trade(network, reader), failing]);
    await Promise.race([this.#followedUpTo(await reader.height()), failing]);
    return this.#settleUp(reader, network, { deals, balances, modules });
  }

  /** Puts every block into the books, and tells what it brought. Ends only by an error. */
  async #follow(reader: ComputroniumClient, balances: readonly Balance[]): Promise<never> {
    for await (const block of reader.blocks({ fromHeight: 1 })) {
      this.#ledger.addBlock(block);
      this.#clock.addBlock(block);
      for (const sentence of narrate(block, this.#names.of)) {
        this.#screen.line(`${dim(block.height.toString().padStart(4))}  ${sentence}`);
      }
      for (const tx of block.txs.filter(({ code }) => code !== 0)) {
        this.#screen.line(`${dim(block.height.toString().padStart(4))}  ${red("a transaction failed")}: ${tx.log}`);
      }
      if (this.#screen.isLive) await this.#drawPanel(reader, block, balances);
    }
    throw new Error("the chain cannot be followed any more");
  }

  /** The latest block, and what the actors have after it. */
  async #drawPanel(reader: ComputroniumClient, block: ChainBlock, balances: readonly Balance[]): Promise<void> {
    const { height, txs, appHash, time } = block;
    const actors = balances.filter(({ name }) => ACTORS.has(name));
    const amounts = await Promise.all(actors.map(({ address }) => reader.bank.balance(address, DENOM)));
    const cells = actors.map(({ address }, i) => `${this.#names.of(address)} ${coins(amounts[i] ?? 0n)}`);
    const half = Math.ceil(cells.length / 2);
    this.#screen.panel([
      dim("─".repeat(72)),
      `${bold(`block ${height}`)}  ${time.toISOString().slice(11, 19)}  ${txs.length} transactions, ` +
        `${this.#ledger.transactions} so far  ${dim(`state ${appHash.slice(0, 16)}…`)}`,
      ...[cells.slice(0, half), cells.slice(half)].map((row) => row.map((cell) => padEnd(cell, 24)).join("")),
    ]);
  }

  async #startProviders(network: Localnet): Promise<ProviderProcess[]> {
    const ports = await freePorts(PROVIDERS.length);
    return PROVIDERS.map((role, i) => startProvider(network, role, ports[i] ?? 0));
  }

  async #trade(network: Localnet, reader: ComputroniumClient): Promise<Deal[]> {
    while ((await reader.market.query.providers({})).providers.length < PROVIDERS.length) await reader.nextBlock();
    for (const { name } of PROVIDERS) {
      const bonds = this.#names.addressOf("marketplace_bonds");
      this.#ledger.move(network.account(name).address, bonds, BOND);
    }
    const deals = AGENTS.map(async (role, i) => {
      const account = network.account(role.name);
      const client = await this.#connect(network, i + 1, account);
      const say = (text: string) => this.#screen.line(`${dim("   ·")}  ${this.#names.of(account.address)} ${text}`);
      return buyCompute(role, account.mnemonic, client, say);
    });
    return Promise.all(deals);
  }

  /** A client at one of the nodes. Agents sign amino JSON, as people with a Ledger do. */
  async #connect(network: Localnet, index: number, account?: LocalAccount): Promise<ComputroniumClient> {
    const { rpcUrl } = network.node(index % network.nodes.length);
    const { gasPrice, prefix } = network;
    const options =
      account === undefined
        ? {}
        : { gasPrice, signer: await Secp256k1HdWallet.fromMnemonic(account.mnemonic, { prefix }) };
    const client = await ComputroniumClient.connect(rpcUrl, options);
    this.#clients.push(client);
    return client;
  }

  async #followedUpTo(height: number): Promise<void> {
    while (this.#ledger.height < height) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Compares what the chain has with what it must have. */
  async #settleUp(
    reader: ComputroniumClient,
    network: Localnet,
    {
      deals,
      balances,
      modules,
    }: { deals: readonly Deal[]; balances: readonly Balance[]; modules: ReadonlyMap<string, string> },
  ): Promise<number> {
    const checks: Check[] = [];
    const treasury = modules.get("treasury") ?? "";
    for (const deal of deals) {
      const settlement = settlementOf(deal, this.#clock);
      const tenant = network.account(deal.agent.name).address;
      this.#ledger.move(tenant, deal.lease.provider, settlement.cost - settlement.take);
      this.#ledger.move(tenant, treasury, settlement.take - settlement.burn);
      this.#ledger.burn(tenant, settlement.burn);
      checks.push(...(await leaseChecks(reader, deal, settlement)));
    }
    checks.push(...(await balanceChecks(reader, this.#ledger, balances)));
    const validators = OPERATORS.map((name) => validatorAddress(network.account(name), network.prefix));
    checks.push(...(await rewardChecks(reader, this.#ledger, validators)));
    checks.push(...(await this.#sameStateEverywhere(network)));

    for (const line of balanceTable(this.#ledger, balances, checks, this.#names.of)) this.#screen.line(line);
    const broken = checks.filter((check) => !holds(check));
    for (const { what, expected, actual } of broken)
      this.#screen.line(`${red("✗")} ${what}: ${coins(actual)}, must be ${coins(expected)}`);
    this.#screen.line(
      broken.length === 0
        ? `${green("✓")} all ${checks.length} amounts are to the last unit what they must be`
        : red(`${broken.length} of ${checks.length} amounts are wrong`),
    );
    return broken.length === 0 ? 0 : 1;
  }

  /** One check: how many nodes have the state that the first one has. */
  async #sameStateEverywhere(network: Localnet): Promise<Check[]> {
    const { height } = this.#ledger;
    await network.waitForHeight(height);
    const hashes = await Promise.all(network.nodes.map((node) => node.appHash(height)));
    const same = hashes.filter((hash) => hash === hashes[0]).length;
    return [{ what: `nodes with one state at block ${height}`, expected: BigInt(VALIDATORS), actual: BigInt(same) }];
  }

  async #limit(): Promise<never> {
    await new Promise((resolve) => setTimeout(resolve, STORY_LIMIT_MS).unref());
    throw new Error(`not at the end after ${STORY_LIMIT_MS / 1000} s`);
  }
}

/** Rejects when a provider program ends though nobody stopped it. */
async function surprisingEnd({ role, child }: ProviderProcess): Promise<never> {
  const { code, signal } = await child.ended;
  if (child.isStopping) return new Promise(() => undefined);
  throw new Error(
    `the provider program of ${role.name} ended with ${signal ?? `status ${code}`}; see ${child.logFile}`,
  );
}
