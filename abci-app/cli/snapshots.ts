import type { Command } from "commander";

import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { dumpSnapshot, loadSnapshot } from "../../core/store/snapshot/archive.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { SNAPSHOT_FORMAT } from "../../core/store/snapshot/format.js";
import type { SnapshotManifest } from "../../core/store/snapshot/manifest.js";
import { readOutline } from "../../core/store/snapshot/outline.js";
import { wholeNumber } from "./numbers.js";
import type { CliContext } from "./options.js";
import { homeFor } from "./options.js";
import { assertHasState, assertStopped } from "./state/stopped.js";

export function addSnapshotCommands(program: Command, context: CliContext): void {
  const snapshots = program
    .command("snapshots")
    .description("snapshots of the state, for nodes that join by state sync");
  snapshots
    .command("list")
    .description("print the snapshots that this node has for others")
    .action((_options, command: Command) => {
      context.out("local snapshots:");
      for (const { height, chunkHashes } of folderOf(command).list()) {
        context.out(`height: ${height} format: ${SNAPSHOT_FORMAT} chunks: ${chunkHashes.length}`);
      }
    });
  snapshots
    .command("export")
    .option("--height <height>", "a kept height (default: the last)", wholeNumber(1))
    .description("make a snapshot of the state now, whether the node runs or not")
    .action(async (_options, command: Command) => {
      const home = homeFor(command);
      assertHasState(home);
      const { height } = command.opts<{ height?: number }>();
      const made = await exportSnapshot(home.applicationDb, folderOf(command), height);
      context.out(
        `Snapshot created at height ${made.height}, format ${SNAPSHOT_FORMAT}, chunks ${made.chunkHashes.length}`,
      );
    });
  namesSnapshot(snapshots.command("dump"))
    .option("-o, --output <file>", "default: <height>-<format>.tar.gz")
    .description("write a snapshot into one file")
    .action(async (height: number, format: number, _options, command: Command) => {
      const manifest = find(command, height, format);
      const file = command.opts<{ output?: string }>().output ?? `${height}-${format}.tar.gz`;
      await dumpSnapshot({ folder: folderOf(command), manifest }, file);
      context.out(`the snapshot of height ${height} is in ${file}`);
    });
  snapshots
    .command("load")
    .argument("<file>", "as `snapshots dump` wrote it")
    .description("take a snapshot from a file into this node's, to hand it to others or to restore it")
    .action(async (file: string, _options, command: Command) => {
      const { height, chunkHashes } = await loadSnapshot(file, folderOf(command));
      context.out(`Loaded snapshot: height ${height}, format ${SNAPSHOT_FORMAT}, chunks ${chunkHashes.length}`);
    });
  namesSnapshot(snapshots.command("restore"))
    .option("--app-hash <hex>", "what the state must hash to, from a header of the height after it")
    .description("make the state of a stopped node without one from a snapshot")
    .addHelpText(
      "after",
      "\nNothing but --app-hash says that the snapshot is one of the chain. CometBFT is not touched: it needs its blocks\nand state up to this height, and the command says where they can come from. A node that joins a network uses\nstate sync instead (config.toml, [statesync]).",
    )
    .action(async (height: number, format: number, _options, command: Command) => {
      const home = homeFor(command);
      await assertStopped(home);
      const manifest = find(command, height, format);
      const { appHash } = command.opts<{ appHash?: string }>();
      const hash = await restoreSnapshot(context, {
        path: home.applicationDb,
        folder: folderOf(command),
        manifest,
        appHash: appHash === undefined ? undefined : readHash(appHash),
      });
      context.out(`height ${height} is restored; its app hash is ${Buffer.from(hash).toString("hex").toUpperCase()}`);
      context.err(nextSteps(height, home.data));
    });
  namesSnapshot(snapshots.command("delete"))
    .description("delete a snapshot")
    .action((height: number, format: number, _options, command: Command) => {
      find(command, height, format);
      folderOf(command).delete(height);
    });
}

/** The arguments by which a snapshot of this node's is named. */
function namesSnapshot(command: Command): Command {
  return command
    .argument("<height>", "as `snapshots list` has it", wholeNumber(1))
    .argument("<format>", "1", wholeNumber(1));
}

function folderOf(command: Command): SnapshotFolder {
  return new SnapshotFolder(homeFor(command).snapshots);
}

function find(command: Command, height: number, format: number): SnapshotManifest {
  const folder = folderOf(command);
  const found = format === SNAPSHOT_FORMAT ? folder.find(height) : undefined;
  if (found !== undefined) return found;
  const known = folder.list().map(({ height }) => height);
  throw new Error(
    `there is no snapshot of height ${height} in format ${format}; ${known.length === 0 ? "there is none at all" : `there are ${known.join(", ")}`}`,
  );
}

/** What is left to do: the snapshot holds the application's state, and none of CometBFT's. */
function nextSteps(height: number, data: string): string {
  return [
    `CometBFT was not touched. Before the node can start, it needs its own blocks and state, of height ${height} or above:`,
    `  - if they are in ${data} (blockstore.db, state.db), nothing: it hands the blocks after ${height} to the application;`,
    "  - from a backup, or a stopped node that you trust: copy both folders, but never priv_validator_state.json;",
    "  - if there are none, do not start from this state: delete application.db and let the node sync by itself",
    "    ([statesync] in config.toml, with this snapshot on one of its peers).",
  ].join("\n");
}

async function exportSnapshot(path: string, folder: SnapshotFolder, height?: number): Promise<SnapshotManifest> {
  const store = ReadonlyStateStore.open({ path });
  const at = height ?? store.version;
  const draft = folder.begin(at);
  try {
    store.takeSnapshot(at, (index, chunk) => draft.write(index, chunk));
    return draft.finish();
  } catch (error) {
    draft.discard();
    throw error;
  } finally {
    await store.close();
  }
}

async function restoreSnapshot(
  { runtime }: CliContext,
  options: {
    readonly path: string;
    readonly folder: SnapshotFolder;
    readonly manifest: SnapshotManifest;
    readonly appHash: Uint8Array | undefined;
  },
): Promise<Uint8Array> {
  if (runtime.state === undefined) throw new Error("this program has no state of its own");
  const { folder, manifest } = options;
  const { height } = manifest;
  const load = async (index: number): Promise<Buffer> => {
    const chunk = await folder.loadChunk(height, index);
    if (chunk === undefined) throw new Error(`chunk ${index} is missing or damaged`);
    return chunk;
  };
  const outline = await load(0);
  const appHash = options.appHash ?? Buffer.from(readOutline(outline).appHash, "latin1");
  const store = runtime.state.open(options.path);
  try {
    if (store.version > 0) {
      throw new Error(
        `${options.path} has a state of height ${store.version}; a snapshot is restored where there is none`,
      );
    }
    const restore = store.beginRestore({ manifest, appHash });
    restore.apply(0, outline);
    for (let index = 1; index < manifest.chunkHashes.length; index++) restore.apply(index, await load(index));
    await store.flush();
    return appHash;
  } finally {
    await store.close();
  }
}

function readHash(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new Error(`--app-hash: "${text}" is not 64 hexadecimal digits`);
  return Buffer.from(text, "hex");
}
