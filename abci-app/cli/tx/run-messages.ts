import type { Any } from "@bufbuild/protobuf/wkt";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";

import type { Client } from "../client/client-flags.js";
import { accountState } from "../client/accounts.js";
import type { Who } from "../client/who.js";
import { keyNameOf } from "../client/who.js";
import type { ToolContext } from "../options.js";
import { broadcast } from "./broadcast.js";
import { unsignedTx } from "./build.js";
import type { TxDocument } from "./document.js";
import { documentToBytes, documentToJson } from "./document.js";
import { signTx } from "./sign.js";
import { sequencesOf, signersOf } from "./signers.js";
import { adjustedGas, simulatedGas } from "./simulate.js";
import type { TxFlags } from "./tx-flags.js";
import { FlagError } from "./tx-flags.js";

const NANOS_PER_MILLISECOND = 1_000_000n;

/**
 * What every `tx <module> <message>` does with its messages: prints them (`--generate-only`), simulates (`--dry-run`), or
 * signs and sends them, after asking.
 */
export async function runMessages(
  messages: readonly Any[],
  {
    client,
    context,
    flags,
    from,
  }: {
    readonly client: Client;
    readonly context: ToolContext;
    readonly flags: TxFlags;
    /** Who signs. */
    readonly from: Who;
  },
): Promise<void> {
  const nowNanos = BigInt(Date.now()) * NANOS_PER_MILLISECOND;
  const draft = unsignedTx(messages, flags, { gas: flags.gas === "auto" ? 0n : flags.gas, nowNanos });
  let tx = draft;
  if (flags.gas === "auto" || flags.dryRun) {
    const gas = await estimate(client, draft, flags);
    context.err(`gas estimate: ${gas}`);
    if (flags.dryRun) return;
    tx = unsignedTx(messages, flags, { gas, nowNanos });
  }
  if (flags.generateOnly) return context.out(documentToJson(tx));

  const signers = signersOf(client.addresses, tx);
  if (signers.length > 1) {
    throw new FlagError(
      `the transaction needs the signatures of ${signers.join(", ")}: make it with --generate-only, and let each run tx sign`,
    );
  }
  // First what can fail without a question.
  requireChainId(client);
  const name = await keyNameOf(client, from.text);
  const key = await client.keyring.privateKey(name);
  const account = await accountFor(client, flags, from.text);
  if (!flags.yes) {
    context.err(documentToJson(tx));
    if (!(await context.terminal.confirm("confirm transaction before signing and broadcasting"))) {
      throw new Error("canceled transaction: nothing was sent");
    }
  }
  const mode = flags.signMode === "amino-json" ? SignMode.LEGACY_AMINO_JSON : SignMode.DIRECT;
  const signed = signTx(tx, { key, mode, signer: account, order: [from.address] }, { alone: true });
  await broadcast(client, context, documentToBytes(signed));
}

async function estimate({ rpc, addresses }: Client, draft: TxDocument, flags: TxFlags): Promise<bigint> {
  const sequences = flags.unordered ? [0n] : await sequencesOf(rpc, signersOf(addresses, draft));
  return adjustedGas(await simulatedGas(rpc, draft, sequences), flags.gasAdjustment);
}

/** The chain's name that is signed for. Throws when nothing says it: no node is trusted to. */
export function requireChainId({ config }: Pick<Client, "config">): string {
  const chainId = config["chain-id"];
  if (chainId === "") throw new FlagError("which chain? Give --chain-id, or keep it: config set client chain-id <id>");
  return chainId;
}

/** What a signature is over beside the transaction: from flags when offline, else from the node. */
export async function accountFor(
  client: Client,
  flags: Pick<TxFlags, "offline" | "accountNumber" | "sequence" | "unordered">,
  address: string,
): Promise<{ readonly chainId: string; readonly accountNumber: bigint; readonly sequence: bigint }> {
  const chainId = requireChainId(client);
  if (flags.offline) {
    const { accountNumber, sequence = flags.unordered ? 0n : undefined } = flags;
    if (accountNumber === undefined || sequence === undefined)
      throw new FlagError("--offline needs --account-number and --sequence, which no node is asked for");
    return { chainId, accountNumber, sequence };
  }
  const state = await accountState(client.rpc, address);
  return {
    chainId,
    accountNumber: flags.accountNumber ?? state.accountNumber,
    sequence: flags.unordered ? 0n : (flags.sequence ?? state.sequence),
  };
}
