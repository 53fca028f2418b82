// Tier: test. Budget: 60 s. Runs docs/tutorials/first-lease.md as it stands: its files, its chain, its two programs.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ComputroniumClient, costOf } from "@computronium/client";

import { Localnet } from "../../localnet/localnet.js";
import { freePorts } from "../../localnet/ports.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGE = readFileSync(join(ROOT, "docs/tutorials/first-lease.md"), "utf8");

/** The fenced block of the page whose first line ends with this name. */
function block(name: string): string {
  const pattern = new RegExp(`^\`\`\`\\w+ ${name.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")}\n(.*?)^\`\`\`$`, "ms");
  const text = pattern.exec(PAGE)?.[1];
  if (text === undefined) throw new Error(`the page has no block ${name}`);
  return text;
}

describe("the page about the first lease", () => {
  let network: Localnet;
  let folder: string;

  beforeAll(async () => {
    network = await Localnet.start({ validators: 1, timeoutCommitMs: 1000 });
    // Inside of the repository, where the page's programs find their packages.
    mkdirSync(join(ROOT, "build"), { recursive: true });
    folder = mkdtempSync(join(ROOT, "build", "first-lease-"));
  }, 120_000);

  afterAll(async () => {
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("leads to a settled lease, paid to the last unit", async () => {
    const [port] = await freePorts(1);
    const config = block("build/first-lease/bob.toml").replace("$RPC", network.rpcUrl).replaceAll("8350", String(port));
    writeFileSync(join(folder, "bob.toml"), config);
    writeFileSync(join(folder, "bob.mnemonic"), network.account("bob").mnemonic, { mode: 0o600 });
    const [, providerProgram = ""] = /^node (provider\/\S+) run/m.exec(block("terminal-2")) ?? [];
    network.children.start({
      name: "bob",
      command: [process.execPath, join(ROOT, providerProgram), "run", "--config", join(folder, "bob.toml")],
      logFile: join(network.home, "bob.log"),
    });

    const reader = await ComputroniumClient.connect(network.rpcUrl, { pollMs: 50 });
    const alice = network.account("alice");
    const before = await reader.bank.balance(alice.address, network.denom);
    writeFileSync(join(folder, "buy.mjs"), block("build/first-lease/buy.mjs"));
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "buy.mjs")], {
      env: { ...process.env, RPC: network.rpcUrl, ALICE_MNEMONIC: alice.mnemonic },
    });

    expect(stdout).toContain("there are 283146 primes");
    const lease = await reader.market.lease(1n);
    if (lease.rate === undefined) throw new Error("a lease has a rate");
    const paid = costOf(lease.rate, lease.acceptedSeconds);
    // With blocks a second apart, the result is in a later second than the start.
    expect(lease.acceptedSeconds).toBeGreaterThan(0n);
    expect([lease.paid, lease.taken]).toEqual([paid.toString(), (paid / 20n).toString()]);
    expect(stdout).toContain(
      `settled: ${lease.acceptedSeconds} s for ${paid} ucptm, of which the chain took ${paid / 20n}`,
    );
    const less = before - (await reader.bank.balance(alice.address, network.denom));
    expect(stdout).toContain(`Alice has ${less} ucptm less`);
    expect(less).toBeGreaterThan(paid);
    reader.disconnect();
  });
});
