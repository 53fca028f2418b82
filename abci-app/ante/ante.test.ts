// Tier: test. Budget: 5 s. Transactions signed by cosmjs through the whole ante chain, over real modules in memory.
import { describe, expect, it } from "@jest/globals";
import type { MultisigThresholdPubkey } from "@cosmjs/amino";
import {
  createMultisigThresholdPubkey,
  makeSignDoc as makeAminoSignDoc,
  pubkeyToAddress,
  Secp256k1Wallet,
} from "@cosmjs/amino";
import { fromBase64 } from "@cosmjs/encoding";
import { encodePubkey } from "@cosmjs/proto-signing";
import { CompactBitArray, MultiSignature } from "cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import {
  CHAIN_ID,
  STD_FEE,
  amino,
  aminoTypes,
  direct,
  keyOf,
  registry,
  sendMessage,
  anteChain,
} from "../../test/kit/ante-chain.js";

describe("a transaction that is in order", () => {
  it("pays its fee, sets the key of a new account and takes its sequence", async () => {
    const chain = await anteChain();
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
    const chain = await anteChain();
    for (let sequence = 0; sequence < 20; sequence++) chain.run(await direct(chain, { sequence }), { mode: "check" });
    expect(chain.account()?.sequence).toBe(20n);
  });

  it("may be signed as amino JSON", async () => {
    const chain = await anteChain();
    chain.run(await amino(chain));
    expect(chain.account()?.sequence).toBe(1n);
  });

  it("may be signed by two of three keys", async () => {
    const chain = await anteChain();
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
    const chain = await anteChain();
    const raw = TxRaw.decode(await direct(chain));
    const unsigned = TxRaw.encode({ ...raw, signatures: [new Uint8Array(0)] }).finish();
    const before = chain.account();
    const simulated = chain.run(unsigned, { mode: "simulate" }).gas.used;
    expect(before?.sequence).toBe(0n);
    const real = (await anteChain()).run(await direct(chain)).gas.used;
    expect(simulated).toBeGreaterThanOrEqual(real);
    expect(simulated - real).toBeLessThan(2000);
  });
});

describe("a transaction whose fee somebody else pays", () => {
  it("takes it from the granter and from the allowance, in the events of the SDK", async () => {
    const chain = await anteChain({ balance: "1" });
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
    const chain = await anteChain();
    const granter = chain.sponsor(7, { spendLimit: [{ denom: "ucptm", amount: "600" }] });
    expect(chain.failure(await direct(chain, { granter, sequence: 5 })).slice(0, 2)).toEqual(["sdk", 32]);
    chain.run(await direct(chain, { granter }));
  });

  it("needs the granter to have the coins, and an allowance that is not over", async () => {
    const chain = await anteChain();
    const granter = chain.sponsor(7, { expiration: { seconds: 1_800_000_005n, nanos: 0 } });
    const dear = [{ denom: "ucptm", amount: "1000001" }];
    expect(chain.failure(await direct(chain, { granter, fee: dear })).slice(0, 2)).toEqual(["sdk", 5]);
    const late = { block: { timeNanos: 1_800_000_006n * NANOS_PER_SECOND } };
    expect(chain.failure(await direct(chain, { granter }), late).slice(0, 2)).toEqual(["feegrant", 3]);
    chain.run(await direct(chain, { granter }));
  });

  it("may name its payer as granter", async () => {
    const chain = await anteChain();
    chain.run(await direct(chain, { granter: chain.sender }));
    expect(chain.balance(chain.sender)).toBe(999_500n);
  });

  it("is simulated with the allowance, too", async () => {
    const chain = await anteChain();
    const granter = chain.sponsor(7, {});
    const { gas } = chain.run(await direct(chain, { granter }), { mode: "simulate" });
    const real = await anteChain();
    real.sponsor(7, {});
    expect(gas.used).toBeGreaterThanOrEqual(real.run(await direct(real, { granter })).gas.used);
  });
});

describe("a recheck", () => {
  it("sees sequence and balance, and no signature", async () => {
    const chain = await anteChain();
    const raw = await direct(chain, { chainId: "other-1" });
    chain.run(raw, { mode: "recheck" });
    expect(chain.failure(raw, { mode: "recheck" })[1]).toBe(32);
    expect(chain.verdicts.size).toBe(0);
  });
});
