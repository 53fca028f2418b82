// Tier: test. Budget: 15 s. The thread of the API: a fault on it is an answer and a line in the log, never the end of the node.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "@jest/globals";

import { until } from "../../test/kit/rpc.js";
import { Api } from "./api.js";
import { hostAndPort } from "./settings.js";

const FACTS = {
  version: "0.0.0",
  commit: "",
  minimumGasPrices: "",
  pruningKeepRecent: "0",
  pruningInterval: "0",
  haltHeight: 0n,
};

describe("the API's thread", () => {
  let api: Api | undefined;
  const folder = mkdtempSync(join(tmpdir(), "computronium-api-"));
  afterEach(async () => {
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is replaced when it fails, and answers that it cannot answer until then", async () => {
    const faults: string[] = [];
    const path = join(folder, "no such database");
    expect(existsSync(path)).toBe(false);
    api = new Api({
      thread: { path, gasLimit: undefined, workers: 1, facts: FACTS },
      settings: { grpc: undefined, rest: undefined },
      simulate: () => {
        throw new Error("nothing is simulated here");
      },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields, message) => faults.push(`${message} ${JSON.stringify(fields)}`),
      },
    });
    const request = { path: "/app/version", data: new Uint8Array(0), height: 0n, prove: false };
    expect(await api.answer(request)).toMatchObject({ codespace: "sdk", code: 39, status: { code: 14 } });
    await expect(api.start()).rejects.toThrow(/does not run/);
    // The second thread fails as the first one did.
    await until("the second fault", 60_000, async () => {
      if (faults.filter((fault) => fault.startsWith("the API failed")).length < 2) throw new Error(faults.join("\n"));
    });
  });

  it("listens on IPv4 for localhost, and on all addresses for none", () => {
    expect(hostAndPort("tcp://localhost:1317")).toEqual({ host: "127.0.0.1", port: 1317 });
    expect(hostAndPort("[::1]:9090")).toEqual({ host: "::1", port: 9090 });
    expect(hostAndPort(":9090")).toEqual({ host: "0.0.0.0", port: 9090 });
  });
});
