// Tier: interop. Budget: 120 s when simd is built. Keys go from the Cosmos SDK's daemon to ours and back; its client works against
// our node over CometBFT's RPC; each signs and sends what the other made.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { Cli } from "../kit/cli.js";
import { Simd } from "../kit/simd.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const TEST = ["--keyring-backend", "test"];
const FEES = ["--fees", "1000ucptm"];

describe("the Cosmos SDK's simd", () => {
  let folder: string;
  let simd: Simd;
  let node: TestNode;
  let cli: Cli;
  let there: readonly string[];
  const address: Record<string, string> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "computronium-simd-"));
    simd = new Simd(join(folder, "simd"));
    node = await TestNode.create({
      chainId: "simd-client-1",
      genesis: (genesis) => {
        const chain = genesis.app_state["chain"] as { params: Record<string, unknown> };
        genesis.app_state["chain"] = { params: { ...chain.params, bech32_prefix: "cosmos" } };
      },
    });
    cli = new Cli(node.home.root);
    for (const [key, value] of [
      ["node", node.rpc.url],
      ["keyring-backend", "test"],
      ["bech32-prefix", "cosmos"],
    ] as const) {
      await cli.ok(["config", "set", "client", key, value]);
    }
    there = ["--node", node.rpc.url.replace("http:", "tcp:"), "--chain-id", "simd-client-1"];
    address["ours"] = (await cli.json<{ address: string }>(["keys", "add", "ours"])).address;
    await simd.ok(["keys", "add", "theirs", ...TEST]);
    address["theirs"] = await simd.ok(["keys", "show", "theirs", "-a", ...TEST]);
    for (const name of ["ours", "theirs"])
      await cli.ok(["genesis", "add-genesis-account", address[name]!, "1000000000ucptm"]);
    node.launch();
    await node.waitForHeight(1);
  });

  afterAll(async () => {
    await removeAllNodes();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a query of simd prints. */
  async function theirs(args: readonly string[]): Promise<Record<string, unknown>> {
    const printed = await simd.ok([...args, ...there.slice(0, 2), "-o", "json"]);
    return JSON.parse(printed) as Record<string, unknown>;
  }

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, `${text}\n`);
    return path;
  }

  async function committed(output: string): Promise<string> {
    const hash = /"?txhash"?: ?"?([0-9A-F]{64})/.exec(output)?.[1];
    if (hash === undefined) throw new Error(`no hash in ${output}`);
    expect(await cli.json(["query", "wait-tx", hash, "--timeout", "60s"])).toMatchObject({ code: 0 });
    return hash;
  }

  it("exports a key that imports here, and imports one that is exported here", async () => {
    const armor = /-----BEGIN[^]*-----END [A-Z ]+-----/.exec(
      await simd.ok(["keys", "export", "theirs", ...TEST], { input: "password1\n" }),
    )?.[0];
    await cli.ok(["keys", "import", "theirs", file("theirs.armor", armor ?? "")], { input: "password1\n" });
    expect(await cli.ok(["keys", "show", "theirs", "-a"])).toBe(address["theirs"]);
    expect(
      await cli.fails(["keys", "import", "again", join(folder, "theirs.armor")], { input: "password2\n" }),
    ).toContain("invalid account password");

    const own = file("ours.armor", await cli.ok(["keys", "export", "ours"], { input: "password1\n" }));
    await simd.ok(["keys", "import", "ours", own, ...TEST], { input: "password1\n" });
    expect(await simd.ok(["keys", "show", "ours", "-a", ...TEST])).toBe(address["ours"]);

    const hex = await cli.ok(["keys", "export", "ours", "--unarmored-hex", "--unsafe", "-y"]);
    expect(await simd.ok(["keys", "export", "ours", "--unarmored-hex", "--unsafe", "-y", ...TEST])).toBe(hex);
  });

  it("recovers the same keys from a mnemonic, at every path, and makes the same multisig", async () => {
    const mnemonic = await cli.ok(["keys", "mnemonic"]);
    for (const [name, flags] of [
      ["zero", []],
      ["other", ["--account", "2", "--index", "7", "--coin-type", "60"]],
    ] as const) {
      const { address: text } = await cli.json<{ address: string }>(["keys", "add", name, "--recover", ...flags], {
        input: `${mnemonic}\n`,
      });
      await simd.ok(["keys", "add", name, "--recover", ...flags, ...TEST], { input: `${mnemonic}\n` });
      expect(await simd.ok(["keys", "show", name, "-a", ...TEST])).toBe(text);
    }
    const multisig = ["--multisig", "ours,zero,other", "--multisig-threshold", "2"];
    const { address: text, pubkey } = await cli.json<{ address: string; pubkey: string }>([
      "keys",
      "add",
      "team",
      ...multisig,
    ]);
    await simd.ok(["keys", "add", "team", ...multisig, ...TEST]);
    expect(await simd.ok(["keys", "show", "team", "-a", ...TEST])).toBe(text);
    expect(JSON.parse(await simd.ok(["keys", "show", "team", "-p", ...TEST]))).toEqual(JSON.parse(pubkey));
  });

  it("sends coins through our node, and finds the transaction", async () => {
    const send = ["tx", "bank", "send", "theirs", address["ours"]!, "5ucptm", ...there, ...TEST, "-y", "-o", "json"];
    const sent = await simd.ok([...send, ...FEES]);
    const hash = await committed(sent);
    // Our own commands show the same, to the letter.
    const found = await theirs(["q", "tx", hash]);
    expect(found).toMatchObject({ txhash: hash, code: 0 });
    expect(await cli.json(["q", "tx", hash])).toEqual(found);
    const height = String(found["height"]);
    const block = await theirs(["q", "block", "--type=height", height]);
    expect(block).toMatchObject({ header: { height } });
    expect(await cli.json(["q", "block", height])).toEqual(block);
    const search = ["--query", `message.sender='${address["theirs"]}'`, "--limit", "5"];
    expect(await cli.json(["q", "txs", ...search])).toEqual(await theirs(["q", "txs", ...search]));
    const blocks = ["q", "blocks", "--query", `block.height=${height}`];
    expect(await cli.json(blocks)).toEqual(await theirs(blocks));
    const estimated = await simd.run([
      ...send,
      "--gas",
      "auto",
      "--gas-adjustment",
      "1.5",
      "--gas-prices",
      "0.0025ucptm",
    ]);
    expect(estimated.stderr).toContain("gas estimate:");
    await committed(estimated.stdout);
    expect(
      await simd.ok([
        "q",
        "txs",
        "--query",
        `message.sender='${address["theirs"]}'`,
        ...there.slice(0, 2),
        "-o",
        "json",
      ]),
    ).toContain(hash);
    expect(await simd.ok(["status", ...there.slice(0, 2)])).toContain("simd-client-1");
  });

  it("asks our node what it asks others, and our own commands answer with the same", async () => {
    const own = address["ours"]!;
    for (const query of [
      ["bank", "balances", own],
      ["bank", "balance", own, "ucptm"],
      ["bank", "total"],
      ["bank", "denom-metadata", "ucptm"],
      ["auth", "params"],
      ["auth", "address-by-acc-num", "0"],
      ["upgrade", "plan"],
      ["upgrade", "authority"],
    ]) {
      // Its queries of modules leave out zeros (client/v2 prints amino JSON); what it shows is the same here.
      expect(await cli.json(["q", ...query])).toMatchObject(await theirs(["q", ...query]));
    }
    const account = await theirs(["q", "auth", "account", own]);
    expect(account).toMatchObject({ account: { value: { address: own } } });
  });

  it("signs what we made, and sends what we signed", async () => {
    const unsigned = await cli.ok([
      "tx",
      "bank",
      "send",
      address["theirs"]!,
      address["ours"]!,
      "3ucptm",
      ...FEES,
      "--generate-only",
    ]);
    const signedThere = await simd.run(["tx", "sign", file("a.json", unsigned), "--from", "theirs", ...there, ...TEST]);
    const a = file("a-signed.json", signedThere.stdout || signedThere.stderr);
    expect(await cli.ok(["tx", "validate-signatures", a])).toContain("[OK]");
    await committed(await cli.ok(["tx", "broadcast", a, "-o", "json"]));

    const other = await simd.run([
      "tx",
      "bank",
      "send",
      address["ours"]!,
      address["theirs"]!,
      "3ucptm",
      ...FEES,
      ...there,
      ...TEST,
      "--generate-only",
    ]);
    const signedHere = await cli.ok([
      "tx",
      "sign",
      file("b.json", other.stdout),
      "--from",
      "ours",
      "--sign-mode",
      "amino-json",
    ]);
    await committed(
      await simd.ok(["tx", "broadcast", file("b-signed.json", signedHere), ...there.slice(0, 2), "-o", "json"]),
    );
  });
});
