// Tier: test. Budget: 120 s. The command line against a node of one validator: keys, tx, query, files of transactions, multisig,
// and what is said when something is wrong.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { Cli } from "../kit/cli.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

interface TxResponse {
  readonly txhash: string;
  readonly code: number;
  readonly height: string;
  readonly raw_log: string;
  readonly gas_wanted: string;
  readonly gas_used: string;
  readonly tx: { readonly body: { readonly memo: string } };
}
interface Balance {
  readonly balance: { readonly amount: string };
}

const SUPPLY = 1_000_000_000n;
/** Of another chain. */
const COSMOS_ADDRESS = "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4";
const FEES = ["--fees", "1000ucptm"];

/** Gas as a simulation finds it, no question, and the answer for machines. */
const ESTIMATED = ["--gas", "auto", "--gas-prices", "0.0025ucptm", "-y", "-o", "json"];

describe("the command line against a running node", () => {
  let node: TestNode;
  let cli: Cli;
  const address: Record<string, string> = {};

  beforeAll(async () => {
    node = await TestNode.create();
    cli = new Cli(node.home.root);
    await cli.ok(["config", "set", "client", "node", node.rpc.url]);
    await cli.ok(["config", "set", "client", "keyring-backend", "test"]);
    for (const name of ["alice", "bob", "carol", "dave"]) {
      const { address: text } = await cli.json<{ address: string }>(["keys", "add", name]);
      address[name] = text;
    }
    await cli.ok(["genesis", "add-genesis-account", "alice", `${SUPPLY}ucptm`]);
    await cli.ok(["genesis", "add-genesis-account", address["bob"]!, `${SUPPLY}ucptm`]);
    await cli.ok(["genesis", "validate"]);
    node.launch();
    await node.waitForHeight(1);
  });

  afterAll(removeAllNodes);

  async function balanceOf(name: string): Promise<bigint> {
    return BigInt(
      (await cli.json<Balance>(["query", "bank", "balance", address[name] ?? name, "ucptm"])).balance.amount,
    );
  }

  /** Waits for the block of a transaction that was handed in, and expects it to have succeeded. */
  async function committed(sent: string): Promise<TxResponse> {
    const { txhash, code, raw_log: log } = JSON.parse(sent) as TxResponse;
    expect({ code, log }).toEqual({ code: 0, log: "" });
    const found = await cli.json<TxResponse>(["query", "wait-tx", txhash, "--timeout", "60s"]);
    expect(found).toMatchObject({ code: 0, txhash });
    return found;
  }

  it("sends coins, finds the transaction by hash and by events, and shows the balances", async () => {
    const sent = await cli.ok([
      "tx",
      "bank",
      "send",
      "alice",
      "carol",
      "5ucptm",
      ...FEES,
      "--note",
      "for you",
      "-y",
      "-o",
      "json",
    ]);
    const { txhash, height } = await committed(sent);
    const found = await cli.json<TxResponse>(["query", "tx", txhash]);
    expect(found.tx.body).toMatchObject({
      memo: "for you",
      messages: [{ "@type": "/cosmos.bank.v1beta1.MsgSend", amount: [{ denom: "ucptm", amount: "5" }] }],
    });
    const { txs, total_count: total } = await cli.json<{ txs: TxResponse[]; total_count: string }>([
      "q",
      "txs",
      "--query",
      `message.sender='${address["alice"]}' AND tx.height=${height}`,
    ]);
    expect([total, txs.map((tx) => tx.txhash)]).toEqual(["1", [txhash]]);
    // Text is YAML; a key's name stands for its address.
    expect(await cli.ok(["q", "bank", "balances", "carol"])).toBe(
      'balances:\n  - denom: ucptm\n    amount: "5"\npagination:\n  next_key: null\n  total: "1"',
    );
    expect(await balanceOf("alice")).toBe(SUPPLY - 1005n);
    expect(
      (await cli.json<Balance>(["q", "bank", "balance", address["carol"]!, "ucptm", "--height", "1"])).balance.amount,
    ).toBe("0");
  });

  it("estimates gas, prices it, and sends to several", async () => {
    const before = await balanceOf("bob");
    const { stdout, stderr } = await cli.run([
      "tx",
      "bank",
      "multi-send",
      "bob",
      "carol",
      "dave",
      "7ucptm",
      ...ESTIMATED,
    ]);
    const gas = /^gas estimate: (\d+)$/m.exec(stderr)?.[1];
    const done = await committed(stdout);
    expect(done.gas_wanted).toBe(gas);
    expect(BigInt(done.gas_used)).toBeLessThan(BigInt(done.gas_wanted));
    const fee = (BigInt(gas ?? "0") * 25n + 9_999n) / 10_000n;
    expect(await balanceOf("bob")).toBe(before - 14n - fee);
    expect(await balanceOf("dave")).toBe(7n);
  });

  it("asks before it sends, and sends nothing on a no", async () => {
    const before = await balanceOf("alice");
    const send = ["tx", "bank", "send", "alice", "carol", "5ucptm", ...FEES];
    expect(await cli.fails(send, { input: "n\n" })).toContain("canceled transaction: nothing was sent");
    expect(await cli.fails(send, { input: "" })).toContain("standard input has ended without an answer");
    expect(await balanceOf("alice")).toBe(before);
    await committed(await cli.ok([...send, "-o", "json"], { input: "y\n" }));
  });

  it("makes, signs, checks, encodes and broadcasts a transaction in steps, offline between", async () => {
    const unsigned = await cli.ok(["tx", "bank", "send", "alice", "carol", "5ucptm", ...FEES, "--generate-only"]);
    expect(JSON.parse(unsigned)).toMatchObject({
      body: { messages: [{ "@type": "/cosmos.bank.v1beta1.MsgSend" }] },
      auth_info: { signer_infos: [], fee: { gas_limit: "200000" }, tip: null },
      signatures: [],
    });
    const file = cli.file("unsigned.json", unsigned);
    const { info } = await cli.json<{ info: { account_number: string; sequence: string } }>([
      "q",
      "auth",
      "account-info",
      "alice",
    ]);
    const offline = [
      "--offline",
      "--account-number",
      info.account_number,
      "--sequence",
      info.sequence,
      "--node",
      "tcp://127.0.0.1:1",
    ];
    const signed = await cli.ok(["tx", "sign", file, "--from", "alice", ...offline]);
    expect(signed).toBe(await cli.ok(["tx", "sign", "-", "--from", "alice"], { input: unsigned }));
    const signedFile = cli.file("signed.json", signed);
    expect(await cli.ok(["tx", "validate-signatures", signedFile])).toContain(`0: ${address["alice"]}\t[OK]`);
    const other = cli.file("changed.json", signed.replace('"amount":"5"', '"amount":"6"'));
    expect(await cli.fails(["tx", "validate-signatures", other])).toContain("signatures validation failed");
    const bytes = await cli.ok(["tx", "encode", signedFile]);
    expect(await cli.ok(["tx", "decode", bytes])).toBe(signed);
    expect(
      Number((await cli.json<{ gas_info: { gas_used: string } }>(["tx", "simulate", file])).gas_info.gas_used),
    ).toBeGreaterThan(30_000);
    await committed(await cli.ok(["tx", "broadcast", signedFile, "-o", "json"]));
    // Amino JSON, as a Ledger signs.
    const amino = cli.file(
      "amino.json",
      await cli.ok(["tx", "sign", file, "--from", "alice", "--sign-mode", "amino-json"]),
    );
    await committed(await cli.ok(["tx", "broadcast", amino, "-o", "json"]));
  });

  it("signs a batch with rising sequences", async () => {
    const one = await cli.ok(["tx", "bank", "send", "bob", "carol", "1ucptm", ...FEES, "--generate-only"]);
    const batch = cli.file("batch.jsonl", `${one}\n${one}\n`);
    const lines = (await cli.ok(["tx", "sign-batch", batch, "--from", "bob"])).split("\n");
    expect(lines).toHaveLength(2);
    const sent = [];
    for (const [i, line] of lines.entries())
      sent.push(await cli.ok(["tx", "broadcast", cli.file(`batch-${i}.json`, line), "-o", "json"]));
    for (const answer of sent) await committed(answer);
  });

  it("sends with a multisig key of which two of three members sign", async () => {
    const team = await cli.json<{ address: string }>([
      "keys",
      "add",
      "team",
      "--multisig",
      "alice,bob,carol",
      "--multisig-threshold",
      "2",
    ]);
    address["team"] = team.address;
    await committed(await cli.ok(["tx", "bank", "send", "alice", "team", "100000ucptm", ...FEES, "-y", "-o", "json"]));
    const unsigned = cli.file(
      "team.json",
      await cli.ok(["tx", "bank", "send", "team", "dave", "3ucptm", ...FEES, "--generate-only"]),
    );
    const part = async (name: string): Promise<string> =>
      cli.file(`team-${name}.json`, await cli.ok(["tx", "sign", unsigned, "--from", name, "--multisig", "team"]));
    const [alice, carol, dave] = [await part("alice"), await part("carol"), await part("dave")];
    expect(await cli.fails(["tx", "multisign", unsigned, "team", alice])).toContain("needs 2 signatures, there are 1");
    expect(await cli.fails(["tx", "multisign", unsigned, "team", alice, dave])).toContain(
      "is no member of the multisig key",
    );
    const signed = cli.file("team-signed.json", await cli.ok(["tx", "multisign", unsigned, "team", carol, alice]));
    expect(await cli.ok(["tx", "validate-signatures", signed])).toContain("[OK]");
    await committed(await cli.ok(["tx", "broadcast", signed, "-o", "json"]));
    expect(await balanceOf("team")).toBe(100_000n - 1003n);
  });

  it("gathers the signatures of sender and payer of the fee, in whichever order they sign", async () => {
    const before = await Promise.all([balanceOf("alice"), balanceOf("bob")]);
    const send = ["tx", "bank", "send", "alice", "carol", "5ucptm", ...FEES, "--fee-payer", address["bob"]!];
    expect(await cli.fails([...send, "-y"])).toContain("make it with --generate-only, and let each run tx sign");
    const unsigned = await cli.ok([...send, "--generate-only"]);
    const sign = (input: string, ...rest: readonly string[]) => cli.ok(["tx", "sign", "-", ...rest], { input });
    const byBob = await sign(unsigned, "--from", "bob", "--sign-mode", "amino-json");
    const signed = cli.file("payer.json", await sign(byBob, "--from", "alice"));
    expect(await cli.ok(["tx", "validate-signatures", signed])).toMatch(/OK[^]*OK/);
    const other = cli.file("direct.json", await sign(unsigned, "--from", "alice"));
    expect(await cli.fails(["tx", "sign", other, "--from", "bob"])).toContain("use --sign-mode amino-json");
    await committed(await cli.ok(["tx", "broadcast", signed, "-o", "json"]));
    expect(await Promise.all([balanceOf("alice"), balanceOf("bob")])).toEqual([before[0] - 5n, before[1] - 1000n]);
  });

  it("sends without a sequence, and two at once", async () => {
    const send = (amount: string) =>
      cli.ok([
        "tx",
        "bank",
        "send",
        "alice",
        "carol",
        amount,
        ...FEES,
        "--unordered",
        "--timeout-duration",
        "5m",
        "-y",
        "-o",
        "json",
      ]);
    for (const answer of await Promise.all([send("1ucptm"), send("2ucptm")])) await committed(answer);
  });

  it("shows blocks, their results and validators, and the status", async () => {
    const [block, results, blocks, set, own, orders, status] = await Promise.all([
      cli.json(["query", "block", "1"]),
      cli.json(["q", "block-results", "1"]),
      cli.json(["q", "blocks", "--query", "block.height=1"]),
      cli.json<{ validators: { address: string }[] }>(["q", "comet-validator-set"]),
      cli.ok(["comet", "show-address"]),
      cli.json(["q", "marketplace", "orders", "--state", "open", "--page-limit", "1"]),
      cli.ok(["status"]),
    ]);
    expect(block).toMatchObject({ header: { height: "1" } });
    expect(results).toMatchObject({ height: "1" });
    expect(blocks).toMatchObject({ total_count: "1" });
    expect(set.validators[0]?.address).toBe(own);
    expect(orders).toMatchObject({ orders: [] });
    expect(JSON.parse(status)).toMatchObject({ node_info: { network: "computronium-test-1" } });
  });

  it("sends a message of the marketplace with nested fields", async () => {
    const attributes = {
      kind: "RESOURCE_KIND_EDGE_DEVICE",
      cpu_cores: 4,
      ram_mib: "4096",
      disk_mib: "10000",
      region: "eu",
    };
    const price = { amount: { denom: "ucptm", amount: "60" }, per: "RATE_UNIT_HOUR" };
    const register = ["tx", "marketplace", "register-provider", "--from", "alice", ...ESTIMATED];
    const given = [
      "--attributes",
      `@${cli.file("provider.json", JSON.stringify(attributes))}`,
      "--price",
      JSON.stringify(price),
      "--bond",
      "10000000ucptm",
      "--endpoints",
      "https://gpu.example",
      "--ttl-seconds",
      "600",
    ];
    await committed(await cli.ok([...register, ...given]));
    expect(await cli.json(["q", "marketplace", "provider", "alice"])).toMatchObject({
      provider: { address: address["alice"], attributes: { region: "eu" } },
    });
  });

  describe("when something is wrong, says what with status 1, and loses nothing:", () => {
    /** Runs commands that send from alice, all at once. */
    async function refused(wrong: readonly (readonly [args: readonly string[], message: string])[]): Promise<void> {
      const before = await balanceOf("alice");
      const said = await Promise.all(wrong.map(([args]) => cli.fails(["tx", "bank", "send", ...args, "-y"])));
      said.forEach((text, i) => expect(text).toContain(wrong[i]![1]));
      expect(await balanceOf("alice")).toBe(before);
    }

    it("names, amounts and flags", () =>
      refused([
        [["alice", "carol", "five", ...FEES], '"five" is no coin: an amount and a denom are needed, as in 5ucptm'],
        [["alice", "cptm1qqqq", "5ucptm"], '"cptm1qqqq" is neither a key in the keyring "test" nor an address'],
        [["alice", COSMOS_ADDRESS, "5ucptm"], "invalid Bech32 prefix; expected cptm, got cosmos"],
        [["nobody", "carol", "5ucptm"], '"nobody" is neither a key'],
        [["alice", "carol", "5ucptm", "--feees", "1ucptm"], "(Did you mean --fees?)"],
        [["alice", "carol", "5ucptm", "--gas", "much"], '--gas is "much": expected a whole number'],
        [
          ["alice", "carol", "5ucptm", ...FEES, "--gas-prices", "1ucptm"],
          "cannot provide both --fees and --gas-prices",
        ],
      ]));

    it("what the node refuses, and a node that is not there", async () => {
      await refused([
        [["alice", "carol", "5nosuchcoin", ...FEES, "--gas", "auto"], "the transaction would fail: "],
        [["alice", "carol", "5ucptm", ...FEES, "--sequence", "99"], "account sequence mismatch, expected"],
        [["alice", "carol", "5ucptm", ...FEES, "--chain-id", "another-1"], "signature verification failed"],
        [["alice", "carol", "5ucptm", "--node", "tcp://127.0.0.1:1"], "no node answers at http://127.0.0.1:1"],
      ]);
      const bad = cli.file("bad.json", '{"body":1}');
      const said = await Promise.all([
        cli.fails(["q", "bank", "balances", "cptm1qqqq"]),
        cli.fails(["q", "tx", "00".repeat(32)]),
        cli.fails(["tx", "broadcast", bad]),
      ]);
      ["invalid address", "not found", "bad.json holds no transaction"].forEach((text, i) =>
        expect(said[i]).toContain(text),
      );
    });
  });
});
