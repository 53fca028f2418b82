// Tier: interop. Budget: 3 min. REST of our node beside that of a Cosmos SDK node (simd) with the same accounts and coins, field
// by field: values where the state is the same, names and kinds of fields where it cannot be.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import type { JsonObject } from "../../localnet/genesis.js";
import type { RpcClient } from "../kit/rpc.js";
import { until } from "../kit/rpc.js";
import { message, TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import type { RestAnswer } from "./rest-client.js";
import { post, rest } from "./rest-client.js";
import { SimdNode } from "./simd-node.js";

const CHAIN_ID = "compare-1";
const IBC_DENOM = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
/** Of what a transfer emits, some attributes. */
const INDEXED = ["transfer.sender", "transfer.amount", "message.action", "message.msg_index", "tx.fee", "tx.acc_seq"];
const METADATA: JsonObject[] = ["apple", IBC_DENOM].map((denom) => ({
  description: `of ${denom} <&>`,
  denom_units: [
    { denom, exponent: 0, aliases: [] },
    { denom: `${denom}x`, exponent: 6, aliases: ["big"] },
  ],
  base: denom,
  display: `${denom}x`,
  name: "Fruit",
  symbol: "FRT",
  uri: "",
  uri_hash: "",
}));
const coinsOf = (stake: number) => [
  { denom: "apple", amount: "18446744073709551617" },
  { denom: IBC_DENOM, amount: "11" },
  { denom: "pear", amount: "5" },
  { denom: "stake", amount: stake.toString() },
];

describe("REST beside that of a Cosmos SDK node with the same state", () => {
  let ours: TestNode;
  let simd: SimdNode;
  let alice: TestSigner;
  let bob: TestSigner;

  beforeAll(async () => {
    alice = await TestSigner.named("alice", { prefix: "cosmos", accountNumber: 1n });
    bob = await TestSigner.named("bob", { prefix: "cosmos", accountNumber: 2n });
    const account = ({ address, accountNumber }: TestSigner): JsonObject => ({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address,
      pub_key: null,
      account_number: accountNumber.toString(),
      sequence: "0",
    });
    const balances = [
      { address: alice.address, coins: coinsOf(1_000_000) },
      { address: bob.address, coins: coinsOf(2_000_000) },
    ];
    simd = await SimdNode.start(CHAIN_ID, { "index-events": INDEXED }, (state) => {
      const bank = state["bank"] as { balances: unknown[]; denom_metadata: unknown; supply: unknown };
      bank.balances.push(...balances);
      bank.denom_metadata = METADATA;
      bank.supply = [];
      (state["auth"] as { accounts: unknown[] }).accounts.push(account(alice), account(bob));
      const none = "0.000000000000000000";
      const mint = state["mint"] as { minter: JsonObject; params: JsonObject };
      Object.assign(mint.minter, { inflation: none });
      Object.assign(mint.params, { inflation_rate_change: none, inflation_max: none, inflation_min: none });
    });
    ours = await TestNode.start({
      chainId: CHAIN_ID,
      api: true,
      env: { COMPUTRONIUMD_INDEX_EVENTS: INDEXED.join(",") },
      genesis: ({ app_state: state }) => {
        Object.assign(state["chain"] as object, {
          params: { bech32_prefix: "cosmos", base_denom: "stake", fee_denom: "stake" },
        });
        Object.assign(state["auth"] as object, { accounts: [account(alice), account(bob)] });
        Object.assign(state["bank"] as object, { balances, denom_metadata: METADATA });
      },
    });
    await ours.waitForHeight(3);
  });
  afterAll(async () => {
    await removeAllNodes();
    await simd?.stop();
  });

  async function both(
    path: string,
    ask: (url: string) => Promise<RestAnswer> = rest,
  ): Promise<[RestAnswer, RestAnswer]> {
    return [await ask(ours.restUrl + path), await ask(simd.restUrl + path)];
  }

  /** What differed, so that one run shows all of it. */
  let differences: unknown[] = [];
  beforeEach(() => {
    differences = [];
  });

  function compare(path: string, mine: unknown, theirs: unknown): void {
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) differences.push({ path, mine, theirs });
  }

  /** Status and JSON of both are equal. */
  async function compareAll(path: string, ask?: (url: string) => Promise<RestAnswer>): Promise<void> {
    const [mine, theirs] = await both(path, ask);
    compare(
      path,
      { status: mine.status, json: sorted(mine.json) },
      { status: theirs.status, json: sorted(theirs.json) },
    );
  }

  /** Both refuse; status and code are equal, texts may differ. */
  async function compareRefusal(path: string, ask?: (url: string) => Promise<RestAnswer>): Promise<void> {
    const [mine, theirs] = await both(path, ask);
    const of = ({ status, json }: RestAnswer) => ({ status, code: json["code"], fields: Object.keys(json).sort() });
    if (mine.status < 400) differences.push({ path, mine, why: "not refused" });
    compare(path, of(mine), of(theirs));
  }

  async function compareShape(path: string): Promise<void> {
    const [mine, theirs] = await both(path);
    compare(
      path,
      { status: mine.status, shape: shape(mine.json) },
      { status: theirs.status, shape: shape(theirs.json) },
    );
  }

  it("has the same accounts, coins, supplies, metadata and parameters", async () => {
    const of = alice.address;
    const paths = [
      `/cosmos/auth/v1beta1/accounts/${of}`,
      `/cosmos/auth/v1beta1/account_info/${of}`,
      "/cosmos/auth/v1beta1/address_by_id/0?account_id=2",
      "/cosmos/auth/v1beta1/params",
      "/cosmos/auth/v1beta1/bech32",
      "/cosmos/auth/v1beta1/bech32/AQIDBAUGBwgJCgsMDQ4PEBESExQ=",
      `/cosmos/bank/v1beta1/balances/${of}`,
      `/cosmos/bank/v1beta1/balances/${of}?pagination.limit=2`,
      `/cosmos/bank/v1beta1/balances/${of}?pagination.limit=2&pagination.count_total=true`,
      `/cosmos/bank/v1beta1/balances/${of}?pagination.offset=1&pagination.limit=2&pagination.reverse=true`,
      `/cosmos/bank/v1beta1/balances/${of}?pagination.key=YXBwbGU%3D&pagination.limit=1`,
      `/cosmos/bank/v1beta1/balances/${of}/by_denom?denom=apple`,
      `/cosmos/bank/v1beta1/balances/${of}/by_denom?denom=nothing`,
      `/cosmos/bank/v1beta1/balances/${of}/by_denom?denom=${IBC_DENOM}`,
      `/cosmos/bank/v1beta1/spendable_balances/${of}`,
      `/cosmos/bank/v1beta1/spendable_balances/${of}/by_denom?denom=pear`,
      "/cosmos/bank/v1beta1/supply/by_denom?denom=apple",
      `/cosmos/bank/v1beta1/supply/by_denom?denom=${encodeURIComponent(IBC_DENOM)}`,
      "/cosmos/bank/v1beta1/supply?pagination.limit=2",
      "/cosmos/bank/v1beta1/denoms_metadata",
      "/cosmos/bank/v1beta1/denoms_metadata/apple",
      `/cosmos/bank/v1beta1/denoms_metadata/${IBC_DENOM}`,
      `/cosmos/bank/v1beta1/denoms_metadata_by_query_string?denom=${IBC_DENOM}`,
      "/cosmos/bank/v1beta1/denom_owners/apple",
      "/cosmos/bank/v1beta1/denom_owners_by_query?denom=pear",
      "/cosmos/bank/v1beta1/params",
      "/cosmos/bank/v1beta1/send_enabled",
      "/cosmos/bank/v1beta1/send_enabled?denoms=apple&denoms=pear",
      "/cosmos/base/tendermint/v1beta1/syncing",
      "/cosmos/base/tendermint/v1beta1/validatorsets/latest?pagination.limit=0&pagination.offset=0",
    ];
    for (const path of paths.slice(0, -1)) await compareAll(path);
    await compareShape(paths.at(-1)!);
    expect(differences).toEqual([]);
  });

  it("refuses the same with the same codes and statuses", async () => {
    const nobody = (await TestSigner.named("nobody", { prefix: "cosmos" })).address;
    for (const path of [
      `/cosmos/auth/v1beta1/accounts/${nobody}`,
      "/cosmos/bank/v1beta1/denoms_metadata/nothing",
      `/cosmos/tx/v1beta1/txs/${"00".repeat(32)}`,
      "/no/such/path",
      "/cosmos/bank/v1beta1",
    ]) {
      await compareAll(path);
    }
    for (const path of [
      "/cosmos/auth/v1beta1/accounts/cosmos1bad",
      // Two methods have this path, and the one that takes bytes comes first.
      `/cosmos/auth/v1beta1/bech32/${alice.address}`,
      "/cosmos/auth/v1beta1/address_by_id/0?account_id=99",
      "/cosmos/auth/v1beta1/address_by_id/5",
      "/cosmos/auth/v1beta1/module_accounts/nothing",
      "/cosmos/bank/v1beta1/balances/cosmos1bad",
      "/cosmos/bank/v1beta1/balances/",
      `/cosmos/bank/v1beta1/balances/${nobody}/by_denom?denom=1`,
      "/cosmos/bank/v1beta1/supply?pagination.limit=x",
      "/cosmos/bank/v1beta1/supply?pagination.limit=-1",
      "/cosmos/bank/v1beta1/supply?pagination.reverse=x",
      `/cosmos/bank/v1beta1/balances/${alice.address}?pagination.key=AA%3D%3D&pagination.offset=1`,
      "/cosmos/tx/v1beta1/txs?order_by=UP",
      "/cosmos/tx/v1beta1/txs/block/100000000",
      "/cosmos/base/tendermint/v1beta1/blocks/100000000",
      "/cosmos/base/tendermint/v1beta1/abci_query?path=/cosmos.bank.v1beta1.Query/Params",
    ]) {
      await compareRefusal(path);
    }
    const future = { headers: { "x-cosmos-block-height": "100000000" } };
    await compareAll("/cosmos/bank/v1beta1/params", (url) => rest(url, future));
    await compareRefusal("/cosmos/tx/v1beta1/txs", (url) => post(url, "{"));
    await compareRefusal("/cosmos/tx/v1beta1/txs", (url) => post(url, {}));
    await compareRefusal("/cosmos/tx/v1beta1/txs", (url) =>
      post(url, { tx_bytes: "AA==", mode: "BROADCAST_MODE_BLOCK" }),
    );
    await compareRefusal("/cosmos/tx/v1beta1/simulate", (url) => post(url, {}));
    await compareRefusal("/cosmos/tx/v1beta1/simulate", (url) => post(url, { tx_bytes: "AA==" }));
    await compareRefusal("/cosmos/tx/v1beta1/decode", (url) => post(url, { tx_bytes: "AA==" }));
    await compareRefusal("/cosmos/tx/v1beta1/decode", (url) => post(url, {}));
    await compareRefusal("/cosmos/bank/v1beta1/supply", (url) => rest(url, { method: "DELETE" }));
    expect(differences).toEqual([]);
  });

  it("has the same names and kinds of fields where the values are the node's own", async () => {
    for (const path of [
      "/cosmos/base/tendermint/v1beta1/node_info",
      "/cosmos/base/tendermint/v1beta1/blocks/latest",
      "/cosmos/base/tendermint/v1beta1/blocks/1",
      "/cosmos/base/tendermint/v1beta1/blocks/2",
      "/cosmos/base/tendermint/v1beta1/validatorsets/2",
      "/cosmos/base/tendermint/v1beta1/abci_query?path=/store/bank/key&data=AA%3D%3D&height=2&prove=true",
      "/cosmos/base/node/v1beta1/config",
      "/cosmos/base/node/v1beta1/status",
      "/cosmos/consensus/v1/params",
      "/cosmos/auth/v1beta1/module_accounts/fee_collector",
      "/cosmos/tx/v1beta1/txs/block/2",
      "/cosmos/tx/v1beta1/txs?query=tx.height%3D1",
    ]) {
      await compareShape(path);
    }
    expect(differences).toEqual([]);
  });

  it("takes the same transaction, and shows it in the same form", async () => {
    const send = message(MsgSendSchema, {
      fromAddress: alice.address,
      toAddress: bob.address,
      amount: [{ denom: "apple", amount: "3" }],
    });
    const fee = [{ denom: "stake", amount: "200" }];
    const options = { chainId: CHAIN_ID, fee, body: { memo: "<&> é" } };
    const old = await alice.sign([send], { ...options, sequence: 7n });
    const txBytes = await alice.sign([send], options);
    const body = (bytes: Uint8Array) => ({
      tx_bytes: Buffer.from(bytes).toString("base64"),
      mode: "BROADCAST_MODE_SYNC",
    });
    await compareAll("/cosmos/tx/v1beta1/decode", (url) => post(url, body(txBytes)));
    await compareAll("/cosmos/tx/v1beta1/encode", async (url) =>
      post(url, (await post(url.replace("encode", "decode"), body(txBytes))).json),
    );

    const [mySimulation, theirSimulation] = await both("/cosmos/tx/v1beta1/simulate", (url) =>
      post(url, body(txBytes)),
    );
    expect(mySimulation.json).toMatchObject({ result: { log: "" } });
    expect(shape(mySimulation.json)).toEqual(shape(theirSimulation.json));
    await compareAll("/cosmos/tx/v1beta1/txs", (url) => post(url, body(old)));
    const [mine, theirs] = await both("/cosmos/tx/v1beta1/txs", (url) => post(url, body(txBytes)));
    expect(mine.json).toEqual(theirs.json);
    const { txhash } = mine.json["tx_response"] as { txhash: string };
    const committed = (rpc: RpcClient) => until("the transaction", 30_000, () => rpc.tx(txhash));
    await Promise.all([committed(ours.rpc), committed(simd.rpc)]);

    const [myTx, theirTx] = await both(`/cosmos/tx/v1beta1/txs/${txhash}`);
    expect(myTx.json["tx"]).toEqual(theirTx.json["tx"]);
    const OWN = new Set(["height", "timestamp", "gas_used"]);
    const without = ({ json }: RestAnswer): object =>
      Object.fromEntries(Object.entries(json["tx_response"] as object).filter(([name]) => !OWN.has(name)));
    // Which attributes are indexed, too: both nodes have the same setting.
    expect(without(myTx)).toEqual(without(theirTx));
    for (const index of ["true", "false"]) expect(JSON.stringify(myTx.json)).toContain(`"index":${index}`);
    const search = `/cosmos/tx/v1beta1/txs?query=${encodeURIComponent(`transfer.sender='${alice.address}'`)}`;
    const [mySearch, theirSearch] = await both(search);
    expect(shape(mySearch.json)).toEqual(shape(theirSearch.json));
    for (const path of [
      `/cosmos/auth/v1beta1/accounts/${alice.address}`,
      `/cosmos/bank/v1beta1/balances/${alice.address}`,
      `/cosmos/bank/v1beta1/balances/${bob.address}`,
    ]) {
      await compareAll(path);
    }
    expect(differences).toEqual([]);
  });
});

/** The same JSON with the names in order: the order of fields means nothing. */
function sorted(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sorted);
  if (json === null || typeof json !== "object") return json;
  const entries = Object.entries(json).map(([name, value]) => [name, sorted(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names and kinds of fields; of a list, those of all of its entries. */
function shape(json: unknown): unknown {
  if (Array.isArray(json)) {
    const kinds = new Map(json.map((one) => [JSON.stringify(shape(one)), shape(one)]));
    return [...kinds.keys()].sort().map((key) => kinds.get(key));
  }
  if (json === null || typeof json !== "object") return json === null ? "null" : typeof json;
  const entries = Object.entries(json).map(([name, value]) => [name, shape(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
