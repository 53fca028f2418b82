import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RequestApplySnapshotChunk,
  RequestLoadSnapshotChunk,
  RequestOfferSnapshot,
  ResponseApplySnapshotChunkSchema,
  ResponseListSnapshotsSchema,
  ResponseLoadSnapshotChunkSchema,
  ResponseOfferSnapshotSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import {
  ResponseApplySnapshotChunk_Result as ChunkVerdict,
  ResponseOfferSnapshot_Result as OfferVerdict,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Logger } from "pino";

import type { BlockInfo } from "../../core/runtime/context.js";
import type { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { MalformedSnapshot, SNAPSHOT_FORMAT } from "../../core/store/snapshot/format.js";
import { announce, readAnnounced } from "../../core/store/snapshot/manifest.js";
import type { SnapshotRestore } from "../../core/store/snapshot/restore.js";
import { FalseSnapshot, SnapshotOfOtherProgram, WrongChunk } from "../../core/store/snapshot/restore.js";
import type { StateStore } from "../../core/store/state-store.js";
import { decodeBlockInfo, isBeginning } from "./block-state.js";

type OfferResponse = MessageInitShape<typeof ResponseOfferSnapshotSchema>;
type ChunkResponse = MessageInitShape<typeof ResponseApplySnapshotChunkSchema>;

export interface StateSyncOptions {
  readonly store: StateStore;
  /** Snapshots for others; undefined where none are kept. */
  readonly folder: SnapshotFolder | undefined;
  /** Name of the chain that this node is for; undefined takes the one that a snapshot names. */
  readonly chainId: (() => string) | undefined;
  readonly log: Logger;
  /** The state is that of the snapshot now. */
  readonly restored: () => void;
}

/** The most that CometBFT asks its application for (statesync/reactor.go, recentSnapshots). */
const MAX_LISTED = 10;

/** A signed 64-bit number, as times in Go are. */
const MAX_NANOS = (1n << 63n) - 1n;
const ADDRESS_BYTES = 20;

/** The four snapshot calls of ABCI: what this node has for others, and what others have for it. */
export class StateSync {
  readonly #options: StateSyncOptions;
  #restore: SnapshotRestore | undefined;

  constructor(options: StateSyncOptions) {
    this.#options = options;
  }

  list(): MessageInitShape<typeof ResponseListSnapshotsSchema> {
    const manifests = this.#options.folder?.list() ?? [];
    return { snapshots: manifests.slice(0, MAX_LISTED).map(announce) };
  }

  /** Nothing where there is no such chunk: CometBFT tells its peer so. */
  async load({
    height,
    format,
    chunk,
  }: RequestLoadSnapshotChunk): Promise<MessageInitShape<typeof ResponseLoadSnapshotChunkSchema>> {
    const { folder } = this.#options;
    if (folder === undefined || format !== SNAPSHOT_FORMAT || height > 0xffff_ffffn) return {};
    const bytes = await folder.loadChunk(Number(height), chunk);
    return bytes === undefined ? {} : { chunk: bytes };
  }

  /** Looks at an offer, of which height and app hash are trusted, and begins its restore when it can be one. */
  offer({ snapshot, appHash }: RequestOfferSnapshot): OfferResponse {
    const { store, log } = this.#options;
    this.#restore = undefined;
    if (snapshot === undefined) return { result: OfferVerdict.REJECT };
    const { height, format } = snapshot;
    if (format !== SNAPSHOT_FORMAT) {
      log.info({ height: height.toString(), format }, "snapshot of another format refused");
      return { result: OfferVerdict.REJECT_FORMAT };
    }
    try {
      const manifest = readAnnounced(snapshot);
      this.#restore = store.beginRestore({ manifest, appHash });
      log.info({ height: manifest.height, chunks: manifest.chunkHashes.length }, "restoring a snapshot");
      return { result: OfferVerdict.ACCEPT };
    } catch (error) {
      if (!(error instanceof MalformedSnapshot)) throw error;
      // An honest node cannot have announced this: its peers are not asked again.
      log.warn({ height: height.toString(), reason: error.message }, "snapshot refused, and whoever offers it");
      return { result: OfferVerdict.REJECT_SENDER };
    }
  }

  async apply({ index, chunk, sender }: RequestApplySnapshotChunk): Promise<ChunkResponse> {
    const { log } = this.#options;
    const restore = this.#restore;
    if (restore === undefined) return { result: ChunkVerdict.ABORT };
    try {
      restore.apply(index, chunk, (meta, height) => this.#checkMeta(meta, height));
    } catch (error) {
      if (error instanceof WrongChunk) {
        log.warn({ index, sender, reason: error.message }, "chunk refused, and its sender; asking others for it");
        return { result: ChunkVerdict.RETRY, refetchChunks: [index], rejectSenders: [sender] };
      }
      this.#restore = undefined;
      if (error instanceof FalseSnapshot) {
        log.warn({ index, sender, reason: error.message }, "snapshot refused: it is no state of this chain");
        return { result: ChunkVerdict.REJECT_SNAPSHOT, rejectSenders: [sender] };
      }
      if (error instanceof SnapshotOfOtherProgram || error instanceof RangeError) {
        log.error({ index, reason: error.message }, "state sync cannot go on");
        return { result: ChunkVerdict.ABORT };
      }
      throw error;
    }
    if (restore.isComplete) {
      this.#restore = undefined;
      // CometBFT writes this height down as soon as it has the answer.
      await this.#options.store.flush();
      this.#options.restored();
      log.info({ height: this.#options.store.version }, "the state is restored");
    }
    return { result: ChunkVerdict.ACCEPT };
  }

  /** The block's data are not in the app hash. Of them only the name of the chain and the height matter to later blocks. */
  #checkMeta(meta: string, height: number): void {
    let block: BlockInfo;
    try {
      block = decodeBlockInfo(meta);
    } catch (error) {
      throw new FalseSnapshot(`the data of its block cannot be read: ${String(error)}`);
    }
    if (isBeginning(meta)) throw new FalseSnapshot("a snapshot is no beginning of a chain");
    const chainId = this.#options.chainId?.();
    if (chainId !== undefined && block.chainId !== chainId)
      throw new FalseSnapshot(`it is of the chain ${block.chainId}`);
    if (block.height !== BigInt(height)) throw new FalseSnapshot(`its block is of height ${block.height}`);
    if (block.timeNanos < 0n || block.timeNanos > MAX_NANOS || block.proposerAddress.length > ADDRESS_BYTES)
      throw new FalseSnapshot("the data of its block are out of bounds");
  }
}
