import type { Localnet } from "../../localnet/localnet.js";
import type { Balance } from "./audit.js";
import { AGENTS, PROVIDERS } from "./cast.js";
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

/** Balances before and after, and why they differ. */
export function balanceTable(
  ledger: Ledger,
  balances: readonly Balance[],
  checks: readonly Check[],
  name: NameOf,
): string[] {
  const rows = balances.map(({ name: plain, address, start }) => {
    const check = checks.find(({ what }) => what === `balance of ${plain}`);
    const actual = check?.actual ?? 0n;
    const fees = ledger.fees(address);
    return [
      padEnd(name(address), 20),
      padStart(coins(start), 12),
      padStart(fees === 0n ? "" : coins(-fees), 12),
      padStart(signed(actual - start + fees), 14),
      padStart(coins(actual), 14),
      check !== undefined && holds(check) ? green(" ✓") : red(" ✗"),
    ].join("");
  });
  const header =
    padEnd("in CPTM", 20) +
    padStart("before", 12) +
    padStart("fees", 12) +
    padStart("trade", 14) +
    padStart("after", 14);
  const supply = checks.find(({ what }) => what.startsWith("supply = supply"));
  const start = balances.reduce((sum, balance) => sum + balance.start, 0n);
  const total = [
    padEnd("supply", 20),
    padStart(coins(start), 12),
    padStart("", 12),
    padStart(ledger.burned === 0n ? "" : `${coins(-ledger.burned)} burned`, 14),
    padStart(coins(supply?.actual ?? 0n), 14),
    supply !== undefined && holds(supply) ? green(" ✓") : red(" ✗"),
  ].join("");
  return ["", bold(`  ${header}`), ...rows.map((row) => `  ${row}`), `  ${total}`, ""];
}

function signed(amount: bigint): string {
  return amount === 0n ? "" : amount > 0n ? `+${coins(amount)}` : coins(amount);
}

/** Ways to play with the network while it runs. */
export function howToGoOn(network: Localnet): string[] {
  const rpc = network.rpcUrl;
  const ada = network.account(AGENTS[0]?.name ?? "");
  return [
    "",
    bold("  The network goes on until Ctrl-C. Meanwhile, in another terminal:"),
    "",
    `  curl -s ${rpc}/status                     ${dim("# the first of the nodes")}`,
    `  curl -s '${rpc}/block_results?height=5'   ${dim("# what a block brought")}`,
    `  tail -f ${network.home}/${PROVIDERS[0]?.name ?? ""}.log`,
    "",
    `  nodes      ${network.nodes.map((node) => node.rpcUrl).join("  ")}`,
    `  ${padEnd(ada.name, 9)}  ${ada.address}`,
    `  ${dim("its key")}    ${ada.mnemonic}`,
    `  ${dim("(everybody knows it: for this network only)")}`,
    "",
    `  Buy compute from your own code: docs/tutorials/first-lease.md`,
    "",
  ];
}
