import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { StdFee } from "@cosmjs/amino";
import { makeSignDoc as makeAminoSignDoc, Secp256k1Wallet } from "@cosmjs/amino";
import { fromBase64 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet, encodePubkey, makeAuthInfoBytes, makeSignDoc, Registry } from "@cosmjs/proto-signing";
import { AminoTypes, createBankAminoConverters, defaultRegistryTypes } from "@cosmjs/stargate";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { BasicAllowanceSchema } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import { GenesisStateSchema as BankGenesisSchema } from "@computronium/proto/cosmos/bank/v1beta1/genesis_pb.js";
import type { AccAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { packAny } from "../../core/codec/registry.js";
import { decodeTx } from "../../core/codec/tx.js";
import { Verdicts } from "../../core/crypto/verdicts.js";
import { RegisteredError } from "../../core/errors.js";
import { parseDec } from "../../core/math/dec.js";
import type { BlockInfo, ExecMode } from "../../core/runtime/context.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { TEST_BLOCK, memoryContext, memoryStores } from "../../core/testing/memory.js";
import { AccountKeeper, authModule } from "../../modules/auth/index.js";
import { BankKeeper, bankModule } from "../../modules/bank/index.js";
import { FeegrantKeeper } from "../../modules/feegrant/index.js";
import type { GasPrice } from "../../abci-app/ante/index.js";
import { anteHandler } from "../../abci-app/ante/index.js";

export const CHAIN_ID = TEST_BLOCK.chainId;
/** A private key of 32 times this byte. */
export const keyOf = (byte: number) => new Uint8Array(32).fill(byte);
export const registry = new Registry(defaultRegistryTypes);
export const aminoTypes = new AminoTypes(createBankAminoConverters());

/** The whole ante chain over real modules in memory, and one account that signs with the key of 32 times 1. */
export async function anteChain(
  options: {
    readonly minGasPrice?: string;
    readonly maxBlockGas?: bigint;
    readonly baseFee?: GasPrice;
    readonly balance?: string;
  } = {},
) {
  const wallet = await DirectSecp256k1Wallet.fromKey(keyOf(1), "cptm");
  const { address: sender, pubkey } = (await wallet.getAccounts())[0]!;
  const aminoWallet = await Secp256k1Wallet.fromKey(keyOf(1), "cptm");
  const addresses = new Addresses("cptm");
  const accounts = new AccountKeeper({ addresses, moduleAccounts: [{ name: "fee_collector", permissions: [] }] });
  const bank = new BankKeeper({ accounts });
  const price = options.minGasPrice === undefined ? undefined : parseDec(options.minGasPrice)!;
  const verdicts = new Verdicts();
  const feegrants = new FeegrantKeeper({ addresses, accounts, bank });
  const ante = anteHandler({
    accounts,
    fees: bank.openPurse("fee_collector"),
    feegrants,
    minGasPrices: price === undefined ? [] : [{ denom: "ucptm", amount: price }],
    maxBlockGas: () => options.maxBlockGas,
    baseFee: () => options.baseFee,
    verdicts,
  });
  const stores = memoryStores();
  const genesis = memoryContext(stores, { mode: "genesis" });
  const auth = authModule(accounts).genesis!;
  auth.init(genesis, auth.defaults());
  const bankPart = bankModule(bank).genesis!;
  const coins = [{ denom: "ucptm", amount: options.balance ?? "1000000" }];
  bankPart.init(
    genesis,
    create(BankGenesisSchema, { params: { defaultSendEnabled: true }, balances: [{ address: sender, coins }] }),
  );
  const fund = (address: string) => accounts.create(genesis, addresses.account.decode(address));
  const { accountNumber } = fund(sender);

  /** Runs the chain as the block driver does: on a branch that is kept when it returns. */
  function run(raw: Uint8Array, as: { readonly mode?: ExecMode; readonly block?: Partial<BlockInfo> } = {}) {
    const tx = decodeTx(raw);
    const gas = as.mode === "simulate" ? GasMeter.unlimited() : GasMeter.limited(tx.authInfo.fee?.gasLimit ?? 0n);
    const root = memoryContext(stores, { ...as, gas });
    const branch = root.branch();
    ante(branch.context, tx);
    branch.commit();
    return { gas, events: root.events.list() };
  }
  function failure(raw: Uint8Array, as: Parameters<typeof run>[1] = {}) {
    try {
      run(raw, as);
    } catch (error) {
      if (error instanceof RegisteredError) return [error.codespace, error.code, error.message] as const;
      throw error;
    }
    throw new Error("the transaction passed");
  }
  const account = (address = sender) => accounts.get(genesis, addresses.account.decode(address));
  const balance = (address: string) => bank.balance(genesis, addresses.account.decode(address), "ucptm");
  const addressOf = (byte: number) => addresses.account.encode(String.fromCharCode(byte).repeat(20) as AccAddress);
  /** Lets a rich account pay fees for the sender. */
  const sponsor = (byte: number, allowance: MessageInitShape<typeof BasicAllowanceSchema>) => {
    const granter = addresses.account.decode(addressOf(byte));
    accounts.create(genesis, granter);
    bank.setBalance(genesis, { address: granter, denom: "ucptm", before: 0n, after: 1_000_000n });
    feegrants.grant(
      genesis,
      granter,
      addresses.account.decode(sender),
      packAny(BasicAllowanceSchema, create(BasicAllowanceSchema, allowance)),
    );
    return addressOf(byte);
  };
  const contextAt = (as: Parameters<typeof run>[1]) => memoryContext(stores, as);
  return {
    addressOf,
    sponsor,
    contextAt,
    wallet,
    aminoWallet,
    sender,
    pubkey,
    accountNumber,
    accounts,
    bank,
    feegrants,
    genesis,
    run,
    failure,
    account,
    balance,
    fund,
    verdicts,
  };
}

export type AnteChain = Awaited<ReturnType<typeof anteChain>>;

export const sendMessage = (from: string): EncodeObject => ({
  typeUrl: "/cosmos.bank.v1beta1.MsgSend",
  value: { fromAddress: from, toAddress: from, amount: [{ denom: "ucptm", amount: "1" }] },
});

export interface TxOptions {
  readonly sequence?: number;
  readonly accountNumber?: bigint;
  readonly chainId?: string;
  readonly fee?: readonly { readonly denom: string; readonly amount: string }[];
  readonly gas?: number;
  readonly granter?: string;
  readonly body?: Partial<TxBody>;
}

/** The bytes of a bank send of one unit, signed by cosmjs in SIGN_MODE_DIRECT. */
export async function direct(
  { wallet, sender, pubkey, accountNumber }: AnteChain,
  options: TxOptions = {},
): Promise<Uint8Array> {
  const value = {
    messages: [registry.encodeAsAny(sendMessage(sender))],
    memo: "",
    ...options.body,
  };
  const bodyBytes = TxBody.encode(TxBody.fromPartial(value)).finish();
  const key = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(pubkey).toString("base64") });
  const fee = options.fee ?? [{ denom: "ucptm", amount: "500" }];
  const authInfo = makeAuthInfoBytes(
    [{ pubkey: key, sequence: options.sequence ?? 0 }],
    fee,
    options.gas ?? 200_000,
    options.granter,
    undefined,
  );
  const number = Number(options.accountNumber ?? accountNumber);
  const doc = makeSignDoc(bodyBytes, authInfo, options.chainId ?? CHAIN_ID, number);
  const { signed, signature } = await wallet.signDirect(sender, doc);
  return TxRaw.encode(
    TxRaw.fromPartial({
      bodyBytes: signed.bodyBytes,
      authInfoBytes: signed.authInfoBytes,
      signatures: [fromBase64(signature.signature)],
    }),
  ).finish();
}

