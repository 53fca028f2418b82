// Tier: test. Budget: 5 s. What the ante chain refuses, in which words, and that nothing is left of it.
import { describe, expect, it } from "@jest/globals";
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { parseDec } from "../../core/math/dec.js";
import { CHAIN_ID, amino, direct, keyOf, anteChain } from "../../test/kit/ante-chain.js";

describe("a transaction that is refused", () => {
  it("by a wrong sequence, in the words that clients match", async () => {
    const chain = await anteChain();
    expect(chain.failure(await direct(chain, { sequence: 3 }))).toEqual([
      "sdk",
      32,
      "account sequence mismatch, expected 0, got 3: incorrect account sequence",
    ]);
    chain.run(await direct(chain));
    expect(chain.failure(await direct(chain))[2]).toContain("expected 1, got 0");
  });

  it("leaves fee and sequence as they were", async () => {
    const chain = await anteChain();
    chain.failure(await direct(chain, { chainId: "other-1" }));
    expect(chain.balance(chain.sender)).toBe(1_000_000n);
    expect(chain.account()).toMatchObject({ sequence: 0n, pubKey: undefined });
  });

  it("by a signature for another chain or account number", async () => {
    const chain = await anteChain();
    const text = `signature verification failed; please verify account number (${chain.accountNumber}) and chain-id (${CHAIN_ID}): (unable to verify single signer signature): unauthorized`;
    expect(chain.failure(await direct(chain, { chainId: "other-1" }))).toEqual(["sdk", 4, text]);
    expect(chain.failure(await direct(chain, { accountNumber: 77n }))).toEqual(["sdk", 4, text]);
  });

  it("by the other half of its good signature, DIRECT and amino, which leaves nothing behind", async () => {
    const order = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    for (const sign of [direct, amino]) {
      const chain = await anteChain();
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
    const chain = await anteChain();
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
    const chain = await anteChain({ minGasPrice: "0.0051" });
    const raw = await direct(chain);
    expect(chain.failure(raw, { mode: "check" })).toEqual([
      "sdk",
      13,
      "insufficient fees; got: 500ucptm required: 1020ucptm: insufficient fee",
    ]);
    chain.run(raw);
  });

  it("by a fee below the chain's base fee, wherever it is executed; a simulation has no fee yet", async () => {
    const chain = await anteChain({ baseFee: { denom: "ucptm", amount: parseDec("0.0051")! } });
    const raw = await direct(chain);
    for (const mode of ["check", "recheck", "finalize"] as const) {
      expect(chain.failure(raw, { mode })).toEqual([
        "sdk",
        13,
        "insufficient fees; got: 500ucptm required: 1020ucptm: insufficient fee",
      ]);
    }
    chain.run(raw, { mode: "simulate" });
    const paid = await anteChain({ baseFee: { denom: "ucptm", amount: parseDec("0.0025")! } });
    paid.run(await direct(paid));
  });

  it("by a balance below the fee", async () => {
    const chain = await anteChain({ balance: "499" });
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
    const chain = await anteChain();
    expect(chain.failure(await direct(chain, { fee: [{ denom: "ucptm", amount }] })).slice(0, 2)).toEqual([
      "sdk",
      code,
    ]);
  });

  it("by a fee whose coins are not in order", async () => {
    const chain = await anteChain();
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
    const chain = await anteChain({ maxBlockGas: 300_000n });
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
    const chain = await anteChain();
    const granter = chain.addressOf(7);
    expect(chain.failure(await direct(chain, { granter }))).toEqual([
      "sdk",
      38,
      `${granter} does not allow to pay fees for ${chain.sender}: fee-grant not found: not found`,
    ]);
  });

  it("by its memo, timeout height and extension options", async () => {
    const chain = await anteChain();
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
    const chain = await anteChain();
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
    const chain = await anteChain();
    const other = await DirectSecp256k1Wallet.fromKey(keyOf(2), "cptm");
    const { pubkey } = (await other.getAccounts())[0]!;
    expect(chain.failure(await direct({ ...chain, pubkey }))).toEqual([
      "sdk",
      8,
      `pubKey does not match signer address ${chain.sender} with signer index: 0: invalid pubkey`,
    ]);
  });

  it("by a second signature that nobody asked for", async () => {
    const chain = await anteChain();
    const raw = TxRaw.decode(await direct(chain));
    const twice = TxRaw.encode({ ...raw, signatures: [raw.signatures[0]!, raw.signatures[0]!] }).finish();
    expect(chain.failure(twice)).toEqual(["sdk", 4, "wrong number of signers; expected 1, got 2: unauthorized"]);
  });
});
