import { readFileSync, renameSync, writeFileSync } from "node:fs";

import { z } from "zod";

import { firstProblems } from "../../core/problems.js";
import type { AppStateJson, ChainRuntime } from "./runtime.js";

const integer = z.union([z.string().regex(/^-?\d+$/, "expected an integer"), z.int()]);

/** What CometBFT reads of genesis.json, as far as a mistake in it is likely; the rest is kept as it is. */
const GenesisSchema = z.looseObject({
  chain_id: z.string().min(1, "must not be empty").max(50, "CometBFT allows 50 characters"),
  genesis_time: z.iso.datetime({ offset: true, message: "expected a time such as 2026-01-01T00:00:00Z" }),
  initial_height: integer.refine((value) => BigInt(value) >= 0n, "must not be negative").optional(),
  consensus_params: z.looseObject({ block: z.looseObject({ max_bytes: integer, max_gas: integer }) }).optional(),
  validators: z
    .array(
      z.looseObject({
        pub_key: z.looseObject({
          type: z.literal("tendermint/PubKeyEd25519"),
          value: z.string().refine((text) => Buffer.from(text, "base64").length === 32, "expected 32 bytes in base64"),
        }),
        power: integer.refine((value) => BigInt(value) > 0n, "must be positive"),
      }),
    )
    .nullish(),
  app_state: z.record(z.string(), z.unknown()),
});

export type GenesisFile = z.infer<typeof GenesisSchema>;

/** A genesis file that does not fit, with each place and what is wrong there. */
export class GenesisFileError extends Error {
  override readonly name = "GenesisFileError";
}

/** Reads genesis.json and checks what is not the modules' own. */
export function readGenesis(file: string): GenesisFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new GenesisFileError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = GenesisSchema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "(the whole)"}: ${message}`);
  throw misfit(file, firstProblems(problems));
}

/** Reads and checks all of it, the modules' states too. */
export function readValidGenesis(file: string, runtime: ChainRuntime): GenesisFile {
  const genesis = readGenesis(file);
  const problems = runtime.validateAppState(genesis.app_state);
  if (problems.length === 0) return genesis;
  throw misfit(file, problems);
}

function misfit(file: string, problems: readonly string[]): GenesisFileError {
  return new GenesisFileError(`${file} does not fit:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
}

export function writeGenesis(file: string, genesis: GenesisFile): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(genesis, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export function withAppState(genesis: GenesisFile, appState: AppStateJson): GenesisFile {
  return { ...genesis, app_state: { ...appState } };
}
