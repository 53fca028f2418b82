import type { JsonObject } from "@bufbuild/protobuf";

import { wireChain } from "../../abci-app/app.js";
import { moduleAddress } from "../../core/address.js";
import type { ReadContext } from "../../core/runtime/context.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { defaultAppState } from "../../core/runtime/genesis.js";
import { memoryStores } from "../../core/testing/memory.js";
import { DENOM, StakeWorld } from "../kit/stake-world.js";

export const AUTHORITY = "gov";

/** Genesis parts with the default economy, some of its parameters changed. */
export function economy(changes: { readonly params?: JsonObject; readonly tokenomics?: JsonObject } = {}): AppState {
  const { tokenomics, mint } = defaultAppState(wireChain().chain) as Record<"tokenomics" | "mint", JsonObject>;
  const params = { ...(tokenomics["params"] as JsonObject), ...changes.params };
  return { tokenomics: { ...tokenomics, ...changes.tokenomics, params }, mint };
}

/** A chain in memory with validators and the economy of such parts. */
export function economyWorld(appState: AppState = economy(), validators = 2): StakeWorld {
  const stores = memoryStores();
  return new StakeWorld(() => stores, { validators, appState });
}

/** What a module account holds. */
export function held(world: StakeWorld, name: string, denom = DENOM): bigint {
  return world.wiring.bank.balance(world.context(), moduleAddress(name), denom);
}

/** Name → amount of the places where coins are; their sum is held against the supply. */
export function supplyParts(world: StakeWorld, ctx: ReadContext = world.context()): ReadonlyMap<string, bigint> {
  const { parts, supply } = world.wiring.tokenomics.supplyOverview(ctx);
  const sums = new Map(parts.map(({ name, amount }) => [name, BigInt(amount)]));
  const total = [...sums.values()].reduce((sum, amount) => sum + amount, 0n);
  if (total !== BigInt(supply)) throw new Error(`the parts come to ${total}, the supply is ${supply}`);
  return sums;
}
