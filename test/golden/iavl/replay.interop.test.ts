// Tier: make test-interop. Budget: 5 min, most of it the first build of the Go program.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ics23 } from "@confio/ics23";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import type { GoldenCase, GoldenProof } from "./replay.js";
import { proveAs, replay } from "./replay.js";
import { SeededRandom } from "../../kit/random.js";

const SOURCE = join(process.cwd(), "test/golden/iavl");

describe("our state beside Go's, with fresh seeds", () => {
  const folder = mkdtempSync(join(tmpdir(), "computronium-golden-"));
  const binary = join(folder, "iavl");
  const go = (args: readonly string[], input = ""): string =>
    execFileSync(binary, args, { input, encoding: "utf8", maxBuffer: 1 << 30 });

  beforeAll(() => {
    execFileSync("go", ["build", "-o", binary, "."], { cwd: SOURCE, stdio: "inherit" });
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("the golden files are what the program writes today", () => {
    go(["golden", folder]);
    for (const name of ["churn", "growth", "late-start", "long-keys", "small-trees"]) {
      expect(readFileSync(join(folder, `${name}.json`), "utf8")).toBe(readFileSync(join(SOURCE, `${name}.json`), "utf8"));
    }
  });

  it("app hashes and proofs are equal, and Go's verifier takes our proofs and refuses forged ones", async () => {
    for (let round = 0; round < 5; round++) {
      // A fresh seed each time; a failure names it.
      const seed = Math.floor(Math.random() * 1e9);
      for (const golden of JSON.parse(go(["fresh", String(seed)])) as GoldenCase[]) {
        const name = `${golden.name} with seed ${seed}`;
        const { store, appHashes, close } = replay(golden, { cacheBytes: 50_000 });
        expect([name, appHashes]).toEqual([name, golden.versions.map(({ appHash }) => appHash)]);
        const hashAt = new Map(golden.versions.map(({ version, appHash }) => [version, appHash]));
        const proofs = golden.proofs.map((proof) => ({
          ...proveAs(store, proof),
          appHash: hashAt.get(proof.version) as string,
        }));
        expect([name, proofs.map(({ appHash: _, ...proof }) => proof)]).toEqual([name, golden.proofs]);
        // ICS23 cannot prove an empty value: Go's verifier refuses Go's own proof of one, and an absence beside one.
        const own = JSON.parse(go(["verify"], JSON.stringify(golden.proofs.map((p, i) => ({ ...proofs[i], ...p }))))) as boolean[];
        const verdicts = JSON.parse(go(["verify"], JSON.stringify(proofs))) as boolean[];
        expect([name, verdicts]).toEqual([name, own]);
        expect(verdicts.filter((verdict) => verdict).length).toBeGreaterThan(proofs.length / 2);
        const forged = proofs.flatMap(forgeries);
        const onForged = JSON.parse(go(["verify"], JSON.stringify(forged))) as boolean[];
        expect([name, onForged.filter((verdict) => verdict)]).toEqual([name, []]);
        const flipped = proofs.slice(0, 30).flatMap((proof) => bitFlips(proof, seed));
        const onFlipped = JSON.parse(go(["verify"], JSON.stringify(flipped.map(({ changed }) => changed)))) as boolean[];
        // Decoders forgive a bit here and there: what is accepted must be the proof that it was.
        const accepted = flipped.filter((_, i) => onFlipped[i] === true);
        expect([name, accepted.filter(({ proof, changed }) => meaning(proof) !== meaning(changed))]).toEqual([name, []]);
        await close();
      }
    }
  });
});

function forgeries(proof: GoldenProof): GoldenProof[] {
  const { value, ...absent } = proof;
  return [
    { ...proof, value: `${value ?? ""}00` },
    ...(value === undefined ? [] : [absent]),
    { ...proof, key: `${proof.key}00` },
    { ...proof, store: `${proof.store}x` },
    { ...proof, appHash: "00".repeat(32) },
    { ...proof, ops: proof.ops.slice(0, 1) },
    { ...proof, ops: [...proof.ops].reverse() },
  ];
}

/** The proof with one bit changed, in each of its operations, at places that the seed picks. */
function bitFlips(proof: GoldenProof, seed: number): { readonly proof: GoldenProof; readonly changed: GoldenProof }[] {
  const random = new SeededRandom(seed);
  return proof.ops.flatMap((op, index) =>
    Array.from({ length: 40 }, () => {
      const data = Buffer.from(op.data, "hex");
      data[random.below(data.length)]! ^= 1 << random.below(8);
      const ops = proof.ops.map((other, i) => (i === index ? { ...other, data: data.toString("hex") } : other));
      return { proof, changed: { ...proof, ops } };
    }),
  );
}

/**
 * What the operations say, read by a decoder that is neither ours nor Go's. A proof of absence names its key, which no verifier looks
 * at: what counts is whether the key that was asked for lies between the neighbours.
 */
function meaning({ ops }: GoldenProof): string {
  return JSON.stringify(
    ops.map(({ data }) => {
      const proof = ics23.CommitmentProof.decode(Buffer.from(data, "hex"));
      if (proof.nonexist) proof.nonexist.key = new Uint8Array(0);
      return ics23.CommitmentProof.toObject(proof, { bytes: String });
    }),
  );
}
