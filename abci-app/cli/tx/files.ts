import { readFileSync, writeFileSync } from "node:fs";

import type { ToolContext } from "../options.js";
import type { TxDocument } from "./document.js";
import { documentFromJson } from "./document.js";

/** Transactions in one file. */
const MAX_BATCH = 10_000;
const MAX_FILE_CHARS = 64 << 20;

/** The text of a file, or of standard input for `-`. */
export async function readInput(context: ToolContext, file: string): Promise<string> {
  const text = file === "-" ? await context.terminal.readAll() : readFileSync(file, "utf8");
  if (text.length > MAX_FILE_CHARS) throw new Error(`${file} has ${text.length} characters, at most ${MAX_FILE_CHARS}`);
  return text;
}

/** The one transaction of a file. */
export async function readDocument(context: ToolContext, file: string): Promise<TxDocument> {
  return documentFromJson(await readInput(context, file), file);
}

/** The transactions of files with one in each line. */
export async function readBatch(context: ToolContext, files: readonly string[]): Promise<readonly TxDocument[]> {
  const documents: TxDocument[] = [];
  for (const file of files) {
    const lines = (await readInput(context, file)).split("\n");
    for (const [i, line] of lines.entries()) {
      if (line.trim() === "") continue;
      if (documents.length === MAX_BATCH) throw new Error(`more than ${MAX_BATCH} transactions`);
      documents.push(documentFromJson(line, `${file}, line ${i + 1},`));
    }
  }
  return documents;
}

/** Where `--output-document` says, or on standard output. */
export function writeResult(context: ToolContext, text: string, file: string | undefined): void {
  if (file === undefined || file === "") context.out(text);
  else writeFileSync(file, `${text}\n`, { mode: 0o600 });
}
