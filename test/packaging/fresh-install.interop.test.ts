// Tier: make test-interop (the npm registry). Budget: 3 min. The packages as somebody else gets them: packed by npm,
// installed by npm into an empty folder, type-checked and run there; what is signed there is good here.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { decodeTx } from "../../core/codec/tx.js";
import { addressOf, publicKeyFromAny } from "../../core/crypto/public-key.js";
import { verifyTxSignature } from "../../core/crypto/tx-signature.js";
import { Verdicts } from "../../core/crypto/verdicts.js";
import { Addresses } from "../../core/address.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const SIGNER = { chainId: "fresh-1", accountNumber: 7n, sequence: 3n };

interface Printed {
  readonly address: string;
  readonly readBack: string;
  readonly direct: string;
  readonly amino: string;
}

describe("the client in a fresh folder", () => {
  let folder: string;
  /** Everything npm wants of its user is passed on; nothing of the npm that may run this test is. */
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/.test(name)));
  const npm = (...args: readonly string[]) =>
    execFileSync("npm", ["--no-fund", "--no-audit", "--ignore-scripts", ...args], {
      cwd: folder,
      env,
      encoding: "utf8",
    });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "computronium-fresh-"));
    npm("pack", "--silent", join(root, "proto"), join(root, "client"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fresh", version: "1.0.0", type: "module" }));
    npm("install", "./computronium-proto-0.1.0.tgz", "./computronium-client-0.1.0.tgz");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const versionOf = (name: string) =>
    (JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string })
      .version;

  it("is installed with one @scure/base, of a version that cosmjs works with", () => {
    expect(versionOf("@scure/base")).toBe("2.2.0");
    expect(existsSync(join(folder, "node_modules/@cosmjs/encoding/node_modules/@scure/base"))).toBe(false);
  });

  it("holds what it needs, and none of our tests", () => {
    const client = join(folder, "node_modules/@computronium/client");
    expect(existsSync(join(client, "dist/index.d.ts"))).toBe(true);
    expect(existsSync(join(client, "src/index.ts"))).toBe(true);
    expect(existsSync(join(client, "dist/amino.test.js"))).toBe(false);
  });

  it("has types that a strict program compiles against", () => {
    copyFileSync(join(root, "test/packaging/sign-offline.ts"), join(folder, "sign-offline.ts"));
    // The types of @cosmjs/proto-signing import protobufjs, which it does not depend on: nobody gets by without skipLibCheck.
    const checks = ["--noEmit", "--strict", "--skipLibCheck"];
    const target = ["--module", "nodenext", "--target", "es2023", "--lib", "es2023,dom", "--types", ""];
    const compiler = join(root, "node_modules/tsgo/bin/tsc");
    expect(() =>
      execFileSync(process.execPath, [compiler, ...checks, ...target, "sign-offline.ts"], { cwd: folder }),
    ).not.toThrow();
  });

  it("signs DIRECT and in amino JSON what a node finds good", () => {
    copyFileSync(join(root, "dist/test/packaging/sign-offline.js"), join(folder, "sign-offline.js"));
    const printed = JSON.parse(
      execFileSync(process.execPath, ["sign-offline.js"], { cwd: folder, encoding: "utf8" }),
    ) as Printed;
    expect(printed.readBack).toBe("cptm");
    for (const hex of [printed.direct, printed.amino]) {
      const tx = decodeTx(Buffer.from(hex, "hex"));
      const key = publicKeyFromAny(tx.authInfo.signerInfos[0]!.publicKey!);
      expect(new Addresses("cptm").account.encode(addressOf(key))).toBe(printed.address);
      expect(() => verifyTxSignature({ tx, index: 0, key, signer: SIGNER, verdicts: new Verdicts() })).not.toThrow();
    }
  });
});
