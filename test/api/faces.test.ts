// Tier: test. Budget: 40 s. Stock gRPC clients, cosmjs-types' generated ones and plain HTTP against one real node: every face
// gives the same answer, errors have the codes and statuses of a Cosmos chain, and heights are those that were asked for.
import { existsSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sha256 } from "@cosmjs/crypto";
import { toHex } from "@cosmjs/encoding";
import { status } from "@grpc/grpc-js";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryClientImpl as AuthQuery } from "cosmjs-types/cosmos/auth/v1beta1/query";
import {
  QueryBalanceRequest,
  QueryBalanceResponse,
  QueryClientImpl as BankQuery,
} from "cosmjs-types/cosmos/bank/v1beta1/query";
import { ServiceClientImpl as TendermintService } from "cosmjs-types/cosmos/base/tendermint/v1beta1/query";
import { BroadcastMode, OrderBy, ServiceClientImpl as TxService } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { gatewayJson } from "../../core/codec/gateway-json.js";
import { fromBinary } from "../../core/codec/protobuf.js";
import { registry } from "../../core/codec/registry.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { appStateWith } from "../kit/app-state.js";
import { message, TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { GrpcRpc } from "./grpc-rpc.js";
import { post, rest } from "./rest-client.js";

const CHAIN_ID = "computronium-test-1";
const START_AMOUNT = 1_000_000_000n;

describe("the faces of a node", () => {
  let node: TestNode;
  let grpc: GrpcRpc;
  let sender: TestSigner;
  let receiver: TestSigner;
  let sent: { txBytes: Uint8Array; hash: string; height: bigint };

  beforeAll(async () => {
    sender = await TestSigner.named("sender");
    receiver = await TestSigner.named("receiver");
    node = await TestNode.start({
      chainId: CHAIN_ID,
      api: true,
      args: ["--api.enabled-unsafe-cors", "true"],
      genesis: (genesis) => {
        const { auth, bank } = appStateWith([{ address: sender.address, amount: START_AMOUNT }]) as Record<
          string,
          object
        >;
        const state = genesis.app_state as AppState;
        genesis.app_state = {
          ...state,
          auth: { ...(state["auth"] as object), ...auth },
          bank: { ...(state["bank"] as object), ...bank },
        };
      },
    });
    grpc = new GrpcRpc(node.grpcAddress);
    const txBytes = await sender.sign([transfer(5n)], { chainId: CHAIN_ID });
    const service = new TxService(grpc);
    const { txResponse } = await service.BroadcastTx({ txBytes, mode: BroadcastMode.BROADCAST_MODE_SYNC });
    expect(txResponse).toMatchObject({ code: 0, rawLog: "", txhash: toHex(sha256(txBytes)).toUpperCase() });
    const { height } = await node.rpc.tx(txResponse!.txhash);
    sent = { txBytes, hash: txResponse!.txhash, height: BigInt(height) };
    await node.waitForHeight(Number(height) + 1);
  });
  afterAll(async () => {
    grpc.close();
    await removeAllNodes();
  });

  const transfer = (amount: bigint) =>
    message(MsgSendSchema, {
      fromAddress: sender.address,
      toAddress: receiver.address,
      amount: [{ denom: "ucptm", amount: amount.toString() }],
    });
  const url = (path: string) => `${node.restUrl}${path}`;

  it("answers generated clients over gRPC", async () => {
    const { account } = await new AuthQuery(grpc).Account({ address: sender.address });
    expect(account!.typeUrl).toBe("/cosmos.auth.v1beta1.BaseAccount");
    expect(BaseAccount.decode(account!.value)).toMatchObject({ address: sender.address, sequence: 1n });
    const bank = new BankQuery(grpc);
    const { balance } = await bank.Balance({ address: receiver.address, denom: "ucptm" });
    expect(balance).toEqual({ denom: "ucptm", amount: "5" });
    const { supply, pagination } = await bank.TotalSupply({});
    // Of the fee of 1,000, 30 % are burned.
    expect(supply).toEqual([{ denom: "ucptm", amount: (START_AMOUNT - 300n).toString() }]);
    expect(pagination!.total).toBe(1n);
    const { defaultNodeInfo, applicationVersion } = await new TendermintService(grpc).GetNodeInfo({});
    expect(defaultNodeInfo).toMatchObject({ network: CHAIN_ID, version: "0.38.26" });
    expect(applicationVersion!.buildDeps.map(({ path }) => path)).toContain("github.com/cosmos/cosmos-sdk");
  });

  it("answers at the height that is asked for, and says at which it answered", async () => {
    const path = "/cosmos.bank.v1beta1.Query/Balance";
    const request = QueryBalanceRequest.encode({ address: receiver.address, denom: "ucptm" }).finish();
    const before = (sent.height - 1n).toString();
    const old = await grpc.call(path, request, { "x-cosmos-block-height": before });
    expect(old.metadata.get("x-cosmos-block-height")).toEqual([before]);
    expect(QueryBalanceResponse.decode(old.bytes).balance!.amount).toBe("0");
    const now = await grpc.call(path, request);
    expect(Number(now.metadata.get("x-cosmos-block-height")[0])).toBeGreaterThan(Number(sent.height));
    expect(QueryBalanceResponse.decode(now.bytes).balance!.amount).toBe("5");

    const byDenom = url(`/cosmos/bank/v1beta1/balances/${receiver.address}/by_denom?denom=ucptm`);
    const oldRest = await rest(byDenom, { headers: { "x-cosmos-block-height": before } });
    expect(oldRest.json).toEqual({ balance: { denom: "ucptm", amount: "0" } });
    expect(oldRest.headers.get("x-cosmos-block-height")).toBe(before);
    expect(oldRest.headers.get("grpc-metadata-x-cosmos-block-height")).toBe(before);

    const future = { "x-cosmos-block-height": "1000000" };
    await expect(grpc.call(path, request, future)).rejects.toMatchObject({ code: status.UNKNOWN });
    expect((await rest(byDenom, { headers: future })).json).toMatchObject({
      code: 2,
      message:
        "codespace sdk code 26: invalid height: cannot query with height in the future; please provide a valid height",
    });
    await expect(grpc.call(path, request, { "x-cosmos-block-height": "soon" })).rejects.toThrow(/invalid height/);
  });

  it("gives the same answer through REST and abci_query, for every method that needs no arguments", async () => {
    const { json } = await rest(url("/openapi.json"));
    const paths = json["paths"] as Record<string, { get?: { operationId: string; tags: [string] } }>;
    let compared = 0;
    for (const [path, { get }] of Object.entries(paths)) {
      if (get === undefined || path.includes("{")) continue;
      const [service] = get.tags;
      const method = get.operationId.slice(service.length + 1);
      const viaRest = await rest(url(path));
      const viaAbci = await node.rpc.query(`/${service}/${method}`, new Uint8Array(0));
      expect({ path, isRefused: viaRest.status !== 200 }).toEqual({ path, isRefused: viaAbci.code !== 0 });
      // What CometBFT tells of itself changes from one call to the next.
      if (viaAbci.code !== 0 || service.startsWith("cosmos.base.")) continue;
      const { output } = registry.getService(service)!.methods.find(({ name }) => name === method)!;
      expect({ path, json: viaRest.json }).toEqual({
        path,
        json: gatewayJson(output, fromBinary(output, viaAbci.value)),
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(15);
  });

  it("has the codes and statuses of a Cosmos chain for what it refuses", async () => {
    const { address } = await TestSigner.named("stranger");
    const missing = `account ${address} not found`;
    await expect(new AuthQuery(grpc).Account({ address })).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: missing,
    });
    const expected: [path: string, status: number, code: number, message: RegExp | string][] = [
      [`/cosmos/auth/v1beta1/accounts/${address}`, 404, 5, missing],
      ["/cosmos/bank/v1beta1/balances/nobody", 400, 3, /^invalid address: /],
      ["/cosmos/bank/v1beta1/supply?pagination.limit=many", 400, 3, /limit/],
      ["/cosmos/bank/v1beta1/supply?pagination.reverse=maybe", 400, 3, /neither true nor false/],
      [`/cosmos/tx/v1beta1/txs/${"00".repeat(32)}`, 404, 5, `tx not found: ${"00".repeat(32)}`],
      ["/cosmos/tx/v1beta1/txs", 400, 3, "query cannot be empty"],
      ["/cosmos/base/tendermint/v1beta1/blocks/1000000", 400, 3, /bigger then the chain length/],
      ["/cosmos/tx/v1beta1/txs/block/1000000", 500, 2, /^codespace sdk code 26: invalid height: requested height/],
      ["/ibc/core/client/v1/client_states", 501, 12, "Not Implemented"],
      ["/cosmos/bank/v1beta1/%zz", 400, 3, "the path is not well escaped"],
      ["/", 501, 12, "Not Implemented"],
    ];
    for (const [path, httpStatus, code, text] of expected) {
      const answer = await rest(url(path));
      expect({ path, status: answer.status, code: answer.json["code"], details: answer.json["details"] }).toEqual({
        path,
        status: httpStatus,
        code,
        details: [],
      });
      expect(answer.json["message"]).toMatch(text);
    }
    await expect(grpc.call("/cosmos.nft.v1beta1.Query/Classes", new Uint8Array(0))).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
    });
    expect((await rest(url("/cosmos/bank/v1beta1/supply"), { method: "DELETE" })).status).toBe(501);
  });

  it("writes JSON as the gateway of the SDK does", async () => {
    expect((await rest(url(`/cosmos/auth/v1beta1/accounts/${sender.address}`))).json).toEqual({
      account: {
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        address: sender.address,
        pub_key: { "@type": "/cosmos.crypto.secp256k1.PubKey", key: expect.stringMatching(/^[A-Za-z0-9+/]{44}$/) },
        account_number: "0",
        sequence: "1",
      },
    });
    expect((await rest(url(`/cosmos/bank/v1beta1/balances/${receiver.address}?pagination.limit=5`))).json).toEqual({
      balances: [{ denom: "ucptm", amount: "5" }],
      pagination: { next_key: null, total: "0" },
    });
    expect((await rest(url("/cosmos/auth/v1beta1/bech32"))).json).toEqual({ bech32_prefix: "cptm" });
    const { json: moduleAccount } = await rest(url("/cosmos/auth/v1beta1/module_accounts/fee_collector"));
    expect(moduleAccount).toMatchObject({ account: { base_account: { pub_key: null }, permissions: [] } });
    const { json: nodeInfo } = await rest(url("/cosmos/base/tendermint/v1beta1/node_info"));
    expect(nodeInfo).toMatchObject({ default_node_info: { network: CHAIN_ID, other: { tx_index: "on" } } });
  });

  it("finds a transaction by hash, by events and in its block, the same through gRPC and REST", async () => {
    const { json: found } = await rest(url(`/cosmos/tx/v1beta1/txs/${sent.hash.toLowerCase()}`));
    expect(found).toMatchObject({
      tx: { body: { messages: [{ "@type": "/cosmos.bank.v1beta1.MsgSend", amount: [{ amount: "5" }] }] } },
      tx_response: {
        txhash: sent.hash,
        height: sent.height.toString(),
        code: 0,
        tx: { "@type": "/cosmos.tx.v1beta1.Tx" },
      },
    });
    expect((found["tx_response"] as { timestamp: string }).timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const query = encodeURIComponent(`transfer.recipient='${receiver.address}'`);
    const { json: searched } = await rest(url(`/cosmos/tx/v1beta1/txs?query=${query}&order_by=ORDER_BY_DESC&limit=1`));
    expect(searched).toMatchObject({ total: "1", txs: [found["tx"]], tx_responses: [found["tx_response"]] });

    const service = new TxService(grpc);
    const byEvents = await service.GetTxsEvent({
      events: [`tx.height=${sent.height}`, `message.action='/cosmos.bank.v1beta1.MsgSend'`],
      orderBy: OrderBy.ORDER_BY_ASC,
      page: 1n,
      limit: 10n,
      query: "",
    });
    expect(byEvents.txResponses.map(({ txhash }) => txhash)).toEqual([sent.hash]);
    const { block, txs } = await service.GetBlockWithTxs({ height: sent.height });
    expect(block!.data.txs.map((tx) => toHex(sha256(tx)).toUpperCase())).toEqual([sent.hash]);
    expect(txs).toHaveLength(1);
    const { json: blockJson } = await rest(url(`/cosmos/base/tendermint/v1beta1/blocks/${sent.height}`));
    expect(blockJson).toMatchObject({
      block: {
        header: { height: sent.height.toString() },
        data: { txs: [Buffer.from(sent.txBytes).toString("base64")] },
      },
      sdk_block: { header: { proposer_address: expect.stringMatching(/^cptmvalcons1/) } },
    });
  });

  it("simulates, encodes, decodes and takes transactions over REST", async () => {
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    const txBytes = await sender.sign([transfer(1n)], { chainId: CHAIN_ID, sequence: 1n });
    const simulated = await post(url("/cosmos/tx/v1beta1/simulate"), { tx_bytes: base64(txBytes) });
    expect(simulated.json).toMatchObject({ gas_info: { gas_wanted: "18446744073709551615" }, result: { log: "" } });
    const poor = await sender.sign([transfer(10n * START_AMOUNT)], { chainId: CHAIN_ID, sequence: 1n });
    const refused = await post(url("/cosmos/tx/v1beta1/simulate"), { tx_bytes: base64(poor) });
    expect(refused.status).toBe(500);
    expect(refused.json["message"]).toMatch(/insufficient funds.* with gas used: '\d+'/);

    const { json: decoded } = await post(url("/cosmos/tx/v1beta1/decode"), { tx_bytes: base64(txBytes) });
    const { json: encoded } = await post(url("/cosmos/tx/v1beta1/encode"), decoded);
    for (const [path, body] of [
      ["encode/amino", { amino_json: "{}" }],
      ["decode/amino", { amino_binary: "AA==" }],
    ] as const) {
      expect(await post(url(`/cosmos/tx/v1beta1/${path}`), body)).toMatchObject({
        status: 501,
        json: { code: 12, message: expect.stringContaining("no amino binary form: use TxEncode and TxDecode") },
      });
    }
    expect(encoded).toEqual({ tx_bytes: base64(txBytes) });

    const old = await sender.sign([transfer(1n)], { chainId: CHAIN_ID, sequence: 0n });
    const broadcast = { tx_bytes: base64(old), mode: "BROADCAST_MODE_SYNC" };
    expect((await post(url("/cosmos/tx/v1beta1/txs"), broadcast)).json).toMatchObject({
      tx_response: {
        code: 32,
        codespace: "sdk",
        raw_log: expect.stringMatching(/account sequence mismatch, expected 1, got 0/),
      },
    });
    expect(
      (await post(url("/cosmos/tx/v1beta1/txs"), { ...broadcast, mode: "BROADCAST_MODE_BLOCK" })).json,
    ).toMatchObject({
      code: 2,
      message: expect.stringMatching(/supported types: sync, async/),
    });
    expect((await post(url("/cosmos/tx/v1beta1/txs"), "{")).status).toBe(400);
  });

  it("ends a second node that asks for the same address before it has done anything, and says what to do", async () => {
    const second = await TestNode.create({ api: true });
    for (const [face, address] of [
      ["grpc", node.grpcAddress],
      ["api", new URL(node.restUrl).host],
    ]) {
      second.launch({ [`COMPUTRONIUMD_${face!.toUpperCase()}_ADDRESS`]: address! });
      expect((await second.ended()).code).toBe(1);
      expect(second.output).toContain(`cannot listen on ${address}: something else does`);
      expect(second.output).toContain(`--${face}.enable false`);
    }
    expect(existsSync(second.home.applicationDb)).toBe(false);
  });

  it("tells a browser of any origin that it may ask, where that is switched on", async () => {
    const preflight = await fetch(url("/cosmos/bank/v1beta1/supply"), {
      method: "OPTIONS",
      headers: { origin: "https://wallet.test" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("x-cosmos-block-height");
    const { headers } = await rest(url("/foo"), { headers: { origin: "https://wallet.test" } });
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  it("describes all of REST in OpenAPI, and has a page that loads nothing from elsewhere", async () => {
    const { json } = await rest(url("/openapi.json"));
    const paths = json["paths"] as Record<string, Record<string, unknown>>;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        "/cosmos/bank/v1beta1/balances/{address}",
        "/cosmos/bank/v1beta1/denoms_metadata/{denom}",
      ]),
    );
    const { schemas } = json["components"] as { schemas: Record<string, unknown> };
    const references = [...JSON.stringify(json).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, name] of references) expect(schemas).toHaveProperty([name!]);
    const page = await (await fetch(url("/swagger/"))).text();
    const script = await (await fetch(url("/swagger/page.js"))).text();
    expect(page + script).not.toMatch(/https?:\/\//);
  });
});
