import { ics23, iavlSpec, tendermintSpec, verifyMembership } from "@confio/ics23";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { MultisigThresholdPubkey } from "@cosmjs/amino";
import { createMultisigThresholdPubkey, pubkeyToAddress, Secp256k1Wallet } from "@cosmjs/amino";
import { sha256 } from "@cosmjs/crypto";
import { fromBech32, fromUtf8, toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet, Registry } from "@cosmjs/proto-signing";
import type { SigningStargateClientOptions } from "@cosmjs/stargate";
import {
  BroadcastTxError,
  coin,
  coins,
  defaultRegistryTypes,
  GasPrice,
  makeMultisignedTxBytes,
  QueryClient,
  setupAuthExtension,
  setupBankExtension,
  setupMintExtension,
  setupTxExtension,
  SigningStargateClient,
  StargateClient,
} from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { MsgSendResponse } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

import type { AppState } from "../../core/runtime/genesis.js";
import { COMETBFT_VERSION } from "../../abci-app/node/cometbft-version.js";
import { appStateWith } from "../kit/app-state.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const CHAIN_ID = "computronium-test-1";
const START_AMOUNT = 1_000_000_000n;
const FEE = { amount: coins(2_000, "ucptm"), gas: "200000" };
const FAST: SigningStargateClientOptions = { gasPrice: GasPrice.fromString("0.01ucptm"), broadcastPollIntervalMs: 50 };

enum Actor {
  Direct,
  Amino,
  Flood,
  Receiver,
  CosignerA,
  CosignerB,
  CosignerC,
}

const keyOf = (actor: Actor) => sha256(toUtf8(`cosmjs actor ${actor}`));
const directSigner = async (actor: Actor) => DirectSecp256k1Wallet.fromKey(keyOf(actor), "cptm");
const aminoSigner = async (actor: Actor) => Secp256k1Wallet.fromKey(keyOf(actor), "cptm");
const addressOf = async (signer: OfflineSigner) => (await signer.getAccounts())[0]!.address;

/**
 * Stock clients of cosmjs against one real node, without any custom code: what they ask for, sign, send and search.
 *
 * @param comet another CometBFT than the pinned one: its version, and the version that it says it has.
 */
