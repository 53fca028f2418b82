// Tier: test. Budget: 60 s. The client library against a real node.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import type { ConnectOptions, TypedMessage } from "@computronium/client";
import {
  ComputroniumClient,
  decodeEvent,
  LeaseEndedError,
  message,
  parseCoin,
  QueryError,
  rate,
  TxExpiredError,
  TxFailedError,
  TxRejectedError,
  WaitTimeoutError,
} from "@computronium/client";
import { EventOrderPostedSchema } from "@computronium/proto/computronium/marketplace/v1/events_pb.js";
import {
  MsgCloseLeaseSchema,
  MsgPostOrderSchema,
  MsgStartLeaseSchema,
  MsgSubmitResultSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  JobClass,
  LeaseState,
  OrderState,
  ResourceKind,
  VerificationTier,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { Localnet } from "../../localnet/localnet.js";

const DENOM = "ucptm";
const ORDER = {
  jobClass: JobClass.WASM,
  verification: VerificationTier.NONE,
  requirements: {},
  manifestHash: new Uint8Array(32).fill(7),
  maxPrice: rate("5ucptm", "second"),
  budget: parseCoin("60000ucptm"),
  durationSeconds: 600n,
  lifetimeSeconds: 600n,
};

describe("the client on a real chain", () => {
  let network: Localnet;
  const clients: ComputroniumClient[] = [];

  async function connect(name: string, options: ConnectOptions = {}): Promise<ComputroniumClient> {
    const { signer } = network.account(name);
    const { gasPrice, rpcUrl } = network;
    const client = await ComputroniumClient.connect(rpcUrl, { signer, gasPrice, pollMs: 50, ...options });
    clients.push(client);
    return client;
  }

  const send = (from: ComputroniumClient, to: string, amount: string): TypedMessage =>
    message(MsgSendSchema, { fromAddress: from.address, toAddress: to, amount: [{ denom: DENOM, amount }] });

  beforeAll(async () => {
    network = await Localnet.start({ validators: 1, timeoutCommitMs: 200 });
  }, 120_000);

  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await network.stop();
  });

  it("sends coins, and knows the fee to the last unit", async () => {
    const alice = await connect("alice");
    const { address: bob } = network.account("bob");
    const before = [await alice.bank.balance(alice.address, DENOM), await alice.bank.balance(bob, DENOM)] as const;
    const pending = await alice.submit([send(alice, bob, "12345")]);
    const tx = await pending.committed;
    const fee = BigInt(pending.fee.amount[0]?.amount ?? "0");
    expect(tx.gasUsed <= tx.gasWanted).toBe(true);
    expect(fee).toBe((tx.gasWanted * 25n + 9_999n) / 10_000n);
    expect(await alice.bank.balance(alice.address, DENOM)).toBe(before[0] - 12345n - fee);
    expect(await alice.bank.balance(bob, DENOM)).toBe(before[1] + 12345n);
    expect(await alice.bank.balance(bob, DENOM, { height: tx.height - 1 })).toBe(before[1]);
  });

  it("keeps many transactions of one account in flight, in order", async () => {
    const alice = await connect("alice");
    const { address: carol } = network.account("carol");
    const before = await alice.bank.balance(carol, DENOM);
    const pending = await Promise.all(
      Array.from({ length: 60 }, () => alice.submit([send(alice, carol, "1")], { gas: 120_000 })),
    );
    const sequences = pending.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, i) => (sequences[0] ?? 0) + i));
    const committed = await Promise.all(pending.map((each) => each.committed));
    const places = committed.map(({ height, index }) => height * 1e6 + index);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(await alice.bank.balance(carol, DENOM)).toBe(before + 60n);
  });

  it("recovers when another program uses the same account", async () => {
    const [one, other] = [await connect("dave"), await connect("dave")];
    const { address: carol } = network.account("carol");
    await one.bank.send(carol, "1ucptm");
    await other.bank.send(carol, "1ucptm");
    // `one` counts on from its own transaction, and is wrong.
    expect((await one.bank.send(carol, "1ucptm")).code).toBe(0);
    expect((await other.bank.send(carol, "1ucptm")).code).toBe(0);
  });

  it("says by class and code why a transaction did not succeed", async () => {
    const alice = await connect("alice");
    const { address: bob } = network.account("bob");
    const tooMuch = [send(alice, bob, "999999999999999999")];
    const rejected: unknown = await alice.send([send(alice, bob, "1")], { gas: 1 }).catch((error: unknown) => error);
    expect(rejected).toBeInstanceOf(TxRejectedError);
    expect(rejected).toMatchObject({ codespace: "sdk", code: 11 });
    const failed: unknown = await alice.send(tooMuch, { gas: 200_000 }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TxFailedError);
    expect(failed).toMatchObject({ codespace: "sdk", code: 5 });
    await expect(alice.send(tooMuch)).rejects.toBeInstanceOf(QueryError); // its simulation fails
    await expect(alice.market.lease(404n)).rejects.toBeInstanceOf(QueryError);
    // The sequence is right afterwards.
    expect((await alice.bank.send(bob, "1ucptm")).code).toBe(0);
  });

  it("signs amino JSON as a Ledger does, for the market's messages too", async () => {
    const { mnemonic } = network.account("bob");
    const signer = await Secp256k1HdWallet.fromMnemonic(mnemonic, { prefix: network.prefix });
    const bob = await connect("bob", { signer });
    const { orderId, tx } = await bob.market.postOrder(ORDER);
    const posted = tx.events.flatMap((event) => decodeEvent(EventOrderPostedSchema, event) ?? []);
    expect(posted).toMatchObject([{ orderId, owner: bob.address, budget: { amount: "60000", denom: DENOM } }]);
    expect(await bob.market.order(orderId)).toMatchObject({ state: OrderState.OPEN, durationSeconds: 600n });
    const { refunded } = await bob.market.cancelOrder({ orderId });
    expect(refunded).toMatchObject({ amount: "60000", denom: DENOM });
    expect((await bob.market.order(orderId)).state).toBe(OrderState.CANCELLED);
  });

  it("watches orders: those that are there, then the new ones, each once", async () => {
    const carol = await connect("carol");
    const reader = await ComputroniumClient.connect(network.rpcUrl, { pollMs: 50 });
    clients.push(reader);
    const { orderId: first } = await carol.market.postOrder(ORDER);
    const watched = reader.market.watchOrders();
    expect((await watched.next()).value).toMatchObject({ id: first });
    const next = watched.next();
    const batch = [1, 2].map(() => message(MsgPostOrderSchema, { ...ORDER, owner: carol.address }));
    const posted = await carol.send(batch);
    const ids = posted.events.flatMap((event) => decodeEvent(EventOrderPostedSchema, event)?.orderId ?? []);
    expect([(await next).value, (await watched.next()).value]).toMatchObject(ids.map((id) => ({ id })));
    await watched.return();
  });

  it("spends for an owner who lets it, as the owner, within the limit and no longer than that", async () => {
    const [alice, agent] = [await connect("alice"), await connect("bob")];
    const market = agent.marketFor(alice.address);
    await expect(market.postOrder(ORDER)).rejects.toThrow(/authorization not found/);
    const until = new Date(Date.now() + 3_600_000);
    await alice.grantSpending(agent.address, {
      limit: "100000ucptm",
      jobClasses: [JobClass.WASM],
      purpose: "test",
      until,
    });
    const before = await alice.bank.balance(alice.address, DENOM);
    const { orderId, tx } = await market.postOrder(ORDER);
    expect(await market.order(orderId)).toMatchObject({ owner: alice.address, state: OrderState.OPEN });
    expect(tx.code).toBe(0);
    expect(await alice.bank.balance(alice.address, DENOM)).toBe(before - 60_000n);
    await expect(market.postOrder(ORDER)).rejects.toThrow(/more than is left of total_limit/);
    expect((await market.cancelOrder({ orderId })).refunded).toMatchObject({ amount: "60000", denom: DENOM });
    await alice.revokeSpending(agent.address);
    await expect(market.cancelOrder({ orderId })).rejects.toThrow(/authorization not found/);
  });

  it("gives up waiting when the time is over", async () => {
    const carol = await connect("carol");
    const { orderId } = await carol.market.postOrder(ORDER);
    await expect(carol.market.waitForBids(orderId, { timeoutMs: 500 })).rejects.toBeInstanceOf(WaitTimeoutError);
    await expect(carol.market.waitForLease(404n, [LeaseState.ACTIVE])).rejects.toBeInstanceOf(QueryError);
  });

  it("waits for a result, also of a job so short that its lease is settled at once", async () => {
    const [dave, carol] = [await connect("dave"), await connect("carol")];
    await dave.market.registerProvider({
      attributes: { kind: ResourceKind.SPARE_MACHINE, cpuCores: 2, ramMib: 1024n },
      endpoints: ["http://127.0.0.1:9"],
      ttlSeconds: 600n,
      price: rate("5ucptm", "second"),
      bond: parseCoin("10000000ucptm"),
    });
    const lease = async (): Promise<bigint> => {
      const { orderId } = await carol.market.postOrder(ORDER);
      await dave.market.placeBid({ orderId, price: rate("5ucptm", "second") });
      return (await carol.market.acceptBid({ orderId, provider: dave.address, price: rate("5ucptm", "second") }))
        .leaseId;
    };
    const start = (leaseId: bigint): TypedMessage =>
      message(MsgStartLeaseSchema, { provider: dave.address, leaseId, manifestHash: ORDER.manifestHash });

    const delivered = await lease();
    const waiting = carol.market.waitForResult(delivered);
    const resultHash = new Uint8Array(32).fill(9);
    const submit = message(MsgSubmitResultSchema, { provider: dave.address, leaseId: delivered, resultHash });
    await dave.send([start(delivered), submit]);
    expect(await waiting).toMatchObject({ state: LeaseState.SETTLED, resultHash, acceptedSeconds: 0n });
    await expect(carol.market.waitForLease(delivered, [LeaseState.CLOSING])).rejects.toBeInstanceOf(LeaseEndedError);

    const abandoned = await lease();
    const inVain = carol.market.waitForResult(abandoned).catch((error: unknown) => error);
    await dave.send([start(abandoned), message(MsgCloseLeaseSchema, { sender: dave.address, leaseId: abandoned })]);
    expect(await inVain).toBeInstanceOf(LeaseEndedError);
  });

  it("reports a transaction that no block took in time as expired, and goes on", async () => {
    const alice = await connect("alice");
    const { address: bob } = network.account("bob");
    // With no height left, no block can take it; the node says so at once, or the blocks do.
    const outcome: unknown = await alice
      .send([send(alice, bob, "1")], { timeoutBlocks: 0, gas: 150_000 })
      .catch((error: unknown) => error);
    expect(outcome instanceof TxExpiredError || outcome instanceof TxRejectedError).toBe(true);
    expect(outcome).toMatchObject({ codespace: "sdk", code: 30 });
    expect((await alice.bank.send(bob, "1ucptm")).code).toBe(0);
  });

  it("takes http and https endpoints, and says so of others", async () => {
    for (const rpc of [network.rpcUrl.replace("http:", "ws:"), "127.0.0.1:26657", ""])
      await expect(ComputroniumClient.connect(rpc)).rejects.toThrow("an RPC endpoint is an http or https URL");
  });

  it("only reads without a signer, and says so", async () => {
    const reader = await ComputroniumClient.connect(network.rpcUrl);
    clients.push(reader);
    expect(reader.chainId).toBe(network.chainId);
    expect(() => reader.address).toThrow("no signer");
    const supply = await reader.bank.supply(DENOM);
    // Part of the fees is burned.
    expect(supply > 3_999_000_000_000n && supply < 4_000_000_000_000n).toBe(true);
  });
});
