import type { Wiring } from "../../abci-app/app.js";
import { wireChain } from "../../abci-app/app.js";
import { Schema } from "../../core/collections/schema.js";
import { stringKey } from "../../core/collections/keys.js";
import { stringValue, u64Value } from "../../core/collections/values.js";
import type { AppModule } from "../../core/runtime/module.js";
import type { Upgrade } from "../../core/runtime/upgrades.js";

/** Name of the plan that turns {@link wireOld} into {@link wireNew}. */
export const CHANGE_OVER = "change-over";

const oldNotesSchema = new Schema("oldnotes");
const oldNotes = oldNotesSchema.map(0, "notes", stringKey, stringValue);
const goneSchema = new Schema("gone");
const gone = goneSchema.item(0, "gone", stringValue);
const notesSchema = new Schema("notes");
export const notes = notesSchema.map(0, "notes", stringKey, stringValue);
const freshSchema = new Schema("fresh");
export const count = freshSchema.item(0, "count", u64Value);

/** Writes a note a block, and keeps a store that the upgrade deletes. */
const oldModule: AppModule = {
  name: "notes",
  schemas: [oldNotesSchema, goneSchema],
  endBlock(ctx) {
    oldNotes.set(ctx, `at ${ctx.block.height}`, "old");
    gone.set(ctx, `${ctx.block.height}`);
  },
};

/** The same in its second version: notes lie in another store, and their text is another one. */
const newModule: AppModule = {
  name: "notes",
  schemas: [notesSchema],
  consensusVersion: 2n,
  migrations: [
    {
      from: 1n,
      run(ctx) {
        for (const [key, value] of [...notes.entries(ctx)]) notes.set(ctx, key, `${value}, migrated`);
      },
    },
  ],
  endBlock: (ctx) => notes.set(ctx, `at ${ctx.block.height}`, "new"),
};

/** There from the upgrade on. */
const freshModule: AppModule = {
  name: "fresh",
  schemas: [freshSchema],
  endBlock: (ctx) => count.set(ctx, (count.get(ctx) ?? 0n) + 1n),
};

export const CHANGE: Upgrade = {
  name: CHANGE_OVER,
  addedStores: ["fresh"],
  renamedStores: [{ from: "oldnotes", to: "notes" }],
  deletedStores: ["gone"],
  run: (ctx) => count.set(ctx, 100n),
};

/** The chain with a module more, before the upgrade. */
export function wireOld(): Wiring {
  return wireChain({ upgrades: [], more: [oldModule] });
}

/** The chain after the upgrade. */
export function wireNew(): Wiring {
  return wireChain({ upgrades: [CHANGE], more: [newModule, freshModule] });
}
