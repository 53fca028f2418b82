import { setTimeout as sleep } from "node:timers/promises";

import { MsgMultiSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { z } from "zod";

import type { Coins } from "../../core/math/coins.js";
import { coinMessages, coinsOf, formatCoins, parseCoinsText } from "../../core/math/coins.js";
import { CometRpcError, CometUnreachableError } from "../comet-rpc/client.js";
import { Giver } from "../faucet/giver.js";
import { WindowLimit } from "../faucet/limits.js";
import { startFaucetServer } from "../faucet/server.js";
import { parseListenAddress } from "./faucet-listen.js";
import type { Client } from "./client/client-flags.js";
import { clientFor } from "./client/client-flags.js";
import { keyNameOf } from "./client/who.js";
import type { ToolContext } from "./options.js";
import { nanosOfDuration } from "./proto/duration.js";
import { messageOf, unsignedTx } from "./tx/build.js";
import { documentToBytes } from "./tx/document.js";
import { fromOf } from "./tx/message-commands.js";
import { accountFor, requireChainId } from "./tx/run-messages.js";
import { signTx } from "./tx/sign.js";
import { sequencesOf } from "./tx/signers.js";
import { adjustedGas, simulatedGas } from "./tx/simulate.js";
import type { TxFlags } from "./tx/tx-flags.js";
import { addTxFlags, readTxFlags } from "./tx/tx-flags.js";

const POLL_MILLISECONDS = 200;
const IN_BLOCK_MILLISECONDS = 60_000;
const HOUR = 3_600_000;

interface FaucetFlags {
  readonly listen: string;
  readonly amount: string;
  readonly addressWindow: number;
  readonly ipMax: number;
  readonly ipWindow: number;
  readonly trustProxy: boolean;
}

const duration = (text: string): number => {
  const nanos = nanosOfDuration(text);
  if (nanos === undefined || nanos === 0n) throw new InvalidArgumentError("a duration such as 24h");
  return Number(nanos / 1_000_000n);
};

export function addFaucetCommand(program: Command, context: ToolContext): void {
  const command = program
    .command("faucet")
    .description("give coins away over HTTP, on networks whose coins are worth nothing")
    .option("--amount <coins>", "what each request gets", "1000000ucptm")
    .option("--listen <address>", "host:port", "127.0.0.1:8000")
    .addOption(
      new Option("--address-window <duration>", "an address gets coins once in it")
        .argParser(duration)
        .default(24 * HOUR, "24h"),
    )
    .addOption(
      new Option("--ip-max <number>", "requests of one machine within --ip-window").default(10).argParser((text) => {
        if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("a number from 1");
        return Number(text);
      }),
    )
    .addOption(new Option("--ip-window <duration>", "for --ip-max").argParser(duration).default(HOUR, "1h"))
    .option(
      "--trust-proxy",
      "the client is the last address in X-Forwarded-For: only behind a proxy that sets it",
      false,
    );
  addTxFlags(command).addHelpText(
    "after",
    '\nPOST /credit with {"address":"cptm1…"} answers when the coins are in a block. GET /status says what is given.\n' +
      "\nExample:\n  computroniumd faucet --from faucet --keyring-backend test --gas-prices 0.0025ucptm --gas auto",
  );
  command.action(async () => {
    const flags = readTxFlags(command);
    const own = command.opts<FaucetFlags>();
    const listen = parseListenAddress(own.listen);
    const client = clientFor(command, context);
    const amount = parseCoinsText(own.amount);
    const chainId = requireChainId(client);
    const from = await fromOf(client, flags.from);
    const pay = await payer(client, { flags, amount, from: from.text });
    const giver = new Giver(pay);
    const server = await startFaucetServer(
      {
        chainId,
        amount: formatCoins(amount),
        address: from.text,
        checkAddress: (text) => client.addresses.account.encode(client.addresses.account.decode(text)),
        give: (address) => giver.give(address),
        perAddress: new WindowLimit({ max: 1, windowMilliseconds: own.addressWindow }, Date.now),
        perClient: new WindowLimit({ max: own.ipMax, windowMilliseconds: own.ipWindow }, Date.now),
        trustProxy: own.trustProxy,
        log: context.err,
      },
      listen,
    );
    context.out(`faucet of ${chainId} at ${server.url} gives ${formatCoins(amount)} of ${from.text}`);
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    await server.close();
  });
}

/** Sends the amount to several addresses in one transaction, and waits for its block. */
async function payer(
  client: Client,
  { flags, amount, from }: { readonly flags: TxFlags; readonly amount: Coins; readonly from: string },
): Promise<(addresses: readonly string[]) => Promise<string>> {
  const key = await client.keyring.privateKey(await keyNameOf(client, from));
  return async (addresses) => {
    const count = BigInt(addresses.length);
    const total = coinMessages(coinsOf(amount.map((coin) => ({ denom: coin.denom, amount: coin.amount * count }))));
    const message = messageOf(MsgMultiSendSchema, {
      inputs: [{ address: from, coins: total.map((coin) => ({ ...coin })) }],
      outputs: addresses.map((address) => ({ address, coins: coinMessages(amount).map((coin) => ({ ...coin })) })),
    });
    const nowNanos = BigInt(Date.now()) * 1_000_000n;
    let gas = flags.gas === "auto" ? 0n : flags.gas;
    if (flags.gas === "auto") {
      const draft = unsignedTx([message], flags, { gas, nowNanos });
      gas = adjustedGas(
        await simulatedGas(client.rpc, draft, await sequencesOf(client.rpc, [from])),
        flags.gasAdjustment,
      );
    }
    const tx = unsignedTx([message], flags, { gas, nowNanos });
    const signer = await accountFor(client, flags, from);
    const signed = signTx(tx, { key, mode: SignMode.DIRECT, signer, order: [] }, { alone: true });
    const { code, log, hash } = await client.rpc.broadcast("sync", documentToBytes(signed));
    if (code !== 0) throw new Error(log);
    await inBlock(client, hash);
    return hash;
  };
}

const outcome = z.object({ tx_result: z.object({ code: z.number().default(0), log: z.string().default("") }) });

async function inBlock({ rpc }: Client, hash: string): Promise<void> {
  for (const end = Date.now() + IN_BLOCK_MILLISECONDS; ; await sleep(POLL_MILLISECONDS)) {
    try {
      const found = await rpc.call("tx", outcome, { hash: Buffer.from(hash, "hex").toString("base64") });
      if (found.tx_result.code !== 0) throw new Error(found.tx_result.log);
      return;
    } catch (error) {
      const isYetToCome = error instanceof CometRpcError || error instanceof CometUnreachableError;
      if (!isYetToCome || Date.now() > end) throw error;
    }
  }
}
