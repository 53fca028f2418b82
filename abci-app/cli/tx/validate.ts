import type { Command } from "commander";

import { addressOf } from "../../../core/crypto/key-address.js";
import { publicKeyFromAny } from "../../../core/crypto/public-key.js";
import { verifyTxSignature } from "../../../core/crypto/tx-signature.js";
import { Verdicts } from "../../../core/crypto/verdicts.js";
import type { Client } from "../client/client-flags.js";
import { clientFor } from "../client/client-flags.js";
import type { ToolContext } from "../options.js";
import type { TxDocument } from "./document.js";
import { decodedDocument } from "./document.js";
import { readDocument } from "./files.js";
import { accountFor } from "./run-messages.js";
import { signersOf } from "./signers.js";
import type { TxFlags } from "./tx-flags.js";
import { addSignFlags, readTxFlags } from "./tx-flags.js";

export function addValidateCommand(tx: Command, context: ToolContext): void {
  const command = tx
    .command("validate-signatures")
    .argument("<file>", "signed transaction in JSON; - for standard input")
    .description("say who has to sign a transaction, and whose signatures are good");
  addSignFlags(command).addHelpText("after", "\nExample:\n  computroniumd tx validate-signatures signed.json");
  command.action(async (file: string) => {
    const document = await readDocument(context, file);
    const isGood = await report(clientFor(command, context), {
      document,
      flags: readTxFlags(command),
      out: context.out,
    });
    if (!isGood) throw new Error("signatures validation failed");
  });
}

/** Prints what the SDK prints; returns whether all is signed, in order, by the right keys. */
async function report(
  client: Client,
  {
    document,
    flags,
    out,
  }: { readonly document: TxDocument; readonly flags: TxFlags; readonly out: (text: string) => void },
): Promise<boolean> {
  const tx = decodedDocument(document);
  const signers = signersOf(client.addresses, document);
  const infos = document.authInfo?.signerInfos ?? [];
  let isGood = infos.length === signers.length && document.signatures.length === signers.length;
  out("Signers:");
  signers.forEach((address, i) => out(`  ${i}: ${address}`));
  out("");
  out("Signatures:");
  const verdicts = new Verdicts();
  for (const [index, info] of infos.entries()) {
    if (info.publicKey === undefined) {
      out(`  ${index}: no public key`);
      isGood = false;
      continue;
    }
    const key = publicKeyFromAny(info.publicKey);
    const address = client.addresses.account.encode(addressOf(key));
    let verdict = "OK";
    if (address !== signers[index]) verdict = `ERROR: signature ${index} does not belong to signer ${index}`;
    else if (flags.offline) verdict = "not verified: --offline";
    else {
      const account = await accountFor(
        client,
        { ...flags, sequence: info.sequence, unordered: document.body?.unordered === true },
        address,
      );
      try {
        verifyTxSignature({ tx, index, key, signer: account, verdicts });
      } catch (error) {
        verdict = `ERROR: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    if (verdict.startsWith("ERROR")) isGood = false;
    out(`  ${index}: ${address}\t[${verdict}]`);
  }
  return isGood;
}
