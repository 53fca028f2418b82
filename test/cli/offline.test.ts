// Tier: test. Budget: 40 s. Commands that need no node: passwords through a pipe, settings, networks in folders, completion.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

import { Cli, runProgram } from "../kit/cli.js";

const FILE = ["--keyring-backend", "file"];
const WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

describe("the command line without a node", () => {
  let cli: Cli;

  beforeEach(() => {
    cli = new Cli();
  });

  afterEach(() => cli.remove());

  it("keeps keys behind a password that comes through a pipe, and loses none to wrong ones", async () => {
    const password = { input: "password1\n" };
    const made = await cli.json<{ address: string }>(["keys", "add", "alice", "--recover", ...FILE], {
      input: `${WORDS}\npassword1\npassword1\n`,
    });
    expect(made.address).toBe("cptm19rl4cm2hmr8afy4kldpxz3fka4jguq0arvmwr3");
    expect(await cli.fails(["keys", "show", "alice", ...FILE], { input: "wrong\nwronger\nwrongest\n" })).toContain(
      "incorrect passphrase for the keyring",
    );
    expect(await cli.fails(["keys", "add", "bob", "--recover", ...FILE], { input: "one two three\n" })).toContain(
      "invalid mnemonic: it has 3 words",
    );
    // The same key under another name, and a new key under the same one, are refused or asked for.
    expect(await cli.fails(["keys", "add", "bob", "--recover", ...FILE], { input: `${WORDS}\npassword1\n` })).toContain(
      'as "alice"',
    );
    expect(await cli.fails(["keys", "add", "alice", ...FILE], { input: "n\n" })).toContain(
      "aborted: nothing was changed",
    );
    expect(await cli.fails(["keys", "delete", "alice", "nobody", "-y", ...FILE], password)).toContain(
      "nobody: key not found",
    );
    expect(await cli.ok(["keys", "show", "alice", "-a", ...FILE], password)).toBe(made.address);
    expect(await cli.ok(["keys", "show", "alice", "-a", "--bech", "val", ...FILE], password)).toMatch(/^cptmvaloper1/);
  });

  it("exports keys in armour that opens with its passphrase alone, and imports those of older Cosmos daemons", async () => {
    const test = ["--keyring-backend", "test"];
    const unarmored = ["--unarmored-hex", "--unsafe", "-y", ...test];
    await cli.ok(["keys", "add", "alice", ...test]);
    const armor = await cli.ok(["keys", "export", "alice", ...test], { input: "correct horse\n" });
    expect(armor).toMatch(
      /^-----BEGIN TENDERMINT PRIVATE KEY-----\nkdf: argon2\nsalt: [0-9A-F]{32}\ntype: secp256k1\n\n/,
    );
    const hex = await cli.ok(["keys", "export", "alice", ...unarmored]);
    await cli.ok(["keys", "delete", "alice", "-y", ...test]);
    const file = cli.file("alice.armor", armor);
    expect(await cli.fails(["keys", "import", "alice", file, ...test], { input: "wrong\n" })).toContain(
      "invalid account password",
    );
    await cli.ok(["keys", "import", "alice", file, ...test], { input: "correct horse\n" });
    expect(await cli.ok(["keys", "export", "alice", ...unarmored])).toBe(hex);
    expect(await cli.fails(["keys", "export", "alice", "--unarmored-hex", ...test])).toContain("must be used together");
    // cosmos-sdk v0.53.8, client/keys/import_test.go, made by an SDK that still wrote this form: bcrypt, XSalsa20-Poly1305.
    const old = [
      "-----BEGIN TENDERMINT PRIVATE KEY-----",
      "salt: A790BB721D1C094260EA84F5E5B72289",
      "kdf: bcrypt",
      "",
      "HbP+c6JmeJy9JXe2rbbF1QtCX1gLqGcDQPBXiCtFvP7/8wTZtVOPj8vREzhZ9ElO",
      "3P7YnrzPQThG0Q+ZnRSbl9MAS8uFAM4mqm5r/Ys=",
      "=f3l4",
      "-----END TENDERMINT PRIVATE KEY-----",
    ];
    const oldFile = cli.file("old.armor", old.join("\n"));
    expect(await cli.fails(["keys", "import", "old", oldFile, ...test], { input: "987654321\n" })).toContain(
      "invalid account password",
    );
    await cli.ok(["keys", "import", "old", oldFile, ...test], { input: "123456789\n" });
    expect(await cli.ok(["keys", "export", "old", ...unarmored])).toBe(
      "2485e33678db4175dc0ecef2d6e1fc493d4a0d7f7ce83324b6ed70afe77f3485",
    );
  });

  it("reads and changes settings, keeps their comments, and refuses what does not fit", async () => {
    mkdirSync(join(cli.home, "config"));
    const path = join(cli.home, "config/client.toml");
    writeFileSync(path, '# mine\nchain-id = "old-1"\n# where\nnode = "tcp://localhost:26657"\n');
    await cli.ok(["config", "set", "client", "chain-id", "new-2"]);
    await cli.ok(["config", "set", "client", "output", "json"]);
    expect(readFileSync(path, "utf8")).toBe(
      'output = "json"\n# mine\nchain-id = "new-2"\n# where\nnode = "tcp://localhost:26657"\n',
    );
    expect(await cli.ok(["config", "get", "client", "chain-id"])).toBe("new-2");
    expect(await cli.ok(["config", "get", "client", "keyring-backend"])).toBe("os");
    const before = readFileSync(path, "utf8");
    expect(await cli.fails(["config", "set", "client", "output", "yaml"])).toContain("output");
    expect(await cli.fails(["config", "set", "client", "chain_id", "x"])).toContain("is chain-id meant?");
    expect(await cli.fails(["config", "get", "clients", "x"])).toContain("there is no file clients");
    expect(readFileSync(path, "utf8")).toBe(before);
    expect(await cli.ok(["config", "home"])).toBe(cli.home);

    // A file of another version: what it set is kept, what it lacks is added, what nobody knows goes.
    const app = join(cli.home, "config/app.toml");
    writeFileSync(app, 'pruning = "nothing"\nfoo = 1\n\n[grpc]\naddress = "localhost:9999"\n');
    const differences = (await cli.ok(["config", "diff"])).split("\n");
    expect(differences).toEqual(
      expect.arrayContaining([
        '~ pruning = "nothing" (usual: "default")',
        '~ grpc.address = "localhost:9999" (usual: "localhost:9090")',
        "+ foo = 1 (has no effect)",
        "- halt-height = 0 (not in the file; this is used)",
      ]),
    );
    expect(await cli.ok(["config", "migrate", "app", "--dry-run"])).toContain('address = "localhost:9999"');
    expect(await cli.ok(["config", "diff"])).toBe(differences.join("\n"));
    await cli.ok(["config", "migrate"]);
    expect((await cli.ok(["config", "diff"])).split("\n")).toEqual(differences.filter((line) => line.startsWith("~")));
    expect(readFileSync(`${app}.bak`, "utf8")).toContain("foo = 1");
    expect(await cli.fails(["config", "migrate", "config"])).toContain("is CometBFT's");
    // Flag before environment before file.
    const env = { COMPUTRONIUMD_OUTPUT: "text", COMPUTRONIUMD_KEYRING_BACKEND: "test" };
    expect(await cli.ok(["keys", "list"], { env })).toBe("No records were found in keyring");
    expect(await cli.ok(["keys", "list", "-o", "json"], { env })).toBe("[]");
  });

  it("makes a network in folders, each with its own keys and the same genesis", async () => {
    const folder = join(cli.home, "net");
    await cli.ok([
      "testnet",
      "init-files",
      "-v",
      "2",
      "-o",
      folder,
      "--single-host",
      "--chain-id",
      "made-1",
      "--minimum-gas-prices",
      "0.1ucptm",
    ]);
    const genesis = [0, 1].map((i) => readFileSync(join(folder, `node${i}/computroniumd/config/genesis.json`), "utf8"));
    expect(genesis[0]).toBe(genesis[1]);
    const parsed = JSON.parse(genesis[0]!) as {
      chain_id: string;
      app_state: { bank: { balances: { address: string }[] }; genutil: { gen_txs: unknown[] } };
    };
    expect(parsed.chain_id).toBe("made-1");
    // Its validators follow from the transactions by which they stake.
    expect(parsed.app_state.genutil.gen_txs).toHaveLength(2);
    expect(parsed).not.toHaveProperty("validators");
    for (const i of [0, 1]) {
      const home = join(folder, `node${i}/computroniumd`);
      expect(readFileSync(join(home, "config/config.toml"), "utf8")).toContain(
        `laddr = "tcp://127.0.0.1:${26657 + 10 * i}"`,
      );
      const address = await new Cli(home).ok(["keys", "show", `node${i}`, "-a"]);
      expect(parsed.app_state.bank.balances.map((balance) => balance.address)).toContain(address);
    }
    expect(await cli.fails(["testnet", "init-files", "-o", folder])).toContain("is not empty");
    rmSync(folder, { recursive: true });
  });

  it("prints scripts that complete commands and flags", async () => {
    const script = cli.file("completion.bash", await cli.ok(["completion", "bash"]));
    execFileSync("bash", ["-n", script]);
    const complete = async (...words: readonly string[]): Promise<readonly string[]> => {
      const typed = ["computroniumd", ...words].map((word) => `'${word}'`).join(" ");
      const code = `source '${script}'; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _computroniumd; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return (await runProgram("bash", ["-c", code])).stdout.trim().split("\n");
    };
    expect(await complete("tx", "bank", "s")).toEqual(["send", "set-send-enabled"]);
    expect(await complete("q", "bank", "balances", "--page-k")).toEqual(["--page-key"]);
    expect(await complete("--home", "/x", "keys", "exp")).toEqual(["export"]);
    for (const shell of ["zsh", "fish"]) expect(await cli.ok(["completion", shell])).toContain("multi-send");
    expect(await cli.fails(["completion", "csh"])).toContain("Allowed choices are bash, zsh, fish");
  });

  it("shows addresses and keys in all their forms", async () => {
    const hex = "28FF5C6D57D8CFD492B6FB4261453A6ED64A01FD";
    expect(await cli.ok(["debug", "addr", hex])).toContain("Bech32 Acc: cptm1");
    expect(await cli.json(["keys", "parse", "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4"])).toMatchObject({
      human: "cosmos",
    });
    expect(await cli.ok(["debug", "raw-bytes", "[72 101 108 108 111]"])).toBe("48656C6C6F");
    expect(await cli.ok(["debug", "codec", "list-implementations", "cosmos.base.v1beta1.Msg"])).toContain(
      "/cosmos.bank.v1beta1.MsgSend",
    );
    expect(await cli.fails(["debug", "addr", "nonsense"])).toContain("neither hexadecimal nor bech32");
    expect(await cli.fails(["balances"])).toContain("unknown command");
  });
});
