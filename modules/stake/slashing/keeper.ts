import type { Params, ValidatorSigningInfo } from "@computronium/proto/cosmos/slashing/v1beta1/slashing_pb.js";
import { ValidatorSigningInfoSchema } from "@computronium/proto/cosmos/slashing/v1beta1/slashing_pb.js";

import type { AccAddress, Addresses, ConsAddress, ValAddress } from "../../../core/address.js";
import { toByteString } from "../../../core/bytes.js";
import { create } from "../../../core/codec/protobuf.js";
import { nanosOfDuration, nanosOfTimestamp, timestampOf } from "../../../core/codec/timestamps.js";
import { decMulInt, decQuo, decTruncateInt } from "../../../core/math/dec.js";
import type { CommitVote, Context, ReadContext } from "../../../core/runtime/context.js";
import { event } from "../../../core/runtime/events.js";
import type { StakingHooks, StakingPowers, StakingReader, ValidatorView } from "../types.js";
import { ErrNoDelegation, ErrNoValidatorFound } from "../staking/errors.js";
import { clearMissed, isMissed, setMissed } from "./bitmap.js";
import { ErrSelfDelegationTooLowToUnjail, ErrValidatorJailed, ErrValidatorNotJailed } from "./errors.js";
import { decParam, maxMissed } from "./params.js";
import { params, signingInfos, windows } from "./state.js";

/** CometBFT works with a set of validators one block after the block that returned it; sdk.ValidatorUpdateDelay. */
export const VALIDATOR_UPDATE_DELAY = 1n;
/** For ever: the last second of the year 9999; x/evidence/types DoubleSignJailEndTime. */
const TOMBSTONED_UNTIL_NANOS = 253_402_300_799n * 1_000_000_000n;

export interface SlashingDeps {
  readonly addresses: Addresses;
  /** May change the parameters: the account of the governance module. */
  readonly authority: AccAddress;
  readonly staking: StakingReader & StakingPowers;
}

/** State without what genesis always writes. It means that the database is damaged. */
export class MissingStateError extends Error {
  override readonly name = "MissingStateError";
}

/** Keeps watch over who signs blocks, and punishes. x/slashing. */
export class SlashingKeeper implements StakingHooks {
  readonly deps: SlashingDeps;

  constructor(deps: SlashingDeps) {
    this.deps = deps;
  }

  params(ctx: ReadContext): Params {
    const current = params.get(ctx);
    if (current === undefined) throw new MissingStateError("slashing has no parameters");
    return current;
  }

  /** Another length of the window begins it anew: the places of the old one mean nothing in it. */
  setParams(ctx: Context, next: Params): void {
    const before = params.get(ctx);
    params.set(ctx, next);
    if (before === undefined || before.signedBlocksWindow === next.signedBlocksWindow) return;
    for (const { consAddress } of this.deps.staking.bondedValidators(ctx)) this.#beginWindow(ctx, consAddress);
  }

  info(ctx: ReadContext, address: ConsAddress): ValidatorSigningInfo | undefined {
    return signingInfos.get(ctx, address);
  }

  setInfo(ctx: Context, address: ConsAddress, info: ValidatorSigningInfo): void {
    signingInfos.set(ctx, address, info);
    if (!windows.has(ctx, address)) windows.set(ctx, address, this.params(ctx).signedBlocksWindow);
  }

  /** For a chain that counts from 1 again: everybody has a window before he can be down, as after bonding. */
  forgetHeights(ctx: Context): void {
    for (const [address, info] of [...signingInfos.entries(ctx)])
      this.setInfo(ctx, address, { ...info, startHeight: 0n });
  }

