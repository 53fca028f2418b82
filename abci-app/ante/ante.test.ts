/** Tier: test. Budget: 5 s. Transactions signed by cosmjs through the whole ante chain, over real modules in memory. */
import { describe, expect, it } from "@jest/globals";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { MultisigThresholdPubkey, StdFee } from "@cosmjs/amino";
import {
  createMultisigThresholdPubkey,
  makeSignDoc as makeAminoSignDoc,
  pubkeyToAddress,
  Secp256k1Wallet,
} from "@cosmjs/amino";
import { fromBase64 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet, encodePubkey, makeAuthInfoBytes, makeSignDoc, Registry } from "@cosmjs/proto-signing";
import { AminoTypes, createBankAminoConverters, defaultRegistryTypes } from "@cosmjs/stargate";
import { CompactBitArray, MultiSignature } from "cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
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
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { TEST_BLOCK, memoryContext, memoryStores } from "../../core/testing/memory.js";
import { AccountKeeper, authModule } from "../../modules/auth/index.js";
import { unorderedNonces } from "../../modules/auth/state.js";
import { BankKeeper, bankModule } from "../../modules/bank/index.js";
import { FeegrantKeeper } from "../../modules/feegrant/index.js";
import type { GasPrice } from "./index.js";
import { anteHandler } from "./index.js";

const CHAIN_ID = TEST_BLOCK.chainId;
/** A private key of 32 times this byte. */
const keyOf = (byte: number) => new Uint8Array(32).fill(byte);
const registry = new Registry(defaultRegistryTypes);
const aminoTypes = new AminoTypes(createBankAminoConverters());

