import { createHash } from "node:crypto";

import type { Equivocation } from "@computronium/proto/cosmos/evidence/v1beta1/evidence_pb.js";
import { EquivocationSchema } from "@computronium/proto/cosmos/evidence/v1beta1/evidence_pb.js";
import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

import type { Addresses, ConsAddress } from "../../../core/address.js";
import type { ByteString } from "../../../core/bytes.js";
import { toByteString } from "../../../core/bytes.js";
import { create, toBinary } from "../../../core/codec/protobuf.js";
import { nanosOfDuration, timestampOf } from "../../../core/codec/timestamps.js";
import type { StoreReader } from "../../../core/collections/collections.js";
import type { Context, Misbehavior } from "../../../core/runtime/context.js";
import type { SlashingKeeper } from "../slashing/index.js";
import type { StakingReader } from "../types.js";
import { equivocations } from "./state.js";

export interface EvidenceDeps {
  readonly addresses: Addresses;
  readonly staking: StakingReader;
  readonly slashing: SlashingKeeper;
  /** How old evidence may be. */
  readonly consensusParams: (stores: StoreReader) => ConsensusParams | undefined;
}

/** What an evidence is known by. */
export function hashOf(equivocation: Equivocation): ByteString {
  return toByteString(createHash("sha256").update(toBinary(EquivocationSchema, equivocation)).digest());
}

/** What is wrong with it by itself; undefined when nothing is. x/evidence/types/evidence.go, ValidateBasic. */
export function equivocationProblem({ time, height, power, consensusAddress }: Equivocation): string | undefined {
  if (time === undefined || time.seconds <= 0n) return "invalid equivocation time";
  if (height < 1n) return `invalid equivocation height: ${height}`;
  if (power < 1n) return `invalid equivocation validator power: ${power}`;
  return consensusAddress === "" ? "invalid equivocation validator consensus address: " : undefined;
}

/** Punishes what CometBFT has proved. */
export class EvidenceKeeper {
  readonly deps: EvidenceDeps;

  constructor(deps: EvidenceDeps) {
    this.deps = deps;
  }

  beginBlock(ctx: Context): void {
    for (const found of ctx.block.misbehavior ?? []) if (found.type !== "unknown") this.#handle(ctx, found);
  }

  /**
   * x/evidence/keeper/infraction.go, handleEquivocationEvidence. Attacks on light clients count as double votes. What is too
   * old, of a validator that staking does not know or that is unbonded, or of a tombstoned one, changes nothing.
   */
  #handle(ctx: Context, { validator: bytes, power, height, timeNanos }: Misbehavior): void {
    const { addresses, staking, slashing } = this.deps;
    const address = toByteString(bytes) as ConsAddress;
    const validator = staking.validatorByConsAddress(ctx, address);
    if (validator === undefined || validator.status === "unbonded") return;
    if (this.#isTooOld(ctx, height, timeNanos) || slashing.isTombstoned(ctx, address)) return;
    slashing.punishDoubleSign(ctx, validator, { height, power });
    this.insert(
      ctx,
      create(EquivocationSchema, {
        height,
        power,
        time: timestampOf(timeNanos),
        consensusAddress: addresses.consensus.encode(address),
      }),
    );
  }

  #isTooOld(ctx: Context, height: bigint, timeNanos: bigint): boolean {
    const bounds = this.deps.consensusParams(ctx)?.evidence;
    if (bounds === undefined) return false;
    const isOldInTime = ctx.block.timeNanos - timeNanos > nanosOfDuration(bounds.maxAgeDuration);
    return isOldInTime && ctx.block.height - height > bounds.maxAgeNumBlocks;
  }

  /** Keeps evidence. */
  insert(ctx: Context, equivocation: Equivocation): void {
    equivocations.set(ctx, hashOf(equivocation), equivocation);
  }
}
