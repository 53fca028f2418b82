// Tier: make test. Budget: 15 s.
import { createHash } from "node:crypto";

import { createMultisigThresholdPubkey, makeSignDoc, pubkeyToAddress, pubkeyToRawAddress } from "@cosmjs/amino";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { fromBase64, toBase64 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import {
  DirectSecp256k1Wallet,
  encodePubkey,
  makeAuthInfoBytes,
  makeSignBytes,
  makeSignDoc as makeDirectSignDoc,
  Registry,
} from "@cosmjs/proto-signing";
import { AminoTypes, createDefaultAminoConverters, defaultRegistryTypes } from "@cosmjs/stargate";
import { SignMode as CosmjsSignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { describe, expect, it } from "@jest/globals";
import { MultiSignatureSchema } from "@computronium/proto/cosmos/crypto/multisig/v1beta1/multisig_pb.js";
import { AuthInfoSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";

import { toByteString } from "../bytes.js";
import { create, toBinary } from "../codec/protobuf.js";
import { signBytes } from "../codec/sign-bytes.js";
import type { DecodedTx } from "../codec/tx.js";
import { decodeTx } from "../codec/tx.js";
import { addressOf, publicKeyFromAny } from "./public-key.js";
import { verifyTxSignature } from "./tx-signature.js";
import { Verdicts } from "./verdicts.js";

const registry = new Registry(defaultRegistryTypes);
const aminoTypes = new AminoTypes(createDefaultAminoConverters());
const SIGNER = { chainId: "computronium-1", accountNumber: 11n, sequence: 4n };
const FEE = { amount: [{ denom: "ucptm", amount: "2500" }], gas: "180000" };
const MEMO = 'a <memo> & "more"';
const MNEMONIC =
  "economy stock theory fatal elder harbor betray wasp final emotion task crumble siren bottom lizard educate guess current outdoor pair theory focus wife stone";

function send(from: string): EncodeObject {
  return {
    typeUrl: "/cosmos.bank.v1beta1.MsgSend",
    value: { fromAddress: from, toAddress: from, amount: [{ denom: "ucptm", amount: "17" }] },
  };
}

function bodyBytes(messages: readonly EncodeObject[]): Uint8Array {
  return registry.encodeTxBody({ messages: [...messages], memo: MEMO });
}

/** A transaction as cosmjs writes it: the same fields in the same order as TxRaw. */
function rawTx(body: Uint8Array, authInfo: Uint8Array, signature: Uint8Array): Uint8Array {
  const field = (number: number, bytes: Uint8Array): Buffer => {
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
    return Buffer.concat([Buffer.of(number * 8 + 2, ...length), bytes]);
  };
  return Buffer.concat([field(1, body), field(2, authInfo), field(3, signature)]);
}

async function directTx(): Promise<Uint8Array> {
  const wallet = await DirectSecp256k1Wallet.fromKey(createHash("sha256").update("direct").digest(), "cptm");
  const [account] = await wallet.getAccounts();
  const pubkey = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: toBase64(account!.pubkey) });
  const authInfo = makeAuthInfoBytes([{ pubkey, sequence: 4 }], FEE.amount, 180000, undefined, undefined);
  const doc = makeDirectSignDoc(bodyBytes([send(account!.address)]), authInfo, SIGNER.chainId, 11);
  const { signature } = await wallet.signDirect(account!.address, doc);
  const tx = rawTx(doc.bodyBytes, doc.authInfoBytes, fromBase64(signature.signature));
  expect(Buffer.from(signBytes(SignMode.DIRECT, decodeTx(tx), SIGNER))).toEqual(Buffer.from(makeSignBytes(doc)));
  return tx;
}

async function aminoTx(): Promise<Uint8Array> {
  const wallet = await Secp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: "cptm" });
  const [account] = await wallet.getAccounts();
  const message = send(account!.address);
  const doc = makeSignDoc([aminoTypes.toAmino(message)], FEE, SIGNER.chainId, MEMO, 11, 4);
  const { signature, signed } = await wallet.signAmino(account!.address, doc);
  const pubkey = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: toBase64(account!.pubkey) });
  const authInfo = makeAuthInfoBytes(
    [{ pubkey, sequence: 4 }],
    signed.fee.amount,
    180000,
    undefined,
    undefined,
    CosmjsSignMode.SIGN_MODE_LEGACY_AMINO_JSON,
  );
  return rawTx(bodyBytes([message]), authInfo, fromBase64(signature.signature));
}

function keyOf(tx: DecodedTx): ReturnType<typeof publicKeyFromAny> {
  return publicKeyFromAny(tx.authInfo.signerInfos[0]!.publicKey!);
}

function check(bytes: Uint8Array, signer = SIGNER): void {
  const tx = decodeTx(bytes);
  verifyTxSignature({ tx, index: 0, key: keyOf(tx), signer, verdicts: new Verdicts() });
}