async function setUp(
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

type Chain = Awaited<ReturnType<typeof setUp>>;

const sendMessage = (from: string): EncodeObject => ({
  typeUrl: "/cosmos.bank.v1beta1.MsgSend",
  value: { fromAddress: from, toAddress: from, amount: [{ denom: "ucptm", amount: "1" }] },
});

interface TxOptions {
  readonly sequence?: number;
  readonly accountNumber?: bigint;
  readonly chainId?: string;
  readonly fee?: readonly { readonly denom: string; readonly amount: string }[];
  readonly gas?: number;
  readonly granter?: string;
  readonly body?: Partial<TxBody>;
}

async function direct({ wallet, sender, pubkey, accountNumber }: Chain, options: TxOptions = {}): Promise<Uint8Array> {
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

const STD_FEE: StdFee = { amount: [{ denom: "ucptm", amount: "500" }], gas: "200000" };

async function amino({ aminoWallet, sender, pubkey, accountNumber }: Chain, sequence = 0): Promise<Uint8Array> {
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

describe("a transaction that is in order", () => {
  it("pays its fee, sets the key of a new account and takes its sequence", async () => {
    const chain = await setUp();
    const { events, gas } = chain.run(await direct(chain));
    expect(chain.balance(chain.sender)).toBe(999_500n);
    expect(chain.account()).toMatchObject({ sequence: 1n, pubKey: { typeUrl: "/cosmos.crypto.secp256k1.PubKey" } });
    const tx = events.filter(({ type }) => type === "tx").map(({ attributes }) => attributes.map(({ key }) => key));
    expect(tx).toEqual([["fee", "fee_payer"], ["acc_seq"], ["signature"]]);
    expect(events.map(({ type }) => type)).toEqual([
      "coin_spent",
      "coin_received",
      "transfer",
      "message",
      "tx",
      "tx",
      "tx",
    ]);
    expect(events[4]!.attributes).toEqual([
      { key: "fee", value: "500ucptm" },
      { key: "fee_payer", value: chain.sender },
    ]);
    expect(events[5]!.attributes[0]!.value).toBe(`${chain.sender}/0`);
    // A send costs 20,000 or so beyond this: clients' default of 100,000 must hold.
    expect(gas.used).toBeGreaterThan(10_000);
    expect(gas.used).toBeLessThan(60_000);
  });

  it("may be one of many of one account before the first is in a block", async () => {
    const chain = await setUp();
    for (let sequence = 0; sequence < 20; sequence++) chain.run(await direct(chain, { sequence }), { mode: "check" });
    expect(chain.account()?.sequence).toBe(20n);
  });

  it("may be signed as amino JSON", async () => {
    const chain = await setUp();
    chain.run(await amino(chain));
    expect(chain.account()?.sequence).toBe(1n);
  });

  it("may be signed by two of three keys", async () => {
    const chain = await setUp();
    const wallets = await Promise.all([3, 4, 5].map((byte) => Secp256k1Wallet.fromKey(keyOf(byte), "cptm")));
    const keys = await Promise.all(wallets.map(async (wallet) => (await wallet.getAccounts())[0]!));
    const multisig: MultisigThresholdPubkey = createMultisigThresholdPubkey(
      keys.map(({ pubkey }) => ({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(pubkey).toString("base64") })),
      2,
    );
    const address = pubkeyToAddress(multisig, "cptm");
    const { accountNumber } = chain.fund(address);
    chain.bank.send(chain.genesis, chain.account()!.address, chain.account(address)!.address, [
      { denom: "ucptm", amount: 5000n },
    ]);
    const message = sendMessage(address);
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages: [registry.encodeAsAny(message)] })).finish();
    const doc = makeAminoSignDoc([aminoTypes.toAmino(message)], STD_FEE, CHAIN_ID, "", Number(accountNumber), 0);
    const signedBy = async (...signers: number[]) => {
      const signatures = await Promise.all(
        signers.map(async (i) => fromBase64((await wallets[i]!.signAmino(keys[i]!.address, doc)).signature.signature)),
      );
      const bits = signers.reduce((byte, i) => byte | (0x80 >> i), 0);
      const mode = { single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } };
      const bitarray = CompactBitArray.fromPartial({ extraBitsStored: 3, elems: Uint8Array.of(bits) });
      const authInfo = {
        signerInfos: [
          {
            publicKey: encodePubkey(multisig),
            modeInfo: { multi: { bitarray, modeInfos: signatures.map(() => mode) } },
            sequence: 0n,
          },
        ],
        fee: { amount: [...STD_FEE.amount], gasLimit: BigInt(STD_FEE.gas) },
      };
      return TxRaw.encode(
        TxRaw.fromPartial({
          bodyBytes,
          authInfoBytes: AuthInfo.encode(AuthInfo.fromPartial(authInfo)).finish(),
          signatures: [MultiSignature.encode(MultiSignature.fromPartial({ signatures })).finish()],
        }),
      ).finish();
    };
    expect(chain.failure(await signedBy(1)).slice(0, 2)).toEqual(["sdk", 4]);
    chain.run(await signedBy(0, 2));
    expect(chain.account(address)).toMatchObject({ sequence: 1n });
  });

  it("is simulated without a signature, and costs the gas that it costs with one", async () => {
    const chain = await setUp();
    const raw = TxRaw.decode(await direct(chain));
    const unsigned = TxRaw.encode({ ...raw, signatures: [new Uint8Array(0)] }).finish();
    const before = chain.account();
    const simulated = chain.run(unsigned, { mode: "simulate" }).gas.used;
    expect(before?.sequence).toBe(0n);
    const real = (await setUp()).run(await direct(chain)).gas.used;
    expect(simulated).toBeGreaterThanOrEqual(real);
    expect(simulated - real).toBeLessThan(2000);
  });
});