export const STD_FEE: StdFee = { amount: [{ denom: "ucptm", amount: "500" }], gas: "200000" };

/** The same, in SIGN_MODE_LEGACY_AMINO_JSON. */
export async function amino(
  { aminoWallet, sender, pubkey, accountNumber }: AnteChain,
  sequence = 0,
): Promise<Uint8Array> {
  const message = sendMessage(sender);
  const doc = makeAminoSignDoc(
    [aminoTypes.toAmino(message)],
    STD_FEE,
    CHAIN_ID,
    "by amino",
    Number(accountNumber),
    sequence,
  );
  const { signed, signature } = await aminoWallet.signAmino(sender, doc);
  const key = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(pubkey).toString("base64") });
  const authInfo = makeAuthInfoBytes(
    [{ pubkey: key, sequence: Number(signed.sequence) }],
    signed.fee.amount,
    Number(signed.fee.gas),
    undefined,
    undefined,
    SignMode.SIGN_MODE_LEGACY_AMINO_JSON,
  );
  const bodyBytes = TxBody.encode(
    TxBody.fromPartial({ messages: [registry.encodeAsAny(message)], memo: signed.memo }),
  ).finish();
  return TxRaw.encode(
    TxRaw.fromPartial({ bodyBytes, authInfoBytes: authInfo, signatures: [fromBase64(signature.signature)] }),
  ).finish();
}
