import type { Plan } from "@computronium/proto/cosmos/upgrade/v1beta1/upgrade_pb.js";
import { PlanSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/upgrade_pb.js";

import type { AccAddress, Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import type { StoreReader } from "../../core/collections/collections.js";
import { ErrInvalidRequest } from "../../core/errors.js";
import type { Chain } from "../../core/runtime/chain.js";
import type { Context } from "../../core/runtime/context.js";
import type { Upgrade } from "../../core/runtime/upgrades.js";
import {
  consensusVersion,
  migrateModules,
  moveStores,
  UpgradeNeeded,
  WrongProgram,
} from "../../core/runtime/upgrades.js";
import { currentPlan, donePlans, moduleVersions, protocolVersion } from "./state.js";

export interface UpgradeKeeperOptions {
  readonly addresses: Addresses;
  /** Whoever may plan upgrades. */
  readonly authority: AccAddress;
  /** Those that this program knows, with those that were before it. */
  readonly upgrades: readonly Upgrade[];
  /** The chain that is being put together. */
  readonly chain: () => Chain;
}

/** Plans of upgrades, and their execution. */
export class UpgradeKeeper {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
  readonly #upgrades: ReadonlyMap<string, Upgrade>;
  readonly #chain: () => Chain;
  #isProgramChecked = false;
  #skipped: ReadonlySet<bigint> = new Set();

  constructor({ addresses, authority, upgrades, chain }: UpgradeKeeperOptions) {
    this.addresses = addresses;
    this.authority = authority;
    this.#upgrades = new Map(upgrades.map((upgrade) => [upgrade.name, upgrade]));
    if (this.#upgrades.size !== upgrades.length) throw new Error("two upgrades have one name");
    this.#chain = chain;
  }

  /**
   * Plans of these heights are dropped instead of carried out. All validators have to do the same: it is how a network
   * goes on with the old program when the new one turned out to be broken.
   */
  skipAt(heights: readonly bigint[]): void {
    this.#skipped = new Set(heights);
  }

  plan(ctx: StoreReader): Plan | undefined {
    return currentPlan.get(ctx);
  }

  /** The height at which an upgrade was carried out; 0 if it was not. */
  doneHeight(ctx: StoreReader, name: string): bigint {
    for (const [[height, done]] of donePlans.entries(ctx)) if (done === name) return height;
    return 0n;
  }

  /** The upgrade that the block of a height begins with; undefined for none, or one that this program does not have. */
  due(ctx: StoreReader, height: bigint): Upgrade | undefined {
    const plan = this.plan(ctx);
    const isDue = plan !== undefined && plan.height <= height && !this.#skipped.has(height);
    return isDue ? this.#upgrades.get(plan.name) : undefined;
  }

  /** Plans an upgrade in place of any other. Throws registered errors for a plan that cannot be. */
  schedule(ctx: Context, plan: Plan): void {
    const problem = planProblem(plan);
    if (problem !== undefined) throw ErrInvalidRequest.with(problem);
    if (plan.height < ctx.block.height) throw ErrInvalidRequest.with("upgrade cannot be scheduled in the past");
    if (this.doneHeight(ctx, plan.name) !== 0n) {
      throw ErrInvalidRequest.with(`upgrade with name ${plan.name} has already been completed`);
    }
    currentPlan.set(ctx, create(PlanSchema, { name: plan.name, height: plan.height, info: plan.info }));
  }

  cancel(ctx: Context): void {
    currentPlan.remove(ctx);
  }

  markDone(ctx: Context, name: string, height: bigint): void {
    donePlans.set(ctx, [height, name], true);
  }

  /** Notes the versions of all modules of this program, as a new chain has them. */
  initVersions(ctx: Context): void {
    for (const module of this.#chain().modules) moduleVersions.set(ctx, module.name, consensusVersion(module));
  }

  /**
   * Begins a block: carries out the upgrade whose height has come. Throws {@link UpgradeNeeded} when that needs another
   * program, and {@link WrongProgram} when this one has an upgrade that is still to come, or lacks one that was.
   */
  beginBlock(ctx: Context): void {
    const plan = this.plan(ctx);
    const isDue = plan !== undefined && plan.height <= ctx.block.height;
    const isSkipped = isDue && this.#skipped.has(ctx.block.height);
    if (!isDue || isSkipped) this.#checkProgram(ctx, isSkipped ? undefined : plan);
    if (isSkipped) this.cancel(ctx);
    if (plan === undefined || !isDue || isSkipped) return;
    const upgrade = this.#upgrades.get(plan.name);
    if (upgrade === undefined) {
      throw new UpgradeNeeded({ name: plan.name, height: plan.height, info: plan.info });
    }
    moveStores(ctx, upgrade);
    const versions = new Map([...moduleVersions.entries(ctx)]);
    for (const [name, version] of migrateModules(this.#chain(), ctx, versions)) moduleVersions.set(ctx, name, version);
    upgrade.run?.(ctx);
    protocolVersion.set(ctx, (protocolVersion.get(ctx) ?? 0n) + 1n);
    this.cancel(ctx);
    this.markDone(ctx, plan.name, ctx.block.height);
  }

  #checkProgram(ctx: StoreReader, plan: Plan | undefined): void {
    if (plan !== undefined && this.#upgrades.has(plan.name)) {
      throw new WrongProgram(
        `BINARY UPDATED BEFORE TRIGGER! UPGRADE "${plan.name}" - in binary but not executed on chain. Downgrade your binary`,
      );
    }
    if (this.#isProgramChecked) return;
    this.#isProgramChecked = true;
    for (const [[height, name]] of donePlans.entries(ctx, { reverse: true })) {
      if (this.#upgrades.has(name)) return;
      throw new WrongProgram(
        `upgrade "${name}" was carried out at height ${height}, and this program does not have it: run a later version`,
      );
    }
  }
}

/** What is wrong with a plan by itself (types/plan.go, ValidateBasic). */
export function planProblem(plan: Plan): string | undefined {
  if (plan.time !== undefined && plan.time.seconds !== GO_ZERO_TIME)
    return "time-based upgrades have been deprecated in the SDK";
  if (plan.upgradedClientState !== undefined) return "upgrade logic for IBC has been moved to the IBC module";
  if (plan.name === "") return "name cannot be empty";
  if (plan.name.length > MAX_NAME) return `name is longer than ${MAX_NAME} characters`;
  if (plan.info.length > MAX_INFO) return `info is longer than ${MAX_INFO} characters`;
  if (plan.height <= 0n) return "height must be greater than 0";
  return undefined;
}

const MAX_NAME = 140;
const MAX_INFO = 10_000;
/** 1 January of year 1: what a Go program writes for no time. */
const GO_ZERO_TIME = -62_135_596_800n;
