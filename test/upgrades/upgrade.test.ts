// Tier: test. Budget: 60 s. An old and a new program change over at the height of a plan: in one process, and as real nodes.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterEach, describe, expect, it } from "@jest/globals";
import { MsgCancelUpgradeSchema, MsgSoftwareUpgradeSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";
import {
  QueryAppliedPlanRequestSchema,
  QueryAppliedPlanResponseSchema,
  QueryCurrentPlanResponseSchema,
  QueryModuleVersionsResponseSchema,
} from "@computronium/proto/cosmos/upgrade/v1beta1/query_pb.js";

import type { Wiring } from "../../abci-app/app.js";
import { wireChain } from "../../abci-app/app.js";
import { Context } from "../../core/runtime/context.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import { ReadonlyStateStore } from "../../core/store/readonly-state-store.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { appStateWith } from "../kit/app-state.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { TestSigner } from "../kit/signer.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";
import { CHANGE, CHANGE_OVER, count, notes, wireNew, wireOld } from "../kit/upgraded.js";

const PLAN_HEIGHT = 6;
const folders: string[] = [];
afterEach(async () => {
  await removeAllNodes();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "computronium-upgrade-"));
  folders.push(home);
  return home;
}

async function open(
  home: string,
  wire: () => Wiring,
  upgradeNeeded?: (plan: unknown) => void,
  skipUpgrades: readonly bigint[] = [],
): Promise<ScriptedChain> {
  const { address } = await TestSigner.named("a");
  const plan = { name: CHANGE_OVER, height: String(PLAN_HEIGHT), info: "https://example.org/new" };
  const appState = appStateWith([{ address, amount: 1_000n }], { more: { upgrade: { plan } } });
  return ScriptedChain.start({ home, appState, application: { wire, upgradeNeeded, skipUpgrades } });
}

describe("at the height of a plan", () => {
  it("the old program stops before the block, the new one migrates stores and modules, and all who do so have one app hash", async () => {
    const hashes: string[] = [];
    for (let i = 0; i < 2; i++) {
      const home = newHome();
      const seen: unknown[] = [];
      let chain = await open(home, wireOld, (plan) => seen.push(plan));
      while (chain.height < PLAN_HEIGHT - 1) await chain.block();
      await expect(chain.block()).rejects.toThrow(
        `UPGRADE "${CHANGE_OVER}" NEEDED at height: ${PLAN_HEIGHT}: https://example.org/new`,
      );
      expect(seen).toEqual([{ name: CHANGE_OVER, height: BigInt(PLAN_HEIGHT), info: "https://example.org/new" }]);
      await chain.close();

      chain = await open(home, wireNew);
      // CometBFT may have to ask twice.
      await chain.finalize();
      await chain.block();
      hashes.push((await chain.block()).appHashHex);
      await chain.close();

      const store = ReadonlyStateStore.open({ path: join(home, "application.db") });
      const after = store.at(PLAN_HEIGHT);
      expect([...notes.entries(after)]).toEqual([
        ...[1, 2, 3, 4, 5].map((height) => [`at ${height}`, "old, migrated"]),
        ["at 6", "new"],
      ]);
      expect(count.get(after)).toBe(101n);
      expect(() => after.store("oldnotes")).toThrow("no such store");
      expect(() => after.store("gone")).toThrow("no such store");
      // The past is as it was.
      expect([
        ...store
          .at(PLAN_HEIGHT - 1)
          .store("oldnotes")
          .iterate({}),
      ]).toHaveLength(5);
      await store.close();

      chain = await open(home, wireNew);
      const applied = await chain.query(
        "/cosmos.upgrade.v1beta1.Query/AppliedPlan",
        toBinary(QueryAppliedPlanRequestSchema, create(QueryAppliedPlanRequestSchema, { name: CHANGE_OVER })),
      );
      expect(fromBinary(QueryAppliedPlanResponseSchema, applied.value!).height).toBe(BigInt(PLAN_HEIGHT));
      const current = await chain.query("/cosmos.upgrade.v1beta1.Query/CurrentPlan");
      expect(fromBinary(QueryCurrentPlanResponseSchema, current.value!).plan).toBeUndefined();
      const versions = await chain.query("/cosmos.upgrade.v1beta1.Query/ModuleVersions");
      expect(fromBinary(QueryModuleVersionsResponseSchema, versions.value!).moduleVersions).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: "notes", version: 2n }),
          expect.objectContaining({ name: "fresh", version: 1n }),
        ]),
      );
      await chain.block();
      await chain.close();
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it("a plan at a height that is skipped is dropped, and the old program goes on", async () => {
    const home = newHome();
    let chain = await open(home, wireOld);
    while (chain.height < PLAN_HEIGHT - 1) await chain.block();
    await chain.close();
    chain = await open(home, wireOld, undefined, [BigInt(PLAN_HEIGHT)]);
    await chain.block();
    await chain.block();
    const current = await chain.query("/cosmos.upgrade.v1beta1.Query/CurrentPlan");
    expect(fromBinary(QueryCurrentPlanResponseSchema, current.value!).plan).toBeUndefined();
    await chain.close();
    // Afterwards the setting is not needed any more.
    chain = await open(home, wireOld);
    await chain.block();
    await chain.close();
  });

  it("a program with other stores is refused before anything changes: too early, too late, or by accident", async () => {
    const home = newHome();
    let chain = await open(home, wireOld);
    await chain.block();
    await chain.close();
    await expect(open(home, wireNew)).rejects.toThrow("the state has no store fresh");
    await expect(open(home, () => wireChain())).rejects.toThrow("the program has no store gone");
    chain = await open(home, wireOld);
    while (chain.height < PLAN_HEIGHT - 1) await chain.block();
    await chain.close();
    chain = await open(home, wireNew);
    await chain.block();
    await chain.close();
    await expect(open(home, wireOld)).rejects.toThrow("Run the version of the program that the chain has");
  });

  it("a program that has an upgrade before its time, or lacks one that has been, stops", async () => {
    const home = newHome();
    const plain = { ...CHANGE, addedStores: [], renamedStores: [], deletedStores: [], run: () => undefined };
    const same = (upgrades: (typeof CHANGE)[]) => () => wireChain({ upgrades });
    let chain = await open(home, same([plain]));
    await expect(chain.block()).rejects.toThrow("BINARY UPDATED BEFORE TRIGGER!");
    await chain.close();
    chain = await open(home, same([]));
    while (chain.height < PLAN_HEIGHT - 1) await chain.block();
    await chain.close();
    chain = await open(home, same([plain]));
    await chain.block();
    await chain.close();
    chain = await open(home, same([]));
    await expect(chain.block()).rejects.toThrow("this program does not have it");
    await chain.close();
  });
});

