// Tier: make test; 5 s.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { Secp256k1, Secp256k1Signature, sha256 } from "@cosmjs/crypto";
import { AuthInfo, SignDoc, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { PubKey } from "cosmjs-types/cosmos/crypto/secp256k1/keys";
import { deriveAccounts } from "./accounts.js";
import { Broadcaster } from "./broadcaster.js";
import { presign } from "./presigned.js";
import { RpcClient } from "./rpc.js";
import { loadSigner } from "./signer.js";
import { distribution } from "./statistics.js";
import { TransactionMaker } from "./transactions.js";

const ACCOUNTS = 4;

async function makeMaker(): Promise<{ maker: TransactionMaker; addresses: string[] }> {
  const signer = await loadSigner();
  const accounts = deriveAccounts(signer, { seed: "test", count: ACCOUNTS, prefix: "cosmos" });
  const maker = new TransactionMaker(signer, accounts, {
    chainId: "test-1",
    firstAccountNumber: 7,
    fee: { denom: "stake", amount: 500n },
    gasLimit: 120_000,
    amount: { denom: "stake", amount: 3n },
  });
  return { maker, addresses: accounts.map((account) => account.address) };
}

describe("the transactions of the load", () => {
  it("are what cosmjs reads as a bank send, and its signature check accepts them", async () => {
    const { maker, addresses } = await makeMaker();
    const bytes = maker.make(ACCOUNTS + 1);
    const raw = TxRaw.decode(bytes);
    expect(Buffer.from(TxRaw.encode(raw).finish())).toEqual(bytes);
    const authInfo = AuthInfo.decode(raw.authInfoBytes);
    expect(authInfo.signerInfos[0]?.sequence).toBe(1n);
    expect(authInfo.fee).toMatchObject({ gasLimit: 120_000n, amount: [{ denom: "stake", amount: "500" }] });
    const [message] = TxBody.decode(raw.bodyBytes).messages;
    expect(MsgSend.decode(message?.value ?? new Uint8Array())).toEqual({
      fromAddress: addresses[1],
      toAddress: addresses[3],
      amount: [{ denom: "stake", amount: "3" }],
    });
    const signDoc = SignDoc.fromPartial({
      bodyBytes: raw.bodyBytes,
      authInfoBytes: raw.authInfoBytes,
      chainId: "test-1",
      accountNumber: 8n,
    });
    const { key } = PubKey.decode(authInfo.signerInfos[0]?.publicKey?.value ?? new Uint8Array());
    const signature = Secp256k1Signature.fromFixedLength(raw.signatures[0] ?? new Uint8Array());
    expect(Secp256k1.verifySignature(signature, sha256(SignDoc.encode(signDoc).finish()), key)).toBe(true);
  });

  it("stand in a batch as JSON-RPC calls with the transactions in base64", async () => {
    const { maker } = await makeMaker();
    const signed = presign(maker, { count: 5, method: "broadcast_tx_async" });
    const batch = JSON.parse(`[${signed.batch(1, 4).toString()}]`) as { params: { tx: string }; id: number }[];
    expect(batch.map((call) => call.id)).toEqual([1, 2, 3]);
    expect(batch[2]?.params.tx).toBe(maker.make(3).toString("base64"));
    expect(signed.base64(3)).toBe(batch[2]?.params.tx);
  });
});

describe("the broadcaster", () => {
  it("sends again what a full mempool refused, counts other refusals, and never has more outstanding than it may", async () => {
    const { maker } = await makeMaker();
    const transactions = presign(maker, { count: 40, method: "broadcast_tx_async" });
    const seen: number[] = [];
    let refuseOnce = true;
    const node = await serve((call) => {
      if (call.id === 13 && refuseOnce) {
        refuseOnce = false;
        return { id: call.id, error: { code: -32603, message: "Internal error", data: "mempool is full: 5000 txs" } };
      }
      if (call.id === 21)
        return { id: call.id, error: { code: -32603, message: "Internal error", data: "tx too large" } };
      seen.push(call.id);
      return { id: call.id, result: { code: 0, codespace: "", log: "" } };
    });
    const client = new RpcClient(node.url, 2);
    const limits = { seconds: 20, ratePerSecond: Infinity, maxOutstanding: 10, batchSize: 5, connections: 2 };
    const broadcaster = new Broadcaster([client], transactions, limits);
    let mostOutstanding = 0;
    const commits = setInterval(() => {
      mostOutstanding = Math.max(mostOutstanding, broadcaster.outstanding);
      broadcaster.committed(broadcaster.outstanding);
    }, 5);
    await broadcaster.run();
    clearInterval(commits);
    client.close();
    await node.close();
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i).filter((i) => i !== 21));
    expect(broadcaster.accepted).toBe(39);
    expect(broadcaster.refusedFull).toBe(1);
    expect([...broadcaster.rejected]).toEqual([["Internal error: tx too large", 1]]);
    expect(mostOutstanding).toBeLessThanOrEqual(10);
  });
});

describe("a distribution", () => {
  it("has percentiles by nearest rank", () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(distribution(values)).toEqual({ count: 200, mean: 100.5, p50: 100, p99: 198, max: 200 });
  });
});

interface Call {
  readonly id: number;
}

/** An RPC server that answers batches call by call. */
async function serve(answer: (call: Call) => object): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const calls = JSON.parse(Buffer.concat(chunks).toString()) as Call[];
      response.end(JSON.stringify(calls.map(answer)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
