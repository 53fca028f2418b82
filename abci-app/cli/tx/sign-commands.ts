import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import type { Command } from "commander";

import type { Client } from "../client/client-flags.js";
import { clientFor } from "../client/client-flags.js";
import { keyNameOf, whoIs } from "../client/who.js";
import type { ToolContext } from "../options.js";
import type { PrivateKey } from "../../keyring/private-key.js";
import type { TxDocument } from "./document.js";
import { documentToJson } from "./document.js";
import { readBatch, readDocument, writeResult } from "./files.js";
import { fromOf } from "./message-commands.js";
import { accountFor } from "./run-messages.js";
import { memberSignature, ownSignature, signTx } from "./sign.js";
import { signaturesToJson } from "./signature-json.js";
import { signingOrder } from "./signers.js";
import type { TxFlags } from "./tx-flags.js";
import { addSignFlags, readTxFlags } from "./tx-flags.js";

interface SignFlags {
  readonly multisig?: string;
  readonly signatureOnly: boolean;
  readonly overwrite?: boolean;
  readonly outputDocument?: string;
}

export function addSignCommands(tx: Command, context: ToolContext): void {
  const sign = tx
    .command("sign")
    .argument("<file>", "transaction in JSON, as --generate-only prints it; - for standard input")
    .description("sign a transaction of a file")
    .option("--multisig <account>", "sign as a member of this multisig account; prints the signature alone")
    .option("--signature-only", "print the signature alone", false)
    .option("--overwrite", "drop the signatures that are there", false)
    .option("--output-document <file>", "write there, not to standard output");
  addSignFlags(sign).addHelpText(
    "after",
    "\nExamples:\n  computroniumd tx sign unsigned.json --from alice > signed.json\n" +
      "  computroniumd tx sign unsigned.json --from alice --multisig team > alice.json",
  );
  sign.action(async (file: string) => {
    const flags = readTxFlags(sign);
    const client = clientFor(sign, context);
    const own = sign.opts<SignFlags>();
    const document = await readDocument(context, file);
    const signer = await openSigner(client, flags, own);
    writeResult(context, signOne(document, signer, { ...own, sequence: signer.account.sequence }), own.outputDocument);
  });

  const batch = tx
    .command("sign-batch")
    .argument("<files...>", "files with a transaction in each line; - for standard input")
    .description("sign transactions one after the other, each with the next sequence")
    .option("--multisig <account>", "sign as a member of this multisig account; prints the signatures alone")
    .option("--signature-only", "print the signatures alone", false)
    .option("--output-document <file>", "write there, not to standard output");
  addSignFlags(batch).addHelpText(
    "after",
    "\nExample:\n  computroniumd tx sign-batch unsigned.jsonl --from alice > signed.jsonl",
  );
  batch.action(async (files: readonly string[]) => {
    const flags = readTxFlags(batch);
    const client = clientFor(batch, context);
    const own = batch.opts<SignFlags>();
    const documents = await readBatch(context, files);
    const signer = await openSigner(client, flags, own);
    const lines = documents.map((document, i) =>
      signOne(document, signer, {
        ...own,
        sequence: signer.account.sequence + (document.body?.unordered === true ? 0n : BigInt(i)),
      }),
    );
    writeResult(context, lines.join("\n"), own.outputDocument);
  });
}

interface Signer {
  readonly client: Client;
  readonly key: PrivateKey;
  /** The account that is signed for: the key's own, or the multisig's. */
  readonly address: string;
  readonly isMember: boolean;
  readonly mode: SignMode.DIRECT | SignMode.LEGACY_AMINO_JSON;
  readonly account: { readonly chainId: string; readonly accountNumber: bigint; readonly sequence: bigint };
}

async function openSigner(client: Client, flags: TxFlags, { multisig }: SignFlags): Promise<Signer> {
  const from = await fromOf(client, flags.from);
  const key = await client.keyring.privateKey(await keyNameOf(client, from.text));
  const address = multisig === undefined ? from.text : (await whoIs(client, multisig)).text;
  const account = await accountFor(client, flags, address);
  // Members of a multisig do not know in which order the others sign: amino JSON does not show it.
  const isAmino = flags.signMode === undefined ? multisig !== undefined : flags.signMode === "amino-json";
  if (multisig !== undefined && !isAmino) throw new Error("members of a multisig sign with --sign-mode amino-json");
  return {
    client,
    key,
    address,
    account,
    isMember: multisig !== undefined,
    mode: isAmino ? SignMode.LEGACY_AMINO_JSON : SignMode.DIRECT,
  };
}

function signOne(document: TxDocument, signer: Signer, options: SignFlags & { readonly sequence: bigint }): string {
  const { client, key, mode, address, account } = signer;
  const order = signingOrder(client.addresses, document);
  const signers = order.map((one) => client.addresses.account.encode(one));
  if (!signers.includes(address)) {
    throw new Error(
      `tx intended signer does not match the given signer: ${address} does not have to sign it; ${signers.join(", ")} do`,
    );
  }
  const sequence = document.body?.unordered === true ? 0n : options.sequence;
  const data = { ...account, sequence };
  if (signer.isMember || options.signatureOnly) {
    const signature = signer.isMember
      ? memberSignature(document, { key, mode, signer: data })
      : ownSignature(document, { key, mode, signer: data, order }, { alone: options.overwrite === true });
    return signaturesToJson([{ key: key.publicKey, mode, signature, sequence }]);
  }
  return documentToJson(signTx(document, { key, mode, signer: data, order }, { alone: options.overwrite === true }));
}
