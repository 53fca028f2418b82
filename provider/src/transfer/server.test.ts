// Tier: make test. Budget: 8 s.
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { pino } from "pino";

import { hashContent, type ContentHash } from "../content-hash.js";
import { announceJobUrl, fetchResult, uploadJob, type ProviderEndpoint, type SignClaim } from "./buyer-client.js";
import { ContentMismatchError, ContentStore, StoreFullError } from "./content-store.js";
import { accountAddress, signDocument, signRequest, verifyRequest, type RequestClaim } from "./request-signature.js";
import { TransferServer, type LeaseView, type TransferServerOptions } from "./server.js";

const key = (name: string): Uint8Array => createHash("sha256").update(name).digest();
const TENANT = accountAddress(secp256k1.getPublicKey(key("tenant")), "cptm");
const asTenant: SignClaim = (claim) => signRequest(claim, key("tenant"), "cptm");
const asStranger: SignClaim = (claim) => signRequest(claim, key("stranger"), "cptm");
const JOB = Buffer.from("a job bundle");
const RESULT = Buffer.from("a result");

describe("the transfer server", () => {
  let folder: string;
  let store: ContentStore;
  let server: TransferServer;
  let endpoint: ProviderEndpoint;
  let leases: Map<bigint, LeaseView>;
  let uploads: [bigint, ContentHash][];
  let announcements: [bigint, string][];

  const start = async (options: Partial<TransferServerOptions> = {}): Promise<void> => {
    server = new TransferServer({
      chainId: "test-1",
      provider: "cptm1provider",
      store,
      leases: {
        find: async (id) => leases.get(id),
        uploaded: (id, hash) => void uploads.push([id, hash]),
        announced: (id, url) => void announcements.push([id, url]),
      },
      logger: pino({ level: "silent" }),
      description: { name: "test" },
      ...options,
    });
    const port = await server.listen(0, "127.0.0.1");
    endpoint = { url: `http://127.0.0.1:${port}`, chainId: "test-1", provider: "cptm1provider" };
  };
  const lease = (view: Partial<LeaseView>): void =>
    void leases.set(1n, { tenant: TENANT, jobHash: undefined, acceptsJob: true, resultHash: undefined, ...view });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provider-test-"));
    store = await ContentStore.open(folder, 10_000);
    leases = new Map();
    uploads = [];
    announcements = [];
    lease({});
    await start();
  });
  afterEach(async () => {
    await server.close();
    expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
    await rm(folder, { recursive: true });
  });
  const code = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "success",
      (error: { code: string }) => error.code,
    );

  it("takes a job from the tenant and gives him the result", async () => {
    const hash = await uploadJob(endpoint, 1n, JOB, asTenant);
    expect(uploads).toEqual([[1n, hash]]);
    expect(Buffer.from((await store.get(hash)) ?? [])).toEqual(JOB);
    expect(await code(fetchResult(endpoint, 1n, hashContent(RESULT), asTenant))).toBe("no-result");
    lease({ resultHash: await store.put(RESULT) });
    expect(Buffer.from(await fetchResult(endpoint, 1n, hashContent(RESULT), asTenant))).toEqual(RESULT);
    expect(await code(fetchResult(endpoint, 1n, hashContent(JOB), asTenant))).toBe("content-mismatch");
  });

  it("hears from the tenant, and from nobody else, where the job can be fetched", async () => {
    const url = "https://buyer.example/job";
    expect(await code(announceJobUrl(endpoint, 1n, url, asStranger))).toBe("signature");
    expect(await code(announceJobUrl(endpoint, 1n, "x".repeat(5000), asTenant))).toBe("too-large");
    await announceJobUrl(endpoint, 1n, url, asTenant);
    expect(announcements).toEqual([[1n, url]]);
    lease({ acceptsJob: false });
    expect(await code(announceJobUrl(endpoint, 1n, url, asTenant))).toBe("no-job-expected");
  });

  it("tells the tenant why there is no result", async () => {
    lease({ failure: "trap: unreachable" });
    const error: unknown = await fetchResult(endpoint, 1n, hashContent(RESULT), asTenant).catch((e: unknown) => e);
    expect(error).toMatchObject({ status: 409, code: "job-failed", message: "trap: unreachable" });
  });

  it("takes the signature of a cosmjs wallet (ADR-036)", async () => {
    // In a process of its own: cosmjs is CommonJS that requires ES modules, which jest can't load.
    const script = `
      import { Secp256k1Wallet } from "@cosmjs/amino";
      const [key, document] = process.argv.slice(1);
      const wallet = await Secp256k1Wallet.fromKey(Buffer.from(key, "hex"), "cptm");
      const [{ address }] = await wallet.getAccounts();
      console.log(JSON.stringify((await wallet.signAmino(address, JSON.parse(document))).signature));`;
    const sign: SignClaim = (claim) => {
      const document = JSON.stringify(signDocument(claim, TENANT));
      const args = ["--input-type=module", "--eval", script, Buffer.from(key("tenant")).toString("hex"), document];
      const { pub_key, signature } = JSON.parse(execFileSync(process.execPath, args).toString()) as {
        pub_key: { value: string };
        signature: string;
      };
      return { publicKey: Buffer.from(pub_key.value, "base64"), signature: Buffer.from(signature, "base64") };
    };
    expect(await uploadJob(endpoint, 1n, JOB, sign)).toBe(hashContent(JOB));
  });

  it("refuses strangers, other leases and signatures made for something else", async () => {
    const asking = (change: Partial<RequestClaim>): SignClaim => {
      return (claim) => asTenant({ ...claim, ...change });
    };
    leases.set(2n, { tenant: "cptm1other", jobHash: undefined, acceptsJob: true, resultHash: undefined });
    expect(await code(uploadJob(endpoint, 1n, JOB, asStranger))).toBe("signature");
    expect(await code(uploadJob(endpoint, 2n, JOB, asTenant))).toBe("signature");
    expect(await code(uploadJob(endpoint, 3n, JOB, asTenant))).toBe("signature");
    for (const change of [
      { chainId: "test-2" },
      { provider: "cptm1elsewhere" },
      { leaseId: 2n },
      { action: "get-result" as const },
      { bodyHash: hashContent(RESULT) },
      { expiresAtSeconds: 0 },
    ])
      expect([change, await code(uploadJob(endpoint, 1n, JOB, asking(change)))]).toEqual([change, "signature"]);
    expect(uploads).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses signatures that are garbage, high-s, or expired", async () => {
    expect(await code(uploadJob(endpoint, 1n, JOB, () => ({ publicKey: key("x"), signature: key("y") })))).toBe(
      "signature",
    );
    const claim: RequestClaim = {
      chainId: "c",
      provider: "p",
      leaseId: 1n,
      action: "put-job",
      bodyHash: hashContent(JOB),
      expiresAtSeconds: 1,
    };
    const good = signRequest(claim, key("tenant"), "cptm");
    expect(verifyRequest(claim, TENANT, good)).toBe(true);
    const parsed = secp256k1.Signature.fromBytes(good.signature);
    const order = secp256k1.Point.Fn.ORDER;
    const high = new secp256k1.Signature(parsed.r, order - parsed.s).toBytes("compact");
    expect(verifyRequest(claim, TENANT, { ...good, signature: high })).toBe(false);
    expect(verifyRequest(claim, TENANT, { ...good, publicKey: new Uint8Array(33) })).toBe(false);

    for (const expires of ["", "soon", "1", "99999999999"]) {
      const response = await fetch(`${endpoint.url}/v1/leases/1/result`, {
        headers: { "x-computronium-expires": expires },
      });
      expect([response.status, await response.json()]).toMatchObject([401, { error: { code: "expired" } }]);
    }
  });

  it("takes the job that the lease names and no other, and only while it waits for one", async () => {
    lease({ jobHash: hashContent(RESULT) });
    expect(await code(uploadJob(endpoint, 1n, JOB, asTenant))).toBe("other-job");
    lease({ acceptsJob: false });
    expect(await code(uploadJob(endpoint, 1n, JOB, asTenant))).toBe("no-job-expected");
  });

  it("keeps nothing when the body is not what was announced and signed", async () => {
    const lying: SignClaim = (claim) => asTenant({ ...claim, bodyHash: hashContent(RESULT) });
    const signature = await lying({
      chainId: "test-1",
      provider: "cptm1provider",
      leaseId: 1n,
      action: "put-job",
      bodyHash: hashContent(JOB),
      expiresAtSeconds: Math.floor(Date.now() / 1000) + 60,
    });
    const response = await fetch(`${endpoint.url}/v1/leases/1/job`, {
      method: "PUT",
      body: JOB,
      headers: {
        "x-computronium-public-key": Buffer.from(signature.publicKey).toString("base64"),
        "x-computronium-signature": Buffer.from(signature.signature).toString("base64"),
        "x-computronium-expires": String(Math.floor(Date.now() / 1000) + 60),
        "x-computronium-content-hash": hashContent(RESULT),
      },
    });
    expect([response.status, await response.json()]).toMatchObject([422, { error: { code: "content-mismatch" } }]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses too much before it reads it, and what has no room", async () => {
    expect(await code(uploadJob(endpoint, 1n, randomBytes(10_001), asTenant))).toBe("store-full");
    await server.close();
    await start({ maxUploadBytes: 5 });
    expect(await code(uploadJob(endpoint, 1n, JOB, asTenant))).toBe("too-large");
  });

  it("limits how often one address may ask", async () => {
    await server.close();
    await start({ burstPerAddress: 3, requestsPerSecondPerAddress: 0.001 });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await fetch(`${endpoint.url}/v1/provider`)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it("answers other paths and methods with JSON errors", async () => {
    for (const [method, path, status] of [
      ["GET", "/", 404],
      ["GET", "/v1/leases/01/result", 404],
      ["GET", "/v1/leases/1/../../etc/passwd", 404],
      ["DELETE", "/v1/leases/1/job", 405],
      ["GET", "/v1/leases/1/job", 405],
      ["GET", "/v1/leases/1/result", 401],
      ["PUT", "/v1/leases/1/job", 400],
    ] as const) {
      const response = await fetch(endpoint.url + path, { method, ...(method === "PUT" && { body: "" }) });
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([path, response.status, error.code !== "", error.message !== ""]).toEqual([path, status, true, true]);
    }
  });

  it("ends connections that send their headers or their body slowly", async () => {
    await server.close();
    await start({ headersTimeoutMilliseconds: 500, requestTimeoutMilliseconds: 1000 });
    const { hostname, port } = new URL(endpoint.url);
    const ended = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let received = "";
        const socket = connect(Number(port), hostname, () => socket.write(text));
        const drip = setInterval(() => socket.write("x"), 100);
        socket.on("data", (chunk) => (received += chunk.toString()));
        socket.on("error", () => undefined);
        socket.on("close", () => {
          clearInterval(drip);
          resolve(received.split("\r\n")[0] ?? "");
        });
      });
    const signedHeaders = (signature: Awaited<ReturnType<SignClaim>>, expires: number): string =>
      `x-computronium-public-key: ${Buffer.from(signature.publicKey).toString("base64")}\r\n` +
      `x-computronium-signature: ${Buffer.from(signature.signature).toString("base64")}\r\n` +
      `x-computronium-expires: ${expires}\r\nx-computronium-content-hash: ${hashContent(JOB)}\r\n`;
    const expiresAtSeconds = Math.floor(Date.now() / 1000) + 60;
    const bodyHash = hashContent(JOB);
    const claim = { chainId: "test-1", provider: "cptm1provider", leaseId: 1n, bodyHash, expiresAtSeconds };
    const headers = signedHeaders(await asTenant({ ...claim, action: "put-job" }), expiresAtSeconds);
    const [slowHeaders, slowBody] = await Promise.all([
      ended("GET /v1/provider HTTP/1.1\r\nx: "),
      ended(`PUT /v1/leases/1/job HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n${headers}\r\n`),
    ]);
    expect(slowHeaders).toBe("HTTP/1.1 408 Request Timeout");
    expect(slowBody).toMatch(/408|^$/);
    expect(uploads).toEqual([]);
  });
});

describe("ContentStore", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provider-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps content over a restart, and removes what an interrupted write left", async () => {
    const store = await ContentStore.open(folder, 100);
    const hash = await store.put(JOB);
    await writeFile(join(folder, "0123.partial"), "half");
    const again = await ContentStore.open(folder, 100);
    expect(Buffer.from((await again.get(hash)) ?? [])).toEqual(JOB);
    expect(await readdir(folder)).toEqual([hash]);
  });

  it("never holds more than its capacity, counts the same content once, and gives room back", async () => {
    const store = await ContentStore.open(folder, 25);
    const [hash] = await Promise.all([store.put(JOB), store.put(JOB)]);
    await store.put(RESULT);
    await expect(store.put(Buffer.from("123456"))).rejects.toBeInstanceOf(StoreFullError);
    await store.delete(hash);
    expect(await store.get(hash)).toBeUndefined();
    await store.put(Buffer.from("123456"));
  });

  it("does not give out what the disk damaged", async () => {
    const store = await ContentStore.open(folder, 100);
    const hash = await store.put(JOB);
    await writeFile(join(folder, hash), "a jot bundle");
    await expect(store.get(hash)).rejects.toBeInstanceOf(ContentMismatchError);
  });
});
