// Tier: test. Budget: 30 s. The faucet against a node of one validator: who gets coins, who does not, and what a failure costs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { Cli } from "../kit/cli.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const BINARY = resolve(import.meta.dirname, "../../../bin/computroniumd");
/** Addresses of nobody, so that each is new to the chain. */
const STRANGERS = ["00", "01", "02", "03"].map((byte) => byte.repeat(20));

describe("the faucet", () => {
  let cli: Cli;
  let url: string;
  let stop: () => Promise<void>;
  const strangers: string[] = [];

  beforeAll(async () => {
    const node = await TestNode.create();
    cli = new Cli(node.home.root);
    await cli.ok(["config", "set", "client", "node", node.rpc.url]);
    await cli.ok(["config", "set", "client", "keyring-backend", "test"]);
    await cli.ok(["keys", "add", "faucet"]);
    await cli.ok(["genesis", "add-genesis-account", "faucet", "2000000ucptm"]);
    for (const bytes of STRANGERS)
      strangers.push((await cli.json<{ formats: string[] }>(["keys", "parse", bytes])).formats[0]!);
    node.launch();
    await node.waitForHeight(1);
    const args = [
      "faucet",
      "--from",
      "faucet",
      "--amount",
      "500000ucptm",
      "--fees",
      "1000ucptm",
      "--listen",
      "127.0.0.1:0",
      "--ip-max",
      "5",
      "--home",
      cli.home,
    ];
    const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    url = /http:\S+/.exec(line)![0];
    stop = async () => {
      child.kill("SIGTERM");
      expect((await ended)[0]).toBe(0);
    };
  });

  afterAll(async () => {
    await stop();
    await removeAllNodes();
  });

  async function ask(body: unknown): Promise<{ status: number; body: Record<string, string>; headers: Headers }> {
    const response = await fetch(`${url}/credit`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, string>,
      headers: response.headers,
    };
  }

  const balanceOf = async (address: string): Promise<string> =>
    (await cli.json<{ balance: { amount: string } }>(["q", "bank", "balance", address, "ucptm"])).balance.amount;

  it("gives to each address once, refuses what is no address, and gives nothing that it does not have", async () => {
    const status = await fetch(`${url}/status`);
    expect(status.headers.get("access-control-allow-origin")).toBe("*");
    expect(await status.json()).toMatchObject({ status: "ok", chain_id: "computronium-test-1", amount: "500000ucptm" });
    for (const wrong of ["x", {}, { address: 5 }, { address: "cosmos1qqq" }, "y".repeat(5000)]) {
      expect((await ask(wrong)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/credit`, { method: "PUT" })).status).toBe(405);

    // Two at once: both are paid.
    const [first, second] = await Promise.all([
      ask({ address: strangers[0] }),
      ask({ address: strangers[1], denom: "ucptm" }),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await Promise.all([balanceOf(strangers[0]!), balanceOf(strangers[1]!)])).toEqual(["500000", "500000"]);
    expect(await cli.json(["q", "tx", first.body["txhash"]!])).toMatchObject({ code: 0 });

    const again = await ask({ address: strangers[0] });
    expect([again.status, again.body["error"]]).toEqual([
      429,
      expect.stringMatching(/^this address has had its share; again in \d+ s$/),
    ]);
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(80_000);

    expect((await ask({ address: strangers[2] })).status).toBe(200);
    // Now it has less than a share: nothing is taken from the limits for what it cannot give.
    for (let i = 0; i < 4; i++) {
      const poor = await ask({ address: strangers[3] });
      expect([poor.status, poor.body["error"]]).toEqual([503, expect.stringContaining("insufficient funds")]);
      expect(await balanceOf(strangers[3]!)).toBe("0");
    }
  });
});