describe("a transaction whose fee somebody else pays", () => {
  it("takes it from the granter and from the allowance, in the events of the SDK", async () => {
    const chain = await setUp({ balance: "1" });
    const granter = chain.sponsor(7, { spendLimit: [{ denom: "ucptm", amount: "600" }] });
    const { events } = chain.run(await direct(chain, { granter }));
    const parties = [`granter=${granter}`, `grantee=${chain.sender}`];
    const texts = events.map(({ type, attributes }) => [
      type,
      ...attributes.map(({ key, value }) => `${key}=${value}`),
    ]);
    expect(texts.slice(0, 2)).toEqual([
      ["use_feegrant", ...parties],
      ["update_feegrant", ...parties],
    ]);
    expect(texts).toContainEqual(["tx", "fee=500ucptm", `fee_payer=${granter}`]);
    expect(chain.balance(granter)).toBe(999_500n);
    expect(chain.balance(chain.sender)).toBe(1n);
    expect(chain.failure(await direct(chain, { granter, sequence: 1 })).slice(0, 2)).toEqual(["feegrant", 2]);
    const cheap = [{ denom: "ucptm", amount: "100" }];
    chain.run(await direct(chain, { granter, sequence: 1, fee: cheap }));
    expect(chain.failure(await direct(chain, { granter, sequence: 2, fee: cheap })).slice(0, 2)).toEqual(["sdk", 38]);
  });

  it("leaves the allowance as it was when it is refused for something else", async () => {
    const chain = await setUp();
    const granter = chain.sponsor(7, { spendLimit: [{ denom: "ucptm", amount: "600" }] });
    expect(chain.failure(await direct(chain, { granter, sequence: 5 })).slice(0, 2)).toEqual(["sdk", 32]);
    chain.run(await direct(chain, { granter }));
  });

  it("needs the granter to have the coins, and an allowance that is not over", async () => {
    const chain = await setUp();
    const granter = chain.sponsor(7, { expiration: { seconds: 1_800_000_005n, nanos: 0 } });
    const dear = [{ denom: "ucptm", amount: "1000001" }];
    expect(chain.failure(await direct(chain, { granter, fee: dear })).slice(0, 2)).toEqual(["sdk", 5]);
    const late = { block: { timeNanos: 1_800_000_006n * NANOS_PER_SECOND } };
    expect(chain.failure(await direct(chain, { granter }), late).slice(0, 2)).toEqual(["feegrant", 3]);
    chain.run(await direct(chain, { granter }));
  });

  it("may name its payer as granter", async () => {
    const chain = await setUp();
    chain.run(await direct(chain, { granter: chain.sender }));
    expect(chain.balance(chain.sender)).toBe(999_500n);
  });

  it("is simulated with the allowance, too", async () => {
    const chain = await setUp();
    const granter = chain.sponsor(7, {});
    const { gas } = chain.run(await direct(chain, { granter }), { mode: "simulate" });
    const real = await setUp();
    real.sponsor(7, {});
    expect(gas.used).toBeGreaterThanOrEqual(real.run(await direct(real, { granter })).gas.used);
  });
});

