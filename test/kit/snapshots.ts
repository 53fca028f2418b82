import {
  RequestApplySnapshotChunkSchema,
  RequestListSnapshotsSchema,
  RequestLoadSnapshotChunkSchema,
  RequestOfferSnapshotSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import type { Snapshot } from "@computronium/proto/tendermint/abci/types_pb.js";

import type { AbciApplication } from "../../abci-app/abci/application.js";
import { create } from "../../core/codec/protobuf.js";
import { until } from "./rpc.js";

/** The snapshot of a height, once it is made. */
export async function awaitSnapshot(app: AbciApplication, height: bigint): Promise<Snapshot> {
  return until(`the snapshot of height ${height}`, 60_000, async () => {
    const { snapshots = [] } = await app.listSnapshots(create(RequestListSnapshotsSchema, {}));
    const found = snapshots.find((snapshot) => snapshot.height === height);
    if (found === undefined) throw new Error(`there are ${snapshots.length} others`);
    return found as Snapshot;
  });
}

export async function loadChunk(app: AbciApplication, snapshot: Snapshot, chunk: number): Promise<Uint8Array> {
  const { height, format } = snapshot;
  const answer = await app.loadSnapshotChunk(create(RequestLoadSnapshotChunkSchema, { height, format, chunk }));
  return answer.chunk ?? new Uint8Array(0);
}

export async function offer(app: AbciApplication, snapshot: Snapshot, appHash: Uint8Array) {
  const { height, format, chunks, hash, metadata } = snapshot;
  const copy = { height, format, chunks, hash, metadata };
  return (await app.offerSnapshot(create(RequestOfferSnapshotSchema, { snapshot: copy, appHash }))).result;
}

export async function applyChunk(app: AbciApplication, index: number, chunk: Uint8Array, sender = "peer") {
  return app.applySnapshotChunk(create(RequestApplySnapshotChunkSchema, { index, chunk, sender }));
}