describe("signatures that cosmjs makes", () => {
  it("hold in SIGN_MODE_DIRECT, for this chain and account alone", async () => {
    const tx = await directTx();
    expect(() => check(tx)).not.toThrow();
    expect(() => check(tx, { ...SIGNER, chainId: "other" })).toThrow(/unauthorized/);
    expect(() => check(tx, { ...SIGNER, accountNumber: 12n })).toThrow(/unauthorized/);
  });

  it("hold in SIGN_MODE_LEGACY_AMINO_JSON, for this sequence alone", async () => {
    const tx = await aminoTx();
    expect(() => check(tx)).not.toThrow();
    expect(() => check(tx, { ...SIGNER, sequence: 5n })).toThrow(/unauthorized/);
    expect(() => check(tx, { ...SIGNER, chainId: "other" })).toThrow(/unauthorized/);
  });

  it("hold for no other key, and for nothing that was changed", async () => {
    const bytes = await directTx();
    const tx = decodeTx(bytes);
    const key = keyOf(decodeTx(await aminoTx()));
    expect(() => verifyTxSignature({ tx, index: 0, key, signer: SIGNER, verdicts: new Verdicts() })).toThrow(
      /unable to verify/,
    );
    const changed = Uint8Array.from(bytes);
    changed[changed.length - 1]! ^= 1;
    expect(() => check(changed)).toThrow(/unauthorized/);
  });

  it("hold for two of three keys in one, and not for fewer or in another order", async () => {
    const wallets = await Promise.all(
      ["a", "b", "c"].map(async (name) => {
        const entropy = createHash("sha256").update(name).digest();
        const { Bip39 } = await import("@cosmjs/crypto");
        return Secp256k1HdWallet.fromMnemonic(Bip39.encode(entropy).toString(), { prefix: "cptm" });
      }),
    );
    const accounts = await Promise.all(wallets.map(async (wallet) => (await wallet.getAccounts())[0]!));
    const multisig = createMultisigThresholdPubkey(
      accounts.map(({ pubkey }) => ({ type: "tendermint/PubKeySecp256k1", value: toBase64(pubkey) })),
      2,
      true,
    );
    const from = pubkeyToAddress(multisig, "cptm");
    const message = send(from);
    const doc = makeSignDoc([aminoTypes.toAmino(message)], FEE, SIGNER.chainId, MEMO, 11, 4);
    const sign = async (index: number): Promise<Uint8Array> => {
      const { signature } = await wallets[index]!.signAmino(accounts[index]!.address, doc);
      return fromBase64(signature.signature);
    };
    const [first, third] = [await sign(0), await sign(2)];
    const single = { sum: { case: "single" as const, value: { mode: SignMode.LEGACY_AMINO_JSON } } };
    const make = (bits: number, signatures: readonly Uint8Array[]): Uint8Array => {
      const info = {
        publicKey: anyOf(encodePubkey(multisig)),
        sequence: 4n,
        modeInfo: {
          sum: {
            case: "multi" as const,
            value: {
              bitarray: { extraBitsStored: 3, elems: Uint8Array.of(bits) },
              modeInfos: signatures.map(() => single),
            },
          },
        },
      };
      const authInfo = create(AuthInfoSchema, {
        signerInfos: [info],
        fee: { amount: FEE.amount, gasLimit: BigInt(FEE.gas) },
      });
      const signature = toBinary(MultiSignatureSchema, create(MultiSignatureSchema, { signatures: [...signatures] }));
      return rawTx(bodyBytes([message]), toBinary(AuthInfoSchema, authInfo), signature);
    };

    const good = make(0b10100000, [first, third]);
    expect(() => check(good)).not.toThrow();
    expect(addressOf(keyOf(decodeTx(good)))).toBe(toByteString(pubkeyToRawAddress(multisig)));
    expect(() => check(make(0b10000000, [first]))).toThrow(/signature size is incorrect 1/);
    expect(() => check(make(0b10000000, [first, third]))).toThrow(/not enough signatures set/);
    expect(() => check(make(0b11000000, [first, third]))).toThrow(/unable to verify/);
    expect(() => check(make(0b10100000, [third, first]))).toThrow(/unable to verify/);
  });
});

describe("addresses of public keys", () => {
  it("are those of cosmjs, for secp256k1 and ed25519", () => {
    for (const [type, length] of [
      ["tendermint/PubKeySecp256k1", 33],
      ["tendermint/PubKeyEd25519", 32],
    ] as const) {
      const value = Buffer.alloc(length, 2).toString("base64");
      const key = publicKeyFromAny(anyOf(encodePubkey({ type, value })));
      expect(addressOf(key)).toBe(toByteString(pubkeyToRawAddress({ type, value })));
    }
  });

  it("are not made of keys of a wrong length", () => {
    const key = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: toBase64(new Uint8Array(33)) });
    const short = { typeUrl: key.typeUrl, value: Buffer.concat([Buffer.of(10, 32), Buffer.alloc(32)]) };
    expect(() => publicKeyFromAny(anyOf(short))).toThrow(/invalid pubkey/);
  });
});

function anyOf({ typeUrl, value }: { typeUrl: string; value: Uint8Array }): Parameters<typeof publicKeyFromAny>[0] {
  return { $typeName: "google.protobuf.Any", typeUrl, value };
}