describe("plans", () => {
  const wiring = wireChain();
  wiring.addresses.usePrefix("cptm");
  const authority = wiring.addresses.account.encode(wiring.upgrades.authority);
  const schedule = wiring.chain.messages.get(`/${MsgSoftwareUpgradeSchema.typeName}`)!;
  const cancel = wiring.chain.messages.get(`/${MsgCancelUpgradeSchema.typeName}`)!;
  const context = (): Context => memoryContext(memoryStores(), { block: { height: 10n } });

  it("are made and cancelled by the authority alone, and not for the past", () => {
    const ctx = context();
    const plan = { name: "v2", height: 20n, info: "x" };
    const make = (change: object, by = authority) =>
      schedule.execute(ctx, create(MsgSoftwareUpgradeSchema, { authority: by, plan: { ...plan, ...change } }));
    expect(() => make({}, "cptm1other")).toThrow("expected authority account as only signer for proposal message");
    expect(() => make({ height: 9n })).toThrow("upgrade cannot be scheduled in the past");
    expect(() => make({ height: 0n })).toThrow("height must be greater than 0");
    expect(() => make({ name: "" })).toThrow("name cannot be empty");
    expect(() => make({ time: { seconds: 1n } })).toThrow("time-based upgrades have been deprecated");
    expect(wiring.upgrades.plan(ctx)).toBeUndefined();
    make({});
    make({ name: "v3" });
    expect(wiring.upgrades.plan(ctx)?.name).toBe("v3");
    expect(() => cancel.execute(ctx, create(MsgCancelUpgradeSchema, { authority: "cptm1other" }))).toThrow("expected");
    cancel.execute(ctx, create(MsgCancelUpgradeSchema, { authority }));
    expect(wiring.upgrades.plan(ctx)).toBeUndefined();
    wiring.upgrades.markDone(ctx, "v2", 5n);
    expect(() => make({})).toThrow("has already been completed");
  });

  it("survive the export and import of genesis, with those that have been carried out", () => {
    const genesis = wiring.chain.modules.find(({ name }) => name === "upgrade")!.genesis!;
    const ctx = context();
    genesis.init(ctx, genesis.defaults());
    wiring.upgrades.markDone(ctx, "v1", 5n);
    schedule.execute(ctx, create(MsgSoftwareUpgradeSchema, { authority, plan: { name: "v2", height: 20n } }));
    const exported = genesis.export(ctx);
    expect(genesis.validate(exported)).toEqual([]);
    const stores = new CacheMultiStore(memoryStores());
    const other = new Context({ block: ctx.block, mode: "genesis", gas: GasMeter.unlimited(), stores });
    genesis.init(other, exported);
    expect(genesis.export(other)).toEqual(exported);
  });
});

describe("a real node", () => {
  it("stops with what cosmovisor looks for, and the new program goes on in its place", async () => {
    const daemon = resolve(import.meta.dirname, "../kit/upgraded-daemon.js");
    const node = await TestNode.create({
      daemon,
      genesis: (genesis) => {
        genesis.app_state["upgrade"] = { plan: { name: CHANGE_OVER, height: "4", info: '{"binaries":{}}' } };
      },
    });
    node.launch();
    expect((await node.ended()).code).toBe(1);
    expect(node.output).toContain(`UPGRADE \\"${CHANGE_OVER}\\" NEEDED at height: 4: {`);
    const info: unknown = JSON.parse(readFileSync(join(node.home.data, "upgrade-info.json"), "utf8"));
    expect(info).toEqual({ name: CHANGE_OVER, height: 4, info: '{"binaries":{}}' });
    node.launch({ COMPUTRONIUM_TEST_BUILD: "new" });
    await node.waitForHeight(6);
    expect(await node.stop()).toBe(0);
  });
});
