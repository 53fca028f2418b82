import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pino } from "pino";

import { create } from "../core/codec/protobuf.js";
import {
  RequestCommitSchema,
  RequestFinalizeBlockSchema,
  RequestInitChainSchema,
} from "@computronium/proto/tendermint/abci/types_pb.js";

import { createNodeApplication } from "../abci-app/node-application.js";
import { Addresses } from "../core/address.js";
import type { AccAddress } from "../core/address.js";
import { toByteString } from "../core/bytes.js";
import { compactState } from "../core/store/copy.js";
import { PRUNING } from "../core/store/pruning.js";
import { ReadonlyStateStore } from "../core/store/readonly-state-store.js";
import { conditions, writeResult } from "./results.js";

/**
 * How large the database is: the real application with this many accounts that own one coin each, one height. As blocks
 * write it, compacted, and as a snapshot for state sync.
 *
 *   node dist/bench/database-size.js [accounts]
 */
const ACCOUNTS = Number(process.argv[2] ?? 1_000_000);

const addresses = new Addresses("cptm");
const address = (i: number): string =>
  addresses.account.encode(toByteString(createHash("sha256").update(String(i)).digest().subarray(0, 20)) as AccAddress);
const folder = mkdtempSync(join(tmpdir(), "computronium-size-"));
const path = join(folder, "application.db");

try {
  const node = await createNodeApplication({
    path,
    log: pino({ level: "silent" }),
    minGasPrices: [],
    queryWorkers: 0,
    pruning: PRUNING.everything,
  });
  const holders = Array.from({ length: ACCOUNTS }, (_, i) => address(i));
  const appState = {
    auth: {
      accounts: holders.map((holder, i) => ({
        "@type": "/cosmos.auth.v1beta1.BaseAccount",
        address: holder,
        account_number: String(i),
        sequence: "0",
      })),
    },
    bank: {
      balances: holders.map((holder) => ({ address: holder, coins: [{ denom: "ucptm", amount: "1000000000" }] })),
    },
  };
  await node.application.initChain(
    create(RequestInitChainSchema, {
      chainId: "computronium-size-1",
      initialHeight: 1n,
      time: { seconds: 1_800_000_000n },
      appStateBytes: Buffer.from(JSON.stringify(appState), "utf8"),
      consensusParams: { block: { maxBytes: 4_194_304n, maxGas: -1n } },
    }),
  );
  await node.application.finalizeBlock(
    create(RequestFinalizeBlockSchema, { height: 1n, time: { seconds: 1_800_000_001n } }),
  );
  await node.application.commit(create(RequestCommitSchema, {}));
  await node.close();

  const fileBytes = statSync(join(path, "data.mdb")).size;
  const store = ReadonlyStateStore.open({ path });
  let snapshotBytes = 0;
  let chunks = 0;
  const start = performance.now();
  store.takeSnapshot(1, (_index, chunk) => {
    snapshotBytes += chunk.length;
    chunks++;
  });
  const snapshotSeconds = (performance.now() - start) / 1000;
  await store.close();
  const { after: compactedBytes } = await compactState(path);
  const perMillion = (bytes: number): number => Math.round((bytes / ACCOUNTS) * 1e6);
  const result = {
    conditions: conditions(),
    accounts: ACCOUNTS,
    fileBytesPerMillion: perMillion(fileBytes),
    compactedBytesPerMillion: perMillion(compactedBytes),
    snapshotBytesPerMillion: perMillion(snapshotBytes),
    snapshotChunks: chunks,
    snapshotSeconds: Math.round(snapshotSeconds * 10) / 10,
  };
  console.log(result);
  writeResult("database-size", result);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
