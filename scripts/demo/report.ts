import type { Localnet } from "../../localnet/localnet.js";
import type { Balance } from "./audit.js";
import { SUPPLY_AFTER_BURNS } from "./audit.js";
import { AGENTS, BOND, PROVIDERS } from "./cast.js";
import type { Check, Ledger } from "./ledger.js";
import { holds } from "./ledger.js";
import type { NameOf } from "./narrator.js";
import { blue, bold, coins, cyan, dim, green, magenta, padEnd, padStart, red, yellow } from "./terminal.js";

const PROVIDER_STYLES = [blue, cyan, magenta];

/** Names of accounts, styled by who they are. */
export interface Names {
  learn(name: string, address: string): void;
  readonly of: NameOf;
  addressOf(name: string): string;
}

export function names(): Names {
  const byAddress = new Map<string, string>();
  const byName = new Map<string, string>();
  return {
    learn(name, address) {
      byAddress.set(address, styled(name));
      byName.set(name, address);
    },
    of: (address) => byAddress.get(address) ?? address,
    addressOf(name) {
      const address = byName.get(name);
      if (address === undefined) throw new Error(`nobody is called ${name}`);
      return address;
    },
  };
}

function styled(name: string): string {
  if (AGENTS.some((agent) => agent.name === name)) return yellow(name);
  const index = PROVIDERS.findIndex((provider) => provider.name === name);
  return (PROVIDER_STYLES[index] ?? dim)(name);
}

/** What is about to happen. */
export function intro(validators: number): string[] {
  return [
    "",
    bold("  Computronium: agents buy compute from whoever has some"),
    "",
    `  ${validators} validators, each a CometBFT and a computroniumd, agree on every block.`,
    ...PROVIDERS.map(({ name, says }) => `  ${padEnd(styled(name), 7)} sells ${says}`),
    ...AGENTS.map(({ name, job, wants }) => `  ${padEnd(styled(name), 7)} wants to ${job.title}: ${wants}`),
    "",
    dim("  A number in front of a line is the block in which it happened."),
    "",
  ];
}

/** As wide as the longest name of a module's account and the largest amount. */
const COLUMNS = [24, 10, 8, 12, 22, 14] as const;

function row(...cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? padEnd(cell, COLUMNS[0]) : padStart(cell, COLUMNS[i] ?? 0))).join("");
}

/** Balances before and after, and why they differ. */
export function balanceTable(
  ledger: Ledger,
  balances: readonly Balance[],
  checks: readonly Check[],
  name: NameOf,
): string[] {
  const check = (what: string) => checks.find((each) => each.what === what);
  const mark = (of: Check | undefined) => (of !== undefined && holds(of) ? green(" ✓") : red(" ✗"));
  const rows = balances.map(({ name: plain, address, start }) => {
    const of = check(`balance of ${plain}`);
    const after = of?.actual ?? 0n;
    const fees = ledger.fees(address);
    const bond = PROVIDERS.some((provider) => provider.name === plain) ? BOND : 0n;
    const trade = after - start + fees + bond;
    return row(name(address), coins(start), signed(-bond), signed(-fees), signed(trade), coins(after)) + mark(of);
  });
  const supply = check(SUPPLY_AFTER_BURNS);
  const start = balances.reduce((sum, balance) => sum + balance.start, 0n);
  const burned = ledger.burned === 0n ? "" : `burned ${coins(ledger.burned)}`;
  return [
    "",
    `  ${bold(row("in CPTM", "before", "bond", "fees", "trade", "after"))}`,
    ...rows.map((each) => `  ${each}`),
    `  ${row("supply", coins(start), "", "", burned, coins(supply?.actual ?? 0n))}${mark(supply)}`,
    "",
  ];
}

function signed(amount: bigint): string {
  return amount === 0n ? "" : amount > 0n ? `+${coins(amount)}` : coins(amount);
}

/** Ways to play with the network while it runs. */
export function howToGoOn(network: Localnet): string[] {
  const rpc = network.rpcUrl;
  const agent = network.account(AGENTS[0]?.name ?? "");
  return [
    "",
    bold("  The network goes on until Ctrl-C. Meanwhile, in another terminal:"),
    "",
    `  . ${network.home}/localnet.env`,
    `  node dist/scripts/buy.js ${agent.name} primes 3000000     ${dim("# buy some more; or: hashes 500000, matrices 128")}`,
    `  bin/computroniumd status --home ${network.node(0).home.path}`,
    `  curl -s '${rpc}/block_results?height=5'      ${dim("# what a block brought")}`,
    `  tail -f ${network.home}/${PROVIDERS[0]?.name ?? ""}.log      ${dim("# what a provider does")}`,
    "",
    `  nodes  ${network.nodes.map((node) => node.rpcUrl).join("  ")}`,
    `  ${padEnd(styled(agent.name), 7)}${agent.address}`,
    `         ${dim(agent.mnemonic)}`,
    `         ${dim("(everybody knows this key: it is for this network only)")}`,
    "",
    "  To buy compute from your own code: docs/tutorials/first-lease.md",
    "",
  ];
}
