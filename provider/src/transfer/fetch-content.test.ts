// Tier: make test. Budget: 5 s.
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "@jest/globals";

import { hashContent } from "../content-hash.js";
import { isPublicAddress } from "./addresses.js";
import { FetchError } from "./errors.js";
import { fetchContent, type FetchOptions } from "./fetch-content.js";

const CONTENT = Buffer.from("a job");
const HASH = hashContent(CONTENT);
const OPTIONS: FetchOptions = { maxBytes: 1000, timeoutMilliseconds: 3000 };

describe("isPublicAddress", () => {
  it.each(["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.0.1", "2606:4700::1111"])(
    "lets %s through",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ["0.0.0.0", "10.0.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255"],
    ["192.168.1.1", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7"],
    ["203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1"],
    ["::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"],
    ["2002:a00:1::1", "2001:0:1::1", "2001:db8::1", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1"],
    ["100::1", "5f00::1", "4000::1", "fe80::1%eth0", "", "example.com", "1.1.1.1/8"],
  ])("refuses %s, %s, %s, %s, %s, %s …", (...addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

describe("fetchContent", () => {
  let server: Server | undefined;
  let requests = 0;
  const serve = async (listener: RequestListener): Promise<string> => {
    requests = 0;
    server = createServer((request, response) => {
      requests++;
      listener(request, response);
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/job`;
  };
  afterEach(async () => {
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server?.close(resolve));
    server = undefined;
  });
  const failure = async (url: string, options: Partial<FetchOptions> = {}): Promise<string> => {
    const error = await fetchContent(url, HASH, { ...OPTIONS, ...options }).catch((e: unknown) => e);
    if (!(error instanceof FetchError)) throw new Error(`no FetchError: ${String(error)}`);
    return error.failure;
  };
  const open = { allowPrivateAddresses: true };

  it("gives the content when its hash is right", async () => {
    const url = await serve((_, response) => response.end(CONTENT));
    expect(Buffer.from(await fetchContent(url, HASH, { ...OPTIONS, ...open }))).toEqual(CONTENT);
  });

  it("refuses content with another hash", async () => {
    expect(await failure(await serve((_, response) => response.end("a jot")), open)).toBe("hash");
  });

  it.each([
    "http://127.0.0.1:1/",
    "http://[::1]:1/",
    "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0/",
    "http://127.1/",
    "http://①②⑦.0.0.1/",
    "http://localhost:1/",
  ])("does not connect to %s", async (url) => expect(await failure(url)).toBe("address"));

  it.each([
    "file:///etc/passwd",
    "ftp://example.com/",
    "gopher://x/",
    "http://user@example.com/",
    "",
    "/job",
    "http://",
  ])("refuses the URL %j", async (url) => expect(await failure(url)).toBe("url"));

  it("refuses a name that leads to a private address, also beside a public one, and connects nowhere", async () => {
    const { port } = new URL(await serve((_, response) => response.end(CONTENT)));
    const named = `http://buyer.example:${port}/job`;
    const loopback = { address: "127.0.0.1", family: 4 };
    expect(await failure(named, { resolve: async () => [loopback] })).toBe("address");
    expect(await failure(named, { resolve: async () => [{ address: "1.1.1.1", family: 4 }, loopback] })).toBe(
      "address",
    );
    expect(await failure(named, { resolve: async () => [{ address: "::ffff:7f00:1", family: 6 }] })).toBe("address");
    expect(requests).toBe(0);
  });

  it("resolves a name once and connects to what it resolved to, so that a second answer can't differ", async () => {
    const { port } = new URL(await serve((_, response) => response.end(CONTENT)));
    let asked = 0;
    const resolve: FetchOptions["resolve"] = async () => {
      asked++;
      return [{ address: "127.0.0.1", family: 4 }];
    };
    await fetchContent(`http://buyer.example:${port}/job`, HASH, { ...OPTIONS, ...open, resolve });
    expect({ asked, requests }).toEqual({ asked: 1, requests: 1 });
  });

  it("follows no redirect", async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: "/elsewhere" }).end());
    expect(await failure(url, open)).toBe("status");
    expect(requests).toBe(1);
  });

  it("refuses too much, announced or not", async () => {
    const long = Buffer.alloc(2000);
    expect(await failure(await serve((_, response) => response.end(long)), open)).toBe("too-large");
    server?.closeAllConnections();
    server?.close();
    const chunked = await serve((_, response) => {
      response.write(long.subarray(0, 900));
      response.end(long);
    });
    expect(await failure(chunked, open)).toBe("too-large");
  });

  it("gives up on a server that drips, or says nothing", async () => {
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(timer));
    });
    expect(await failure(dripping, { ...open, timeoutMilliseconds: 500 })).toBe("timeout");
    server?.closeAllConnections();
    server?.close();
    const silent = await serve(() => undefined);
    expect(await failure(silent, { ...open, timeoutMilliseconds: 500 })).toBe("timeout");
  });

  it("says so when nobody answers, or the name does not exist", async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    expect(await failure(url, open)).toBe("connection");
    const unknown = async (): Promise<never> => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    expect(await failure("http://buyer.example/", { resolve: unknown })).toBe("connection");
  });
});