describe("a transaction that is refused", () => {
  it("by a wrong sequence, in the words that clients match", async () => {
    const chain = await setUp();
    expect(chain.failure(await direct(chain, { sequence: 3 }))).toEqual([
      "sdk",
      32,
      "account sequence mismatch, expected 0, got 3: incorrect account sequence",
    ]);
    chain.run(await direct(chain));
    expect(chain.failure(await direct(chain))[2]).toContain("expected 1, got 0");
  });

  it("leaves fee and sequence as they were", async () => {
    const chain = await setUp();
    chain.failure(await direct(chain, { chainId: "other-1" }));
    expect(chain.balance(chain.sender)).toBe(1_000_000n);
    expect(chain.account()).toMatchObject({ sequence: 0n, pubKey: undefined });
  });

  it("by a signature for another chain or account number", async () => {
    const chain = await setUp();
    const text = `signature verification failed; please verify account number (${chain.accountNumber}) and chain-id (${CHAIN_ID}): (unable to verify single signer signature): unauthorized`;
    expect(chain.failure(await direct(chain, { chainId: "other-1" }))).toEqual(["sdk", 4, text]);
    expect(chain.failure(await direct(chain, { accountNumber: 77n }))).toEqual(["sdk", 4, text]);
  });

  it("by the other half of its good signature, DIRECT and amino, which leaves nothing behind", async () => {
    const order = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    for (const sign of [direct, amino]) {
      const chain = await setUp();
      const bytes = await sign(chain);
      const raw = TxRaw.decode(bytes);
      const signature = Buffer.from(raw.signatures[0]!);
      const s = order - BigInt(`0x${signature.subarray(32).toString("hex")}`);
      signature.write(s.toString(16).padStart(64, "0"), 32, "hex");
      const twin = TxRaw.encode({ ...raw, signatures: [signature] }).finish();
      expect(chain.failure(twin).slice(0, 2)).toEqual(["sdk", 4]);
      expect(chain.account()).toMatchObject({ sequence: 0n });
      chain.run(bytes);
      expect(chain.account()).toMatchObject({ sequence: 1n });
    }
  });

  it("by an amino signature over another sequence, and is told of the sequence", async () => {
    const chain = await setUp();
    const raw = TxRaw.decode(await amino(chain));
    const signature = Uint8Array.from(raw.signatures[0]!);
    signature[40]! ^= 1;
    const [codespace, code, log] = chain.failure(TxRaw.encode({ ...raw, signatures: [signature] }).finish());
    expect([codespace, code]).toEqual(["sdk", 4]);
    expect(log).toBe(
      `signature verification failed; please verify account number (${chain.accountNumber}), sequence (0) and chain-id (${CHAIN_ID}): unauthorized`,
    );
  });

  it("by a fee below the node's minimum, in CheckTx only", async () => {
    const chain = await setUp({ minGasPrice: "0.0051" });
    const raw = await direct(chain);
    expect(chain.failure(raw, { mode: "check" })).toEqual([
      "sdk",
      13,
      "insufficient fees; got: 500ucptm required: 1020ucptm: insufficient fee",
    ]);
    chain.run(raw);
  });

  it("by a fee below the chain's base fee, wherever it is executed; a simulation has no fee yet", async () => {
    const chain = await setUp({ baseFee: { denom: "ucptm", amount: parseDec("0.0051")! } });
    const raw = await direct(chain);
    for (const mode of ["check", "recheck", "finalize"] as const) {
      expect(chain.failure(raw, { mode })).toEqual([
        "sdk",
        13,
        "insufficient fees; got: 500ucptm required: 1020ucptm: insufficient fee",
      ]);
    }
    chain.run(raw, { mode: "simulate" });
    const paid = await setUp({ baseFee: { denom: "ucptm", amount: parseDec("0.0025")! } });
    paid.run(await direct(paid));
  });

  it("by a balance below the fee", async () => {
    const chain = await setUp({ balance: "499" });
    expect(chain.failure(await direct(chain))).toEqual([
      "sdk",
      5,
      "spendable balance 499ucptm is smaller than 500ucptm: insufficient funds: insufficient funds",
    ]);
  });

  it.each([
    ["-1", 13],
    [(1n << 256n).toString(), 2],
    ["1.5", 2],
    ["", 2],
    ["0x10", 2],
    [(1n << 255n).toString(), 5],
    [(1n << 64n).toString(), 5],
    [(1n << 63n).toString(), 5],
    [(2n ** 53n + 1n).toString(), 5],
  ])("by a fee of %s", async (amount, code) => {
    const chain = await setUp();
    expect(chain.failure(await direct(chain, { fee: [{ denom: "ucptm", amount }] })).slice(0, 2)).toEqual([
      "sdk",
      code,
    ]);
  });

  it("by a fee whose coins are not in order", async () => {
    const chain = await setUp();
    const fee = [
      { denom: "ucptm", amount: "5" },
      { denom: "atoken", amount: "5" },
    ];
    expect(chain.failure(await direct(chain, { fee }))).toEqual([
      "sdk",
      13,
      "invalid fee amount: 5ucptm,5atoken: insufficient fee",
    ]);
  });

  it("by its gas limit: none, too little, more than a block has", async () => {
    const chain = await setUp({ maxBlockGas: 300_000n });
    expect(chain.failure(await direct(chain, { gas: 0 })).slice(0, 2)).toEqual(["sdk", 11]);
    const [, code, log] = chain.failure(await direct(chain, { gas: 5000 }));
    expect(code).toBe(11);
    expect(log).toMatch(/^out of gas in location: .+; gasWanted: 5000, gasUsed: [0-9]+: out of gas$/);
    expect(chain.failure(await direct(chain, { gas: 300_001 }))).toEqual([
      "sdk",
      41,
      "tx gas limit 300001 exceeds block max gas 300000: invalid gas limit",
    ]);
  });

  it("by a fee granter who has not allowed it", async () => {
    const chain = await setUp();
    const granter = chain.addressOf(7);
    expect(chain.failure(await direct(chain, { granter }))).toEqual([
      "sdk",
      38,
      `${granter} does not allow to pay fees for ${chain.sender}: fee-grant not found: not found`,
    ]);
  });

  it("by its memo, timeout height and extension options", async () => {
    const chain = await setUp();
    // Two bytes a character: the limit is of bytes.
    expect(chain.failure(await direct(chain, { body: { memo: "ü".repeat(129) } }))).toEqual([
      "sdk",
      12,
      "maximum number of characters is 256 but received 258 characters: memo too large",
    ]);
    expect(chain.failure(await direct(chain, { body: { timeoutHeight: 1n } }))).toEqual([
      "sdk",
      30,
      "block height: 2, timeout height: 1: tx timeout height",
    ]);
    chain.run(await direct(chain, { body: { timeoutHeight: 2n } }));
  });

  it("without an account, and without a message", async () => {
    const chain = await setUp();
    const other = await DirectSecp256k1Wallet.fromKey(keyOf(2), "cptm");
    const { address: sender, pubkey } = (await other.getAccounts())[0]!;
    const raw = await direct({ ...chain, wallet: other, sender, pubkey });
    expect(chain.failure(raw)).toEqual(["sdk", 9, `fee payer address: ${sender} does not exist: unknown address`]);
    expect(chain.failure(await direct(chain, { body: { messages: [] } }))).toEqual([
      "sdk",
      18,
      "must contain at least one message: invalid request",
    ]);
  });

  it("by a key that is not that of the signer", async () => {
    const chain = await setUp();
    const other = await DirectSecp256k1Wallet.fromKey(keyOf(2), "cptm");
    const { pubkey } = (await other.getAccounts())[0]!;
    expect(chain.failure(await direct({ ...chain, pubkey }))).toEqual([
      "sdk",
      8,
      `pubKey does not match signer address ${chain.sender} with signer index: 0: invalid pubkey`,
    ]);
  });

  it("by a second signature that nobody asked for", async () => {
    const chain = await setUp();
    const raw = TxRaw.decode(await direct(chain));
    const twice = TxRaw.encode({ ...raw, signatures: [raw.signatures[0]!, raw.signatures[0]!] }).finish();
    expect(chain.failure(twice)).toEqual(["sdk", 4, "wrong number of signers; expected 1, got 2: unauthorized"]);
  });
});

