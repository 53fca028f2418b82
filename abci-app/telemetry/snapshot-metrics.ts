import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  RequestOfferSnapshot,
  ResponseApplySnapshotChunkSchema,
  ResponseLoadSnapshotChunkSchema,
  ResponseOfferSnapshotSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import {
  ResponseApplySnapshotChunk_Result,
  ResponseOfferSnapshot_Result,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Registry } from "prom-client";
import { Counter, Gauge } from "prom-client";

import type { SnapshotMaker } from "../snapshots/maker.js";

/** Snapshots that this node makes, looked at when somebody asks. */
export function observeSnapshots(maker: SnapshotMaker, registry: Registry): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `computronium_snapshot_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const { progress } = maker;
  gauge("height", "Height of the newest snapshot that is kept; 0 for none", () => maker.newest ?? 0);
  gauge("seconds", "Time that the last snapshot took", () => progress.seconds);
  gauge("bytes", "Size of the last snapshot that was made", () => progress.bytes);
  gauge("current_height", "Height of the snapshot that is being made; 0 for none", () => progress.current?.height ?? 0);
  gauge("current_bytes", "What is written of it", () => progress.current?.bytes ?? 0);
  new Counter({
    name: "computronium_snapshots_total",
    help: "Snapshots by what became of them: made, failed, left out since another one was still being made",
    labelNames: ["result"],
    registers,
    collect() {
      this.reset();
      this.inc({ result: "made" }, progress.made);
      this.inc({ result: "failed" }, progress.failed);
      this.inc({ result: "left_out" }, progress.leftOut);
    },
  });
}

/** State sync: chunks that this node gave to others, and those of the snapshot that it restores. */
export class StateSyncMetrics {
  readonly #served: Counter;
  readonly #chunks: Gauge;
  readonly #applied: Counter<"result">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#served = new Counter({
      name: "computronium_snapshot_chunks_served_total",
      help: "Chunks of snapshots given to other nodes",
      registers,
    });
    this.#chunks = new Gauge({
      name: "computronium_restore_chunks",
      help: "Chunks of the snapshot that is or was restored; 0 for none",
      registers,
    });
    this.#applied = new Counter({
      name: "computronium_restore_chunks_total",
      help: "Chunks that were taken of it, and those that were refused",
      labelNames: ["result"],
      registers,
    });
  }

  loaded({ chunk }: MessageInitShape<typeof ResponseLoadSnapshotChunkSchema>): void {
    if (chunk !== undefined && chunk.length > 0) this.#served.inc();
  }

  offered({ snapshot }: RequestOfferSnapshot, answer: MessageInitShape<typeof ResponseOfferSnapshotSchema>): void {
    if (answer.result === ResponseOfferSnapshot_Result.ACCEPT) this.#chunks.set(snapshot?.chunks ?? 0);
  }

  applied({ result }: MessageInitShape<typeof ResponseApplySnapshotChunkSchema>): void {
    this.#applied.inc({ result: result === ResponseApplySnapshotChunk_Result.ACCEPT ? "taken" : "refused" });
  }
}
