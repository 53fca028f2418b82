// Tier: test. Budget: 40 s. Row 36: pages of a million, a hundred simulations at once, large results, deep JSON, bodies without
// end: each is answered or refused, and blocks go on.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MsgMultiSendSchema, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { status } from "@grpc/grpc-js";
import { QueryAllBalancesRequest, QueryAllBalancesResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { TxDecodeRequest } from "cosmjs-types/cosmos/tx/v1beta1/service";

import type { AppState } from "../../core/runtime/genesis.js";
import { message, TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { GrpcRpc } from "./grpc-rpc.js";
import { post, rest } from "./rest-client.js";

const CHAIN_ID = "computronium-test-1";
const DENOMS = 2500;
const MAX_PAGE = 1000;

describe("the limits of a node's faces", () => {
  let node: TestNode;
  let grpc: GrpcRpc;
  let sender: TestSigner;

  beforeAll(async () => {
    sender = await TestSigner.named("sender");
    const coins = Array.from({ length: DENOMS }, (_, i) => ({
      denom: `coin${i.toString().padStart(4, "0")}`,
      amount: "7",
    }));
    coins.push({ denom: "ucptm", amount: "1000000000" });
    node = await TestNode.start({
      chainId: CHAIN_ID,
      api: true,
      args: ["--query-gas-limit", "200000"],
      genesis: (genesis) => {
        const { auth, bank, ...state } = genesis.app_state as AppState;
        const account = { "@type": "/cosmos.auth.v1beta1.BaseAccount", address: sender.address, account_number: "0" };
        genesis.app_state = {
          ...state,
          auth: { ...(auth as object), accounts: [account] },
          bank: { ...(bank as object), balances: [{ address: sender.address, coins }] },
        };
      },
    });
    grpc = new GrpcRpc(node.grpcAddress);
  });
  afterAll(async () => {
    grpc.close();
    await removeAllNodes();
  });

  const url = (path: string) => `${node.restUrl}${path}`;
  const balances = () => `/cosmos/bank/v1beta1/balances/${sender.address}`;

  /** How many blocks the node committed while `work` ran. */
  async function blocksDuring(work: () => Promise<unknown>): Promise<number> {
    const before = await node.rpc.height();
    await work();
    await node.waitForHeight(before + 1);
    return (await node.rpc.height()) - before;
  }

  it("gives at most a page of its own size, whatever was asked for", async () => {
    const { json } = await rest(url(`${balances()}?pagination.limit=1000000`));
    expect(json["balances"]).toHaveLength(MAX_PAGE);
    const all: unknown[] = [];
    let key: Uint8Array = new Uint8Array(0);
    do {
      const request = {
        address: sender.address,
        resolveDenom: false,
        pagination: { key, limit: 1_000_000n, offset: 0n, countTotal: false, reverse: false },
      };
      const bytes = await grpc.request(
        "cosmos.bank.v1beta1.Query",
        "AllBalances",
        QueryAllBalancesRequest.encode(request).finish(),
      );
      const page = QueryAllBalancesResponse.decode(bytes);
      all.push(...page.balances);
      key = page.pagination!.nextKey;
    } while (key.length > 0);
    expect(all).toHaveLength(DENOMS + 1);
    const far = await rest(url(`${balances()}?pagination.offset=100000000`));
    expect(far.json["message"]).toMatch(/offset is at most/);
  });

  it("stops a query that uses more gas than the node gives", async () => {
    expect((await rest(url(`${balances()}?pagination.limit=1`))).status).toBe(200);
    const counted = await rest(url(`${balances()}?pagination.limit=1&pagination.count_total=true`));
    expect(counted).toMatchObject({
      status: 500,
      json: { code: 2, message: expect.stringMatching(/code 11: out of gas/) },
    });
  });

  it("answers a hundred simulations at once, each in its turn, and goes on making blocks", async () => {
    const to = (await TestSigner.named("receiver")).address;
    const outputs = Array.from({ length: 200 }, () => ({ address: to, coins: [{ denom: "ucptm", amount: "1" }] }));
    const inputs = [{ address: sender.address, coins: [{ denom: "ucptm", amount: "200" }] }];
    const txBytes = await sender.sign([message(MsgMultiSendSchema, { inputs, outputs })], {
      chainId: CHAIN_ID,
      sequence: 0n,
    });
    const body = { tx_bytes: Buffer.from(txBytes).toString("base64") };
    let answers: Awaited<ReturnType<typeof post>>[] = [];
    const blocks = await blocksDuring(async () => {
      answers = await Promise.all(Array.from({ length: 100 }, () => post(url("/cosmos/tx/v1beta1/simulate"), body)));
    });
    expect(blocks).toBeGreaterThan(0);
    expect(new Set(answers.map(({ status: code }) => code))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ json }) => JSON.stringify(json["gas_info"]))).size).toBe(1);
  });

  it("refuses JSON and bodies without end", async () => {
    const deep = `{"tx":${'{"body":'.repeat(50_000)}1${"}".repeat(50_000)}}`;
    expect(await post(url("/cosmos/tx/v1beta1/encode"), deep)).toMatchObject({
      status: 400,
      json: { code: 3, message: "the body is nested more than 100 deep" },
    });
    const brackets = `{"tx_bytes":${"[".repeat(300_000)}`;
    expect((await post(url("/cosmos/tx/v1beta1/decode"), brackets)).status).toBe(400);
    const large = await post(url("/cosmos/tx/v1beta1/simulate"), { tx_bytes: "A".repeat(2_000_000) }).catch(
      () => undefined,
    );
    // The connection may be closed before all of it was sent.
    if (large !== undefined)
      expect(large).toMatchObject({ status: 400, json: { message: "the body has more than 1000000 bytes" } });
    expect((await rest(url(`/cosmos/bank/v1beta1/supply?${"a.".repeat(5000)}=1`))).status).toBeGreaterThanOrEqual(400);
    const many = Array.from({ length: 1500 }, (_, i) => `x${i}=1`).join("&");
    expect(await rest(url(`/cosmos/bank/v1beta1/supply?${many}`))).toMatchObject({ status: 400 });
  });

  it("refuses `Any` within `Any` deeper than a transaction may have it, and what is no message at all", async () => {
    // TxBody{messages: [Any{MsgExec{msgs: [Any{…}]}}]}, 200 deep.
    let any = Buffer.from("0a01611200", "hex");
    const field = (number: number, bytes: Uint8Array) => {
      const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
      return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
    };
    for (let i = 0; i < 200; i++) {
      any = Buffer.concat([field(1, Buffer.from("/cosmos.authz.v1beta1.MsgExec")), field(2, field(2, any))]);
    }
    const txBytes = field(1, field(1, any));
    const request = TxDecodeRequest.encode({ txBytes }).finish();
    await expect(grpc.request("cosmos.tx.v1beta1.Service", "TxDecode", request)).rejects.toMatchObject({
      code: status.UNKNOWN,
    });
    await expect(
      grpc.request("cosmos.bank.v1beta1.Query", "Balance", Buffer.from("ffff", "hex")),
    ).rejects.toMatchObject({
      code: status.UNKNOWN,
      details: expect.stringMatching(/the request is no cosmos.bank.v1beta1.QueryBalanceRequest/),
    });
  });

  it("answers a hundred large queries at once, through both doors, and goes on making blocks", async () => {
    const send = message(MsgSendSchema, {
      fromAddress: sender.address,
      toAddress: sender.address,
      amount: [{ denom: "ucptm", amount: "1" }],
    });
    await node.rpc.broadcast(await sender.sign([send], { chainId: CHAIN_ID }));
    const pagination = { key: new Uint8Array(0), limit: 1000n, offset: 0n, countTotal: false, reverse: false };
    const all = { address: sender.address, resolveDenom: false, pagination };
    const request = QueryAllBalancesRequest.encode(all).finish();
    let answered = 0;
    const blocks = await blocksDuring(async () => {
      const viaGrpc = Array.from({ length: 50 }, () =>
        grpc.request("cosmos.bank.v1beta1.Query", "AllBalances", request),
      );
      const viaRest = Array.from({ length: 50 }, () => rest(url(`${balances()}?pagination.limit=1000`)));
      answered = (await Promise.all([...viaGrpc, ...viaRest])).length;
    });
    expect(answered).toBe(100);
    expect(blocks).toBeGreaterThan(0);
  });
});
