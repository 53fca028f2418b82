import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { verifyState } from "../../core/store/copy.js";
import { PRUNING } from "../../core/store/pruning.js";
import { SnapshotFolder } from "../../core/store/snapshot/folder.js";
import { appStateWith } from "../kit/app-state.js";
import { SeededRandom } from "../kit/random.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { message, TestSigner } from "../kit/signer.js";

const SENDERS = 8;
const HOLDERS = 400;
const TXS_PER_BLOCK = 3;
/** A file may be this much larger at the end than after the first quarter, for the luck of where free pages lie. */
const MOST_GROWTH = 1.25;

/** A run of blocks over a state that does not grow: the file of a node that prunes must not grow either. */
export function diskSuite({ blocks, snapshotInterval }: { blocks: number; snapshotInterval: number }): void {
  describe(`the disk of a node that prunes, over ${blocks} blocks with snapshots`, () => {
    it("stays flat, and what is on it stays sound", async () => {
      const home = mkdtempSync(join(tmpdir(), "computronium-disk-"));
      const senders = await Promise.all(
        Array.from({ length: SENDERS }, async (_, i) => TestSigner.named(`s${i}`, { accountNumber: BigInt(i) })),
      );
      const others = await Promise.all(
        Array.from({ length: HOLDERS }, async (_, i) => (await TestSigner.named(`h${i}`)).address),
      );
      const holders = [...senders.map(({ address }) => address), ...others];
      const snapshots = join(home, "snapshots");
      const chain = await ScriptedChain.start({
        home,
        appState: appStateWith(holders.map((address) => ({ address, amount: 1_000_000_000_000n }))),
        application: {
          pruning: PRUNING.everything,
          cacheBytes: 16 << 20,
          snapshots: { path: snapshots, interval: snapshotInterval, keepRecent: 2 },
        },
      });
      const size = (): number => statSync(join(home, "application.db", "data.mdb")).size;
      const random = new SeededRandom(7);
      try {
        let afterQuarter = 0;
        for (let block = 1; block <= blocks; block++) {
          const txs: Uint8Array[] = [];
          for (let i = 0; i < TXS_PER_BLOCK; i++) {
            const sender = senders[(block + i) % SENDERS]!;
            const amount = [{ denom: "ucptm", amount: "1" }];
            const toAddress = random.pick(others);
            txs.push(await sender.sign([message(MsgSendSchema, { fromAddress: sender.address, toAddress, amount })]));
          }
          const { txResults } = await chain.block(txs);
          if (block % 500 === 1) expect(txResults.map(({ code }) => code)).toEqual([0, 0, 0]);
          // As between the blocks of a real node, the thread is idle now and then: pruning and snapshots go on.
          await new Promise((done) => setImmediate(done));
          if (block === Math.floor(blocks / 4)) afterQuarter = size();
        }
        expect(size()).toBeLessThan(afterQuarter * MOST_GROWTH);
        expect(new SnapshotFolder(snapshots).list().length).toBeGreaterThan(0);
      } finally {
        await chain.close();
      }
      const { heights } = await verifyState(join(home, "application.db"));
      expect(heights).toBeLessThan(snapshotInterval + 20);
      rmSync(home, { recursive: true, force: true });
    });
  });
}
