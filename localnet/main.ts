#!/usr/bin/env node
/** `node dist/localnet/main.js start`: a network on this machine until Ctrl-C. `make`: its files alone. */
import { join } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { FAUCET_ACCOUNT, startFaucet } from "./faucet.js";
import { DEFAULT_ACCOUNTS, DEFAULT_STAKE, Localnet } from "./localnet.js";

interface StartFlags {
  readonly validators: number;
  readonly home?: string;
  readonly chainId: string;
  readonly keep?: boolean;
  readonly faucet?: string | true;
}

const FAUCET_LISTEN = "127.0.0.1:8000";
const FAUCET_BALANCE = 1_000_000_000_000_000n;

const program = new Command("localnet").description("A Computronium network on this machine");
program
  .command("start")
  .description("make a network, run it until Ctrl-C or SIGTERM, and show how to reach it")
  .option("--validators <count>", "how many nodes", parseCount, 4)
  .option("--home <folder>", "an empty or new folder; without it, a temporary one")
  .option("--chain-id <id>", "chain id", "computronium-local-1")
  .option("--faucet [address]", `run a faucet too, at ${FAUCET_LISTEN} or the address given`)
  .option("--keep", "leave the temporary folder there at the end")
  .action(start);
program
  .command("make")
  .description("make the files of a network and run nothing: compose.yml or other programs run it")
  .option("--validators <count>", "how many nodes", parseCount, 4)
  .requiredOption("--home <folder>", "an empty or new folder")
  .option("--chain-id <id>", "chain id", "computronium-local-1")
  .action(async ({ validators, chainId, home }: StartFlags & { readonly home: string }) => {
    const network = await Localnet.create({ validators, chainId, home, stake: DEFAULT_STAKE });
    console.log(describe(network));
    await network.stop();
  });
await program.parseAsync();

async function start(flags: StartFlags): Promise<void> {
  const { validators, chainId, home } = flags;
  const network = await Localnet.create({
    validators,
    chainId,
    stake: DEFAULT_STAKE,
    ...(home === undefined ? {} : { home }),
    ...(flags.faucet === undefined ? {} : { accounts: { ...DEFAULT_ACCOUNTS, [FAUCET_ACCOUNT]: FAUCET_BALANCE } }),
  });
  const end = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  try {
    await Promise.race([network.start(), end]);
    console.log(describe(network));
    if (flags.faucet !== undefined) {
      const { url, logFile } = await startFaucet(network, flags.faucet === true ? FAUCET_LISTEN : flags.faucet);
      console.log(`\nfaucet: curl ${url}/credit -d '{"address":"…"}'  ${logFile}`);
    }
    console.log("\nCtrl-C stops it.");
    // The reaper's pipe keeps no process alive; this does.
    const alive = setInterval(() => undefined, 1 << 30);
    await end;
    clearInterval(alive);
  } finally {
    await network.stop({ keepFolder: flags.keep === true });
  }
}

function describe(network: Localnet): string {
  const nodes = network.nodes.map(
    ({ name, rpcUrl, restUrl, grpcAddress, logFile }) =>
      `  ${name}  ${rpcUrl}  ${restUrl}/swagger/  ${grpcAddress}  ${logFile}`,
  );
  const accounts = [...network.accounts.values()].map(
    ({ name, address, mnemonic }) => `  ${name}  ${address}\n    ${mnemonic}`,
  );
  return [
    `${network.chainId} is in ${network.home}`,
    `for a shell: . ${join(network.home, "localnet.env")}`,
    "",
    "nodes: name, RPC, REST, gRPC, log",
    ...nodes,
    "",
    "accounts, for this network only: everybody knows their keys",
    ...accounts,
  ].join("\n");
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("a whole number from 1");
  return count;
}