  #newInfo(ctx: ReadContext, address: ConsAddress): ValidatorSigningInfo {
    return create(ValidatorSigningInfoSchema, {
      address: this.deps.addresses.consensus.encode(address),
      startHeight: ctx.block.height,
      jailedUntil: timestampOf(0n),
    });
  }

  #beginWindow(ctx: Context, address: ConsAddress): void {
    windows.set(ctx, address, this.params(ctx).signedBlocksWindow);
    const info = this.info(ctx, address);
    if (info === undefined) return;
    clearMissed(ctx, address);
    const startHeight = ctx.block.height;
    this.setInfo(ctx, address, { ...info, startHeight, indexOffset: 0n, missedBlocksCounter: 0n });
  }

  afterValidatorBonded(ctx: Context, address: ConsAddress): void {
    if ((windows.get(ctx, address) ?? 0n) !== this.params(ctx).signedBlocksWindow) this.#beginWindow(ctx, address);
    const info = this.info(ctx, address) ?? this.#newInfo(ctx, address);
    this.setInfo(ctx, address, { ...info, startHeight: ctx.block.height });
  }

  /** Counts the votes for the block before. Validators that staking does not know, those of CometBFT's genesis, are let be. */
  beginBlock(ctx: Context): void {
    const { lastCommit } = ctx.block;
    if (lastCommit === undefined || lastCommit.length === 0) return;
    const current = this.params(ctx);
    const limit = maxMissed(current);
    for (const vote of lastCommit) this.#countVote(ctx, vote, { current, limit });
  }

  /** x/slashing/keeper/infractions.go, HandleValidatorSignature. */
  #countVote(
    ctx: Context,
    { validator: bytes, power, signed }: CommitVote,
    { current, limit }: { readonly current: Params; readonly limit: bigint },
  ): void {
    const address = toByteString(bytes) as ConsAddress;
    const validator = this.deps.staking.validatorByConsAddress(ctx, address);
    if (validator === undefined || validator.jailed) return;
    const before = this.info(ctx, address) ?? this.#newInfo(ctx, address);
    const { signedBlocksWindow } = current;
    const index = before.indexOffset % signedBlocksWindow;
    const missed = !signed;
    // Where nothing is missing in all of the window there is no bit to look at.
    const wasMissed = before.missedBlocksCounter > 0n && isMissed(ctx, address, index);
    if (missed !== wasMissed) setMissed(ctx, address, index, missed);
    const change = missed === wasMissed ? 0n : missed ? 1n : -1n;
    const info = {
      ...before,
      indexOffset: before.indexOffset + 1n,
      missedBlocksCounter: before.missedBlocksCounter + change,
    };
    const { height } = ctx.block;
    if (missed) {
      ctx.events.emit(
        event(
          "liveness",
          ["address", before.address],
          ["missed_blocks", info.missedBlocksCounter.toString()],
          ["height", height.toString()],
        ),
      );
    }
    const isDown = height > info.startHeight + signedBlocksWindow && info.missedBlocksCounter > limit;
    if (isDown) this.#punishDowntime(ctx, { address, info, power, current });
    else this.setInfo(ctx, address, info);
  }

  #punishDowntime(
    ctx: Context,
    options: {
      readonly address: ConsAddress;
      readonly info: ValidatorSigningInfo;
      readonly power: bigint;
      readonly current: Params;
    },
  ): void {
    const { address, info, power, current } = options;
    const { staking } = this.deps;
    // The votes are those for the block before, and its validators those that were returned one block earlier.
    const infractionHeight = ctx.block.height - VALIDATOR_UPDATE_DELAY - 1n;
    const fraction = decParam(current.slashFractionDowntime);
    const burned = staking.slash(ctx, { validator: address, infractionHeight, power, fraction, reason: "downtime" });
    ctx.events.emit(
      event(
        "slash",
        ["address", info.address],
        ["power", power.toString()],
        ["reason", "missing_signature"],
        ["jailed", info.address],
        ["burned_coins", burned.toString()],
      ),
    );
    // Entries that bore the slash may have been the operator's own, and have jailed it.
    if (staking.validatorByConsAddress(ctx, address)?.jailed === false) staking.jail(ctx, address);
    clearMissed(ctx, address);
    this.setInfo(ctx, address, {
      ...info,
      jailedUntil: timestampOf(ctx.block.timeNanos + nanosOfDuration(current.downtimeJailDuration)),
      missedBlocksCounter: 0n,
      indexOffset: 0n,
    });
  }

  isTombstoned(ctx: ReadContext, address: ConsAddress): boolean {
    return this.info(ctx, address)?.tombstoned === true;
  }

  /** Slashes for a double vote, jails and tombstones: the key never validates again. x/evidence/keeper/infraction.go. */
  punishDoubleSign(
    ctx: Context,
    validator: ValidatorView,
    infraction: { readonly height: bigint; readonly power: bigint },
  ): void {
    const { staking } = this.deps;
    const { consAddress } = validator;
    const { power } = infraction;
    const info = this.info(ctx, consAddress) ?? this.#newInfo(ctx, consAddress);
    const burned = staking.slash(ctx, {
      validator: consAddress,
      infractionHeight: infraction.height - VALIDATOR_UPDATE_DELAY,
      power,
      fraction: decParam(this.params(ctx).slashFractionDoubleSign),
      reason: "double-sign",
    });
    ctx.events.emit(
      event(
        "slash",
        ["address", info.address],
        ["power", power.toString()],
        ["reason", "double_sign"],
        ["burned_coins", burned.toString()],
      ),
    );
    if (staking.validatorByConsAddress(ctx, consAddress)?.jailed === false) {
      staking.jail(ctx, consAddress);
      ctx.events.emit(event("slash", ["jailed", info.address]));
    }
    this.setInfo(ctx, consAddress, {
      ...info,
      jailedUntil: timestampOf(TOMBSTONED_UNTIL_NANOS),
      tombstoned: true,
    });
  }

  /** x/slashing/keeper/unjail.go. */
  unjail(ctx: Context, operator: ValAddress): void {
    const { staking } = this.deps;
    const delegator = operator as string as AccAddress;
    staking.settle(ctx, delegator, operator);
    const validator = staking.validator(ctx, operator);
    // The errors of x/staking, whose keeper refuses in the SDK before x/slashing can.
    if (validator === undefined) throw ErrNoValidatorFound.plain();
    const own = staking.delegation(ctx, delegator, operator);
    if (own === undefined) throw ErrNoDelegation.plain();
    const tokens = decTruncateInt(decQuo(decMulInt(own.shares, validator.tokens), validator.delegatorShares));
    if (tokens < validator.minSelfDelegation) {
      throw ErrSelfDelegationTooLowToUnjail.with(`${tokens} less than ${validator.minSelfDelegation}`);
    }
    if (!validator.jailed) throw ErrValidatorNotJailed.plain();
    // One that was never bonded has no signing info: its own stake was too low, and is enough again.
    const info = this.info(ctx, validator.consAddress);
    if (info !== undefined && (info.tombstoned || ctx.block.timeNanos < nanosOfTimestamp(info.jailedUntil))) {
      throw ErrValidatorJailed.plain();
    }
    staking.unjail(ctx, validator.consAddress);
  }
}
