import {
  CompactBitArraySchema,
  MultiSignatureSchema,
} from "@computronium/proto/cosmos/crypto/multisig/v1beta1/multisig_pb.js";
import { ModeInfoSchema, SignerInfoSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import type { Command } from "commander";

import { create, toBinary } from "../../../core/codec/protobuf.js";
import { signBytes } from "../../../core/codec/sign-bytes.js";
import type { DecodedTx } from "../../../core/codec/tx.js";
import type { MultisigKey, PublicKey } from "../../../core/crypto/key-address.js";
import { addressOf } from "../../../core/crypto/key-address.js";
import { Verdicts } from "../../../core/crypto/verdicts.js";
import type { Client } from "../client/client-flags.js";
import { clientFor } from "../client/client-flags.js";
import { keyNameOf } from "../client/who.js";
import type { ToolContext } from "../options.js";
import type { TxDocument } from "./document.js";
import { decodedDocument, documentToJson, publicKeyToAny } from "./document.js";
import { readDocument, readInput, writeResult } from "./files.js";
import { accountFor } from "./run-messages.js";
import { placed } from "./sign.js";
import { signingOrder } from "./signers.js";
import type { LooseSignature } from "./signature-json.js";
import { signaturesFromJson } from "./signature-json.js";
import { addSignFlags, readTxFlags } from "./tx-flags.js";

interface Account {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export function addMultisignCommand(tx: Command, context: ToolContext): void {
  const command = tx
    .command("multi-sign")
    .alias("multisign")
    .argument("<file>", "transaction in JSON, unsigned")
    .argument("<key>", "the multisig key in the keyring")
    .argument("<signatures...>", "files that members made with tx sign --multisig")
    .description("put the signatures of a multisig's members together")
    .option("--skip-signature-verification", "take signatures as they are", false)
    .option("--output-document <file>", "write there, not to standard output");
  addSignFlags(command).addHelpText(
    "after",
    "\nExample:\n  computroniumd tx multisign unsigned.json team alice.json bob.json > signed.json",
  );
  command.action(async (file: string, keyName: string, signatureFiles: readonly string[]) => {
    const flags = readTxFlags(command);
    const client = clientFor(command, context);
    const own = command.opts<{ skipSignatureVerification: boolean; outputDocument?: string }>();
    const document = await readDocument(context, file);
    const signatures: LooseSignature[] = [];
    for (const path of signatureFiles) signatures.push(...signaturesFromJson(await readInput(context, path), path));
    const key = await multisigKey(client, keyName);
    const account = await accountFor(
      client,
      { ...flags, unordered: document.body?.unordered === true },
      client.addresses.account.encode(addressOf(key)),
    );
    if (!own.skipSignatureVerification) verifyAll(client, { tx: decodedDocument(document), signatures, account });
    writeResult(
      context,
      documentToJson(combined(client, document, { key, signatures, sequence: account.sequence })),
      own.outputDocument,
    );
  });
}

async function multisigKey(client: Client, name: string): Promise<MultisigKey> {
  const { publicKey } = await client.keyring.get(await keyNameOf(client, name));
  if (publicKey.kind !== "multisig") throw new Error(`${name} is no multisig key`);
  return publicKey;
}

function verifyAll(
  { addresses }: Client,
  {
    tx,
    signatures,
    account,
  }: { readonly tx: DecodedTx; readonly signatures: readonly LooseSignature[]; readonly account: Account },
): void {
  const verdicts = new Verdicts();
  for (const { key, mode, signature } of signatures) {
    if (key.kind === "secp256k1" && verdicts.verify(key.key, signature, signBytes(mode, tx, account))) continue;
    const { chainId, accountNumber, sequence } = account;
    throw new Error(
      `couldn't verify signature for address ${addresses.account.encode(addressOf(key))}: was it made for this transaction, ` +
        `chain ${chainId}, account number ${accountNumber} and sequence ${sequence}?`,
    );
  }
}

/** The transaction with the multisig as its signer. Signatures stand in the order of the keys. */
function combined(
  { addresses }: Client,
  document: TxDocument,
  {
    key,
    signatures,
    sequence,
  }: { readonly key: MultisigKey; readonly signatures: readonly LooseSignature[]; readonly sequence: bigint },
): TxDocument {
  const given = new Map<number, LooseSignature>();
  for (const signature of signatures) {
    const index = key.keys.findIndex((member: PublicKey) => addressOf(member) === addressOf(signature.key));
    if (index < 0)
      throw new Error(`${addresses.account.encode(addressOf(signature.key))} is no member of the multisig key`);
    given.set(index, signature);
  }
  if (given.size < key.threshold)
    throw new Error(`the multisig key needs ${key.threshold} signatures, there are ${given.size}`);
  const inOrder = [...given].sort(([a], [b]) => a - b);
  const elems = new Uint8Array(Math.ceil(key.keys.length / 8));
  // The first bit is the highest of the first byte (CompactBitArray).
  for (const [index] of inOrder) elems[index >> 3] = (elems[index >> 3] ?? 0) | (0x80 >> (index & 7));
  const order = signingOrder(addresses, document);
  const info = create(SignerInfoSchema, {
    publicKey: publicKeyToAny(key),
    sequence,
    modeInfo: {
      sum: {
        case: "multi",
        value: {
          bitarray: create(CompactBitArraySchema, { extraBitsStored: key.keys.length % 8, elems }),
          modeInfos: inOrder.map(([, { mode }]) =>
            create(ModeInfoSchema, { sum: { case: "single", value: { mode } } }),
          ),
        },
      },
    },
  });
  const all = create(MultiSignatureSchema, { signatures: inOrder.map(([, { signature }]) => signature) });
  return placed(document, { info, key, signature: toBinary(MultiSignatureSchema, all), order }).tx;
}