export function describeCosmjs(title: string, comet?: { readonly version: string; readonly reports: string }): void {
  describe(title, () => {
    let node: TestNode;
    let client: StargateClient;
    const address = new Map<Actor, string>();
    let multisig: MultisigThresholdPubkey;
    let multisigAddress: string;
    const of = (actor: Actor) => address.get(actor)!;

    beforeAll(async () => {
      const holders: { address: string; amount: bigint }[] = [];
      for (const actor of [Actor.Direct, Actor.Amino, Actor.Flood]) {
        address.set(actor, await addressOf(await directSigner(actor)));
        holders.push({ address: of(actor), amount: START_AMOUNT });
      }
      address.set(Actor.Receiver, await addressOf(await directSigner(Actor.Receiver)));
      const cosigners = await Promise.all([Actor.CosignerA, Actor.CosignerB, Actor.CosignerC].map(aminoSigner));
      const keys = await Promise.all(cosigners.map(async (wallet) => (await wallet.getAccounts())[0]!.pubkey));
      multisig = createMultisigThresholdPubkey(
        keys.map((key) => ({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(key).toString("base64") })),
        2,
      );
      multisigAddress = pubkeyToAddress(multisig, "cptm");
      holders.push({ address: multisigAddress, amount: START_AMOUNT });
      node = await TestNode.start({
        env: comet === undefined ? {} : { COMETBFT_VERSION: comet.version },
        chainId: CHAIN_ID,
        genesis: (genesis) => {
          const { auth, bank } = appStateWith(holders) as Record<string, object>;
          const state = genesis.app_state as AppState;
          genesis.app_state = {
            ...state,
            auth: { ...(state["auth"] as object), ...auth },
            bank: { ...(state["bank"] as object), ...bank },
          };
        },
      });
      client = await StargateClient.connect(node.rpc.url);
    });
    afterAll(async () => {
      client.disconnect();
      await removeAllNodes();
    });

    const signing = async (signer: OfflineSigner) =>
      SigningStargateClient.connectWithSigner(node.rpc.url, signer, FAST);
    const sendMessage = (from: string, to: string, amount: number): EncodeObject => ({
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: { fromAddress: from, toAddress: to, amount: coins(amount, "ucptm") },
    });

    it("names its chain and its height", async () => {
      expect((await node.rpc.status()).node_info.version).toBe(comet?.reports ?? COMETBFT_VERSION);
      expect(await client.getChainId()).toBe(CHAIN_ID);
      const height = await client.getHeight();
      await node.waitForHeight(height + 1);
      expect(await client.getHeight()).toBeGreaterThan(height);
      expect((await client.getBlock(height)).header).toMatchObject({ height, chainId: CHAIN_ID });
    });

    it("shows an account of genesis, and null for one that is not there", async () => {
      expect(await client.getAccount(of(Actor.Amino))).toEqual({
        address: of(Actor.Amino),
        pubkey: null,
        accountNumber: 1n,
        sequence: 0,
      });
      expect(await client.getSequence(of(Actor.Amino))).toEqual({ accountNumber: 1n, sequence: 0 });
      expect(await client.getAccount(of(Actor.Receiver))).toBeNull();
      await expect(client.getSequence(of(Actor.Receiver))).rejects.toThrow(/does not exist on chain/);
    });

    it("shows balances, of which one that nobody has is 0", async () => {
      expect(await client.getBalance(of(Actor.Amino), "ucptm")).toEqual(coin(START_AMOUNT.toString(), "ucptm"));
      expect(await client.getBalance(of(Actor.Amino), "uother")).toEqual(coin(0, "uother"));
      expect(await client.getAllBalances(of(Actor.Amino))).toEqual([coin(START_AMOUNT.toString(), "ucptm")]);
      expect(await client.getAllBalances(of(Actor.Receiver))).toEqual([]);
    });

    it("takes a transfer signed in SIGN_MODE_DIRECT, and finds it again by hash and by events", async () => {
      const signer = await signing(await directSigner(Actor.Direct));
      const before = BigInt((await client.getBalance(of(Actor.Receiver), "ucptm")).amount);
      const sent = await signer.sendTokens(of(Actor.Direct), of(Actor.Receiver), coins(12_345, "ucptm"), FEE, "rent");
      expect(sent).toMatchObject({ code: 0, gasWanted: 200_000n });
      expect(sent.gasUsed).toBeGreaterThan(40_000n);
      expect(sent.gasUsed).toBeLessThan(200_000n);
      expect(sent.msgResponses).toEqual([
        { typeUrl: "/cosmos.bank.v1beta1.MsgSendResponse", value: MsgSendResponse.encode({}).finish() },
      ]);
      expect(sent.events.find(({ type }) => type === "transfer")!.attributes).toEqual(
        expect.arrayContaining([expect.objectContaining({ key: "amount" })]),
      );
      expect(BigInt((await client.getBalance(of(Actor.Receiver), "ucptm")).amount)).toBe(before + 12_345n);

      const found = await client.getTx(sent.transactionHash);
      expect(found).toMatchObject({ height: sent.height, code: 0, hash: sent.transactionHash, events: sent.events });
      const searches = [
        `tx.height=${sent.height}`,
        `transfer.recipient='${of(Actor.Receiver)}'`,
        `message.sender='${of(Actor.Direct)}' AND message.action='/cosmos.bank.v1beta1.MsgSend'`,
        `tx.acc_seq='${of(Actor.Direct)}/0'`,
      ];
      for (const query of searches) {
        expect((await client.searchTx(query)).map(({ hash }) => hash)).toContain(sent.transactionHash);
      }
      expect(await client.searchTx([{ key: "message.action", value: "/nothing.like.it" }])).toEqual([]);
      expect(await client.getTx("00".repeat(32))).toBeNull();
      signer.disconnect();
    });

    it("takes a transfer signed in SIGN_MODE_LEGACY_AMINO_JSON, with a fee from simulation", async () => {
      const signer = await signing(await aminoSigner(Actor.Amino));
      const sent = await signer.sendTokens(
        of(Actor.Amino),
        of(Actor.Receiver),
        coins(777, "ucptm"),
        "auto",
        'memo <&> "quoted" é',
      );
      expect(sent).toMatchObject({ code: 0 });
      expect(sent.gasWanted).toBeGreaterThanOrEqual(sent.gasUsed);
      expect(sent.gasWanted).toBeLessThan(2n * sent.gasUsed);
      const account = await client.getAccount(of(Actor.Amino));
      expect(account).toMatchObject({ sequence: 1, pubkey: { type: "tendermint/PubKeySecp256k1" } });
      signer.disconnect();
    });

    it("estimates gas for an account that never signed, with the same figure twice", async () => {
      const signer = await signing(await directSigner(Actor.Flood));
      const message = sendMessage(of(Actor.Flood), of(Actor.Receiver), 1);
      const gas = await signer.simulate(of(Actor.Flood), [message], "");
      expect(gas).toBeGreaterThan(20_000);
      expect(await signer.simulate(of(Actor.Flood), [message], "")).toBe(gas);
      expect(await client.getSequence(of(Actor.Flood))).toMatchObject({ sequence: 0 });
      await expect(
        signer.simulate(of(Actor.Flood), [sendMessage(of(Actor.Flood), of(Actor.Receiver), 2_000_000_000)], ""),
      ).rejects.toThrow(/insufficient funds/);
      signer.disconnect();
    });

    it("takes a transfer of a 2-of-3 multisig account, and refuses it with one signature", async () => {
      const signer = await signing(await directSigner(Actor.Direct));
      const message = sendMessage(multisigAddress, of(Actor.Receiver), 4_242);
      const { accountNumber, sequence } = await client.getSequence(multisigAddress);
      const signatures = new Map<string, Uint8Array>();
      let bodyBytes = new Uint8Array(0);
      for (const actor of [Actor.CosignerA, Actor.CosignerC]) {
        const wallet = await aminoSigner(actor);
        const offline = await SigningStargateClient.offline(wallet);
        const cosigner = await addressOf(wallet);
        const signed = await offline.sign(cosigner, [message], FEE, "", { accountNumber, sequence, chainId: CHAIN_ID });
        signatures.set(cosigner, signed.signatures[0]!);
        bodyBytes = Uint8Array.from(signed.bodyBytes);
      }
      const whole = makeMultisignedTxBytes(multisig, sequence, FEE, bodyBytes, signatures);
      const short = makeMultisignedTxBytes(multisig, sequence, FEE, bodyBytes, new Map([...signatures].slice(0, 1)));
      await expect(client.broadcastTxSync(short)).rejects.toMatchObject({ code: 4, codespace: "sdk" });
      const sent = await client.broadcastTx(whole, 30_000, 50);
      expect(sent).toMatchObject({ code: 0 });
      expect(BigInt((await client.getBalance(multisigAddress, "ucptm")).amount)).toBe(START_AMOUNT - 4_242n - 2_000n);
      signer.disconnect();
    });

    it("says what is wrong before a block, as BroadcastTxError, and in a block, as code of the result", async () => {
      const signer = await signing(await directSigner(Actor.Direct));
      const { sequence } = await client.getSequence(of(Actor.Direct));
      const tooMuch = await signer.sendTokens(of(Actor.Direct), of(Actor.Receiver), coins(5_000_000_000, "ucptm"), FEE);
      expect(tooMuch).toMatchObject({ code: 5 });
      expect(tooMuch.rawLog).toMatch(/insufficient funds/);
      expect(await client.getSequence(of(Actor.Direct))).toMatchObject({ sequence: sequence + 1 });

      const message = sendMessage(of(Actor.Direct), of(Actor.Receiver), 1);
      const unpayable = { amount: coins(5_000_000_000, "ucptm"), gas: "200000" };
      const refused = signer.signAndBroadcastSync(of(Actor.Direct), [message], unpayable);
      await expect(refused).rejects.toBeInstanceOf(BroadcastTxError);
      await expect(refused).rejects.toMatchObject({ code: 5, codespace: "sdk" });
      const stale = await signer.sign(of(Actor.Direct), [message], FEE, "", {
        accountNumber: 0n,
        sequence: 0,
        chainId: CHAIN_ID,
      });
      await expect(client.broadcastTxSync(TxRaw.encode(stale).finish())).rejects.toMatchObject({
        code: 32,
        codespace: "sdk",
      });
      signer.disconnect();
    });

    it("takes many transactions in flight from one account, in their order", async () => {
      const signer = await signing(await directSigner(Actor.Flood));
      const { accountNumber, sequence } = await client.getSequence(of(Actor.Flood));
      const hashes: string[] = [];
      for (let i = 0; i < 20; i++) {
        const message = sendMessage(of(Actor.Flood), of(Actor.Receiver), 1);
        const signerData = { accountNumber, sequence: sequence + i, chainId: CHAIN_ID };
        const tx = await signer.sign(of(Actor.Flood), [message], FEE, "", signerData);
        hashes.push(await client.broadcastTxSync(TxRaw.encode(tx).finish()));
      }
      const places = [];
      for (const hash of hashes) {
        const { height, tx_result } = await node.rpc.tx(hash);
        expect(tx_result.code).toBe(0);
        places.push(Number(height));
      }
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(await client.getSequence(of(Actor.Flood))).toMatchObject({ sequence: sequence + 20 });
      signer.disconnect();
    });

    it("answers every method of the extensions for auth, bank, mint and tx", async () => {
      const comet = await connectComet(node.rpc.url);
      const query = QueryClient.withExtensions(
        comet,
        setupAuthExtension,
        setupBankExtension,
        setupMintExtension,
        setupTxExtension,
      );

      expect((await query.mint.inflation()).toString()).toBe("0.05");
      expect((await query.mint.annualProvisions()).toString()).toBe("0");
      expect(await query.mint.params()).toMatchObject({ mintDenom: "ucptm", blocksPerYear: 31_557_600n });

      const any = (await query.auth.account(of(Actor.Direct)))!;
      expect(any.typeUrl).toBe("/cosmos.auth.v1beta1.BaseAccount");
      expect(BaseAccount.decode(any.value)).toMatchObject({ address: of(Actor.Direct), accountNumber: 0n });
      await expect(query.auth.account(multisigAddress.slice(0, -1))).rejects.toThrow(/invalid address/);

      expect(await query.bank.balance(multisigAddress, "ucptm")).toMatchObject({ denom: "ucptm" });
      expect(await query.bank.allBalances(multisigAddress)).toHaveLength(1);
      const { supply } = await query.bank.totalSupply();
      expect(supply.map(({ denom }) => denom)).toEqual(["ucptm"]);
      // Part of the fees is burned.
      expect(BigInt(supply[0]!.amount)).toBeLessThan(4n * START_AMOUNT);
      expect(await query.bank.supplyOf("ucptm")).toEqual(supply[0]);
      const metadata = await query.bank.denomMetadata("ucptm");
      expect(metadata).toMatchObject({ base: "ucptm", display: "cptm" });
      expect(await query.bank.denomsMetadata()).toEqual([metadata]);
      await expect(query.bank.denomMetadata("uother")).rejects.toThrow(/not found|client metadata/);

      const [some] = await client.searchTx(`message.sender='${of(Actor.Direct)}'`);
      const { tx, txResponse } = await query.tx.getTx(some!.hash);
      expect(txResponse).toMatchObject({ txhash: some!.hash, height: BigInt(some!.height), code: 0 });
      expect(tx!.body!.messages[0]!.typeUrl).toBe("/cosmos.bank.v1beta1.MsgSend");
      await expect(query.tx.getTx("00".repeat(32))).rejects.toThrow(/not found/);
      const registry = new Registry(defaultRegistryTypes);
      const { gasInfo } = await query.tx.simulate(
        [registry.encodeAsAny(sendMessage(of(Actor.Direct), of(Actor.Receiver), 1))],
        "",
        (await client.getAccount(of(Actor.Direct)))!.pubkey!,
        (await client.getSequence(of(Actor.Direct))).sequence,
      );
      expect(gasInfo!.gasUsed).toBeGreaterThan(20_000n);
      comet.disconnect();
    });

    it("proves a balance to whoever trusts the headers alone", async () => {
      const comet = await connectComet(node.rpc.url);
      const holder = fromBech32(multisigAddress).data;
      // Bank balances: prefix 2, length of the address, address, denom (x/bank/types/keys.go).
      const data = Uint8Array.of(2, holder.length, ...holder, ...toUtf8("ucptm"));
      const { value, height, proof } = await comet.abciQuery({ path: "/store/bank/key", data, prove: true });
      expect(fromUtf8(value)).toBe((await client.getBalance(multisigAddress, "ucptm")).amount);
      await node.waitForHeight(height! + 1);
      const { block } = await comet.block(height! + 1);
      const [inStore, inChain] = proof!.ops.map((op) => ics23.CommitmentProof.decode(op.data));
      const root = inChain!.exist!.value!;
      expect(verifyMembership(inStore!, iavlSpec, root, data, value)).toBe(true);
      expect(verifyMembership(inChain!, tendermintSpec, block.header.appHash, toUtf8("bank"), root)).toBe(true);
      comet.disconnect();
    });
  });
}
