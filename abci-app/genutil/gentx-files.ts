import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { MsgCreateValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import type { MsgCreateValidator } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { fromBinary } from "../../core/codec/protobuf.js";
import { genesisTxProblem } from "../../modules/genutil/index.js";
import { documentFromJson, documentToJson } from "../cli/tx/document.js";
import type { TxDocument } from "../cli/tx/document.js";
import type { GenesisFile } from "../node/genesis-file.js";
import type { Home } from "../node/home.js";

/** A genesis transaction as it was found. */
export interface FoundGentx {
  readonly file: string;
  readonly json: unknown;
  readonly memo: string;
  readonly message: MsgCreateValidator;
}

export function gentxFolder(home: Home): string {
  return join(home.config, "gentx");
}

/** Writes a genesis transaction where `collect-gentxs` looks for it. Returns the file. */
export function writeGentx(
  home: Home,
  options: { readonly tx: TxDocument; readonly nodeId: string },
  file?: string,
): string {
  const folder = gentxFolder(home);
  const path = file ?? join(folder, `gentx-${options.nodeId}.json`);
  if (file === undefined) mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${documentToJson(options.tx)}\n`);
  return path;
}

/** All of a folder, in order of the names of their files. Throws an Error that names the file which does not fit. */
export function readGentxs(folder: string): readonly FoundGentx[] {
  if (!existsSync(folder))
    throw new Error(`there is no folder ${folder}: genesis gentx makes it, with a transaction in it`);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort((a, b) => (a < b ? -1 : 1));
  if (names.length === 0) throw new Error(`${folder} holds no genesis transactions (gentx-….json)`);
  return names.map((name) => {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    const problem = genesisTxProblem(Buffer.from(text, "utf8"));
    if (problem !== undefined) throw new Error(`${file}: ${problem}`);
    const { body } = documentFromJson(text, file);
    const message = fromBinary(MsgCreateValidatorSchema, body!.messages[0]!.value);
    return { file, json: JSON.parse(text) as unknown, memo: body!.memo, message };
  });
}

/**
 * The genesis with these transactions, by which its validators stake. It names no validators itself: they follow from the
 * transactions.
 */
export function withGentxs(genesis: GenesisFile, gentxs: readonly FoundGentx[]): GenesisFile {
  const operators = new Set(gentxs.map(({ message }) => message.validatorAddress));
  if (operators.size !== gentxs.length) throw new Error("two genesis transactions are of one operator");
  const appState = { ...genesis.app_state, genutil: { gen_txs: gentxs.map(({ json }) => json) } };
  // Left out of the JSON.
  return { ...genesis, validators: undefined, app_state: appState };
}

/** Peers of their memos, but for this node itself. */
export function peersOf(gentxs: readonly FoundGentx[], ownNodeId: string): readonly string[] {
  return gentxs
    .map(({ memo }) => memo)
    .filter((memo) => /^[0-9a-f]{40}@[^@\s,]+:\d+$/.test(memo) && !memo.startsWith(ownNodeId));
}