describe("a recheck", () => {
  it("sees sequence and balance, and no signature", async () => {
    const chain = await setUp();
    const raw = await direct(chain, { chainId: "other-1" });
    chain.run(raw, { mode: "recheck" });
    expect(chain.failure(raw, { mode: "recheck" })[1]).toBe(32);
    expect(chain.verdicts.size).toBe(0);
  });
});

describe("an unordered transaction", () => {
  const after = (seconds: bigint) => ({
    unordered: true,
    timeoutTimestamp: { seconds: TEST_BLOCK.timeNanos / NANOS_PER_SECOND + seconds, nanos: 0 },
  });
  // cosmjs-types 0.11 knows SDK 0.50: the two fields are appended to the body as they stand in SDK 0.53.
  async function unordered(chain: Chain, body: ReturnType<typeof after> | { unordered: true }, sequence = 0) {
    const timeout = "timeoutTimestamp" in body ? varintField(1, body.timeoutTimestamp.seconds) : undefined;
    const extra = [...[0x20, 1], ...(timeout === undefined ? [] : [0x2a, timeout.length, ...timeout])];
    return withBody(chain, extra, sequence);
  }
  function varintField(number: number, value: bigint): number[] {
    const bytes = [number << 3];
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    return [...bytes, Number(rest)];
  }
  async function withBody({ wallet, sender, pubkey, accountNumber }: Chain, extra: number[], sequence: number) {
    const plain = TxBody.encode(TxBody.fromPartial({ messages: [registry.encodeAsAny(sendMessage(sender))] })).finish();
    const bodyBytes = Uint8Array.from([...plain, ...extra]);
    const key = encodePubkey({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(pubkey).toString("base64") });
    const authInfo = makeAuthInfoBytes([{ pubkey: key, sequence }], STD_FEE.amount, 200_000, undefined, undefined);
    const doc = makeSignDoc(bodyBytes, authInfo, CHAIN_ID, Number(accountNumber));
    const { signature } = await wallet.signDirect(sender, doc);
    return TxRaw.encode(
      TxRaw.fromPartial({ bodyBytes, authInfoBytes: authInfo, signatures: [fromBase64(signature.signature)] }),
    ).finish();
  }

  it("runs once, leaves the sequence alone, and others with other timeouts run beside it", async () => {
    const chain = await setUp();
    const first = await unordered(chain, after(60n));
    const { events } = chain.run(first);
    expect(events.some(({ attributes }) => attributes[0]?.key === "acc_seq")).toBe(false);
    expect(chain.account()).toMatchObject({ sequence: 0n });
    expect(chain.failure(first)[2]).toBe(
      `failed to add unordered nonce: sender ${chain.sender} has already used timeout ${TEST_BLOCK.timeNanos + 60n * NANOS_PER_SECOND}: invalid request`,
    );
    chain.run(await unordered(chain, after(61n)));
  });

  it("is still refused a second time at its timeout, and its nonce is forgotten after it", async () => {
    const chain = await setUp();
    const raw = await unordered(chain, after(60n));
    chain.run(raw);
    const at = (seconds: bigint) => ({ block: { timeNanos: TEST_BLOCK.timeNanos + seconds * NANOS_PER_SECOND } });
    const nonces = () => [...unorderedNonces.keys(chain.genesis)].length;
    chain.accounts.removeExpiredNonces(chain.contextAt(at(60n)));
    expect(nonces()).toBe(1);
    expect(chain.failure(raw, at(60n))[2]).toContain("has already used timeout");
    chain.accounts.removeExpiredNonces(chain.contextAt(at(61n)));
    expect(nonces()).toBe(0);
    expect(chain.failure(raw, at(61n))[1]).toBe(42);
  });

  it("needs a timeout that is ahead, by ten minutes at most, and no sequence", async () => {
    const chain = await setUp();
    const log = async (body: Parameters<typeof unordered>[1], sequence = 0) =>
      chain.failure(await unordered(chain, body, sequence))[2];
    expect(await log({ unordered: true })).toBe(
      "unordered transaction must have timeout_timestamp set: invalid request",
    );
    expect(await log(after(601n))).toBe("unordered tx ttl exceeds 10m0s: invalid request");
    expect(await log(after(-1n))).toBe(
      "block time: 2027-01-15 08:00:00 +0000 UTC, timeout timestamp: 2027-01-15 07:59:59 +0000 UTC: tx timeout",
    );
    expect(await log(after(60n), 4)).toBe("sequence is not allowed for unordered transactions: invalid request");
  });
});
