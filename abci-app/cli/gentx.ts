import { networkInterfaces } from "node:os";
import { readFileSync } from "node:fs";

import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

import type { AccAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { addressOf } from "../../core/crypto/key-address.js";
import { parseAmount } from "../../core/math/amount.js";
import { amountOf, parseCoinsText } from "../../core/math/coins.js";
import type { Dec } from "../../core/math/dec.js";
import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import { gentxFolder, peersOf, readGentxs, withGentxs, writeGentx } from "../genutil/gentx-files.js";
import { makeGentx } from "../genutil/gentx.js";
import { patchCometConfig } from "../node/comet-config.js";
import type { GenesisFile } from "../node/genesis-file.js";
import { readGenesis, readValidGenesis, writeGenesis } from "../node/genesis-file.js";
import { nodeId, validatorPubKey } from "../node/keys.js";
import { addKeyringFlags, clientFor } from "./client/client-flags.js";
import { keyNameOf } from "./client/who.js";
import type { CliContext } from "./options.js";
import { homeFor } from "./options.js";

interface GentxFlags {
  readonly chainId?: string;
  readonly moniker?: string;
  readonly identity: string;
  readonly website: string;
  readonly securityContact: string;
  readonly details: string;
  readonly commissionRate: Dec;
  readonly commissionMaxRate: Dec;
  readonly commissionMaxChangeRate: Dec;
  readonly minSelfDelegation: bigint;
  readonly ip?: string;
  readonly p2pPort: number;
  readonly nodeId?: string;
  readonly outputDocument?: string;
}

const P2P_PORT = 26656;

/** For commander: a share from 0 to 1. */
function share(text: string): Dec {
  const value = parseDec(text);
  if (value === undefined || value < 0n || value > DEC_ONE)
    throw new InvalidArgumentError("expected 0 to 1, such as 0.1");
  return value;
}

function positive(text: string): bigint {
  const value = parseAmount(text);
  if (value === undefined || value === 0n) throw new InvalidArgumentError("expected a whole number above 0");
  return value;
}

export function addGentxCommands(genesis: Command, context: CliContext): void {
  const gentx = genesis
    .command("gentx")
    .argument("<key>", "name of the operator's key in the keyring, or its address")
    .argument("<amount>", "what the validator stakes itself, such as 1000000ucptm")
    .description("write a transaction by which this node is a validator from the beginning")
    .option("--chain-id <id>", "name of the chain (default: of the genesis file)")
    .option("--moniker <name>", "of the validator (default: of config.toml)")
    .option("--identity <text>", "such as a Keybase signature", "")
    .option("--website <address>", "of the operator", "")
    .option("--security-contact <address>", "e-mail address", "")
    .option("--details <text>", "about the validator", "")
    .addOption(
      new Option("--commission-rate <share>", "of the rewards").argParser(share).default(parseDec("0.1"), "0.1"),
    )
    .addOption(
      new Option("--commission-max-rate <share>", "that the rate can ever reach")
        .argParser(share)
        .default(parseDec("0.2"), "0.2"),
    )
    .addOption(
      new Option("--commission-max-change-rate <share>", "by which the rate can rise in a day")
        .argParser(share)
        .default(parseDec("0.01"), "0.01"),
    )
    .addOption(
      new Option("--min-self-delegation <amount>", "below which the validator is jailed")
        .argParser(positive)
        .default(1n, "1"),
    )
    .option("--ip <address>", "at which other nodes reach this one (default: the first of this machine)")
    .addOption(
      new Option("--p2p-port <port>", "at which other nodes reach this one").argParser(Number).default(P2P_PORT),
    )
    .option("--node-id <id>", "of this node among its peers (default: of node_key.json)")
    .option("--output-document <file>", "write there, not to config/gentx")
    .addHelpText(
      "after",
      "\nExample:\n  computroniumd genesis add-genesis-account alice 1000000000ucptm\n" +
        "  computroniumd genesis gentx alice 500000000ucptm --chain-id my-chain-1\n  computroniumd genesis collect-gentxs",
    );
  addKeyringFlags(gentx).action(async (who: string, amount: string) => {
    const flags = gentx.opts<GentxFlags>();
    const home = homeFor(gentx);
    const client = clientFor(gentx, context);
    const file = readValidGenesis(home.genesis, context.runtime);
    const [selfDelegation, ...others] = parseCoinsText(amount);
    if (selfDelegation === undefined || others.length > 0) throw new Error(`${amount} is not one coin`);
    const key = await client.keyring.privateKey(await keyNameOf(client, who));
    const address = client.addresses.account.encode(addressOf(key.publicKey));
    const has = genesisBalance(file, address, selfDelegation.denom);
    if (has < selfDelegation.amount) {
      throw new Error(
        `${address} has ${has}${selfDelegation.denom} in ${home.genesis}, less than ${amount}: genesis add-genesis-account gives it coins`,
      );
    }
    const id = flags.nodeId ?? nodeId(home.nodeKey);
    const tx = makeGentx(client.addresses, key, {
      chainId: flags.chainId ?? file.chain_id,
      consensusKey: validatorPubKey(home.validatorKey),
      selfDelegation,
      minSelfDelegation: flags.minSelfDelegation,
      commission: {
        rate: flags.commissionRate,
        maxRate: flags.commissionMaxRate,
        maxChangeRate: flags.commissionMaxChangeRate,
      },
      description: {
        moniker: flags.moniker ?? monikerOf(home.configToml),
        identity: flags.identity,
        website: flags.website,
        securityContact: flags.securityContact,
        details: flags.details,
      },
      memo: `${id}@${flags.ip ?? ownAddress()}:${flags.p2pPort}`,
    });
    const written = writeGentx(home, { tx, nodeId: id }, flags.outputDocument);
    context.err(`Genesis transaction written to "${written}"`);
  });

  genesis
    .command("collect-gentxs")
    .option("--gentx-dir <folder>", "where the transactions are (default: config/gentx in the home folder)")
    .description("put the transactions of all first validators into the genesis file, and their nodes among the peers")
    .action((_options, command: Command) => {
      const home = homeFor(command);
      const gentxs = readGentxs(command.opts<{ gentxDir?: string }>().gentxDir ?? gentxFolder(home));
      const genesis = withGentxs(readGenesis(home.genesis), gentxs);
      for (const { file, message } of gentxs) {
        const { denom = "", amount = "0" } = message.value ?? {};
        const address = operatorAccount(message.validatorAddress);
        const has = genesisBalance(genesis, address, denom);
        if (has < BigInt(amount))
          throw new Error(`${file}: ${address} has ${has}${denom} in the genesis file, less than ${amount}`);
      }
      const before = readGenesis(home.genesis);
      writeGenesis(home.genesis, genesis);
      try {
        readValidGenesis(home.genesis, context.runtime);
      } catch (error) {
        writeGenesis(home.genesis, before);
        throw error;
      }
      const id = nodeId(home.nodeKey);
      const peers = peersOf(gentxs, id);
      patchCometConfig(home.configToml, { "p2p.persistent_peers": peers.join(",") });
      context.err(`${gentxs.length} genesis transactions are in ${home.genesis}; persistent_peers: ${peers.length}`);
    });
}

/** The account of an operator, under the prefix of the operator's own address. */
function operatorAccount(operator: string): string {
  const addresses = new Addresses(operator.slice(0, operator.indexOf("valoper1")));
  return addresses.account.encode(addresses.validator.decode(operator) as string as AccAddress);
}

function genesisBalance(file: GenesisFile, address: string, denom: string): bigint {
  const bank = file.app_state["bank"] as { readonly balances?: readonly unknown[] } | undefined;
  for (const entry of bank?.balances ?? []) {
    const { address: of, coins = [] } = entry as { address?: string; coins?: { denom: string; amount: string }[] };
    if (of === address) {
      return amountOf(
        coins.map((coin) => ({ denom: coin.denom, amount: parseAmount(coin.amount) ?? 0n })),
        denom,
      );
    }
  }
  return 0n;
}

/** As config.toml has it. */
function monikerOf(configToml: string): string {
  return /^moniker = "(.*)"$/m.exec(readFileSync(configToml, "utf8"))?.[1] ?? "node";
}

/** The first address of this machine that is not its own loopback. */
function ownAddress(): string {
  for (const found of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of found ?? []) if (family === "IPv4" && !internal) return address;
  }
  return "127.0.0.1";
}
