// Tier: test. Budget: 5 s. The endpoint by itself; with a node behind it: test/operations/telemetry.test.ts.
import { hostname, networkInterfaces } from "node:os";

import { afterEach, describe, expect, it } from "@jest/globals";
import { pino } from "pino";

import type { TelemetryConfig } from "../node/app-config.js";
import { AppConfigSchema } from "../node/app-config.js";
import { Telemetry } from "./telemetry.js";

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
let telemetry: Telemetry | undefined;

afterEach(async () => {
  await telemetry?.close();
  telemetry = undefined;
});

async function start(changes: Partial<TelemetryConfig> = {}): Promise<string> {
  const config = { ...AppConfigSchema.parse({}).telemetry, address: "127.0.0.1:0", ...changes };
  telemetry = await Telemetry.start({ config, build: { version: "1.2.3" }, log: pino({ level: "silent" }) });
  return telemetry.url;
}

describe("The telemetry endpoint", () => {
  it("is alive and not ready while there is no chain behind it, and says why", async () => {
    const url = await start();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const ready = await fetch(`${url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        ready: false,
        height: "0",
        secondsSinceCommit: null,
        catchingUp: null,
        reasons: ["no block was committed since the node started", "CometBFT's RPC does not answer"],
      },
    ]);
  });

  it("puts the labels of the settings on every metric", async () => {
    const url = await start({
      "service-name": "validator",
      "enable-hostname-label": true,
      "global-labels": [["chain_id", "my-chain-1"]],
    });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain(
      `computronium_build_info{version="1.2.3",chain_id="my-chain-1",service="validator",host="${hostname()}"} 1`,
    );
  });

  it("serves no metrics when the retention time is 0", async () => {
    const url = await start({ "prometheus-retention-time": 0 });
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  (hasIpv6 ? it : it.skip)("listens where IPv6 addresses say", async () => {
    const url = await start({ address: "[::1]:0" });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe("Its settings", () => {
  it("take labels as Cosmos writes them and as text", () => {
    const { telemetry: config } = AppConfigSchema.parse({
      telemetry: { "global-labels": [["chain_id", "a"], "zone=b=c"] },
    });
    expect(config["global-labels"]).toEqual([
      ["chain_id", "a"],
      ["zone", "b=c"],
    ]);
  });

  it("refuse addresses and labels that are none", () => {
    for (const changes of [{ address: "26661" }, { "global-labels": ["a"] }, { "global-labels": [["1a", "b"]] }]) {
      expect(AppConfigSchema.safeParse({ telemetry: changes }).success).toBe(false);
    }
  });
});
