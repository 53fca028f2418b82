import type { HistoricalInfo } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { HistoricalInfoSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { HistoricalEntrySchema } from "@computronium/proto/computronium/staking/v1/state_pb.js";
import { HeaderSchema } from "@computronium/proto/tendermint/types/types_pb.js";

import type { Addresses } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { timestampOf } from "../../../core/codec/timestamps.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { StakingState } from "./state.js";
import type { ValidatorRecord } from "./validator.js";
import { consAddressOf, potentialPower, validatorMessage } from "./validator.js";
import type { Validators } from "./validators.js";

/** How many old entries go in a block at most, where a vote made the history shorter. */
export const PRUNED_PER_BLOCK = 100;

/**
 * Header and validators of the last blocks, as x/staking/keeper/historical_info.go; light clients of other chains ask for
 * them. A set of validators is kept once for all blocks in a row that have the same.
 */
export class History {
  readonly #state: StakingState;
  readonly #addresses: Addresses;
  readonly #validators: Validators;

  constructor(state: StakingState, addresses: Addresses, validators: Validators) {
    this.#state = state;
    this.#addresses = addresses;
    this.#validators = validators;
  }

  get(ctx: ReadContext, height: bigint): HistoricalInfo | undefined {
    const entry = this.#state.history.get(ctx, height);
    if (entry === undefined) return undefined;
    const valset = this.#state.valsets.get(ctx, entry.valsetHeight)?.valset ?? [];
    return create(HistoricalInfoSchema, { ...(entry.header === undefined ? {} : { header: entry.header }), valset });
  }

  /** At the beginning of a block: keeps it, and forgets what is older than `entries` blocks. */
  track(ctx: Context, entries: bigint): void {
    const { history, valsets, valsetIsStale } = this.#state;
    const { height, chainId, timeNanos, proposerAddress, nextValidatorsHash, appHash } = ctx.block;
    this.#prune(ctx, height - entries);
    if (entries === 0n) return;
    const before = history.get(ctx, height - 1n)?.valsetHeight;
    const isStale = before === undefined || valsetIsStale.get(ctx) === true;
    if (isStale) {
      valsets.set(ctx, height, create(HistoricalInfoSchema, { valset: this.#valset(ctx) }));
      valsetIsStale.set(ctx, false);
    }
    const header = create(HeaderSchema, {
      chainId,
      height,
      time: timestampOf(timeNanos),
      proposerAddress,
      ...(nextValidatorsHash === undefined ? {} : { nextValidatorsHash }),
      ...(appHash === undefined ? {} : { appHash }),
    });
    const valsetHeight = isStale ? height : before;
    history.set(ctx, height, create(HistoricalEntrySchema, { header, valsetHeight }));
  }

  #prune(ctx: Context, last: bigint): void {
    const { history, valsets } = this.#state;
    if (last < 0n) return;
    const old: bigint[] = [];
    for (const height of history.keys(ctx, { end: history.key.encode(last + 1n) })) {
      old.push(height);
      if (old.length === PRUNED_PER_BLOCK) break;
    }
    for (const height of old) {
      const valsetHeight = history.get(ctx, height)?.valsetHeight;
      history.remove(ctx, height);
      // The blocks that share a set are in a row.
      if (valsetHeight !== undefined && history.get(ctx, height + 1n)?.valsetHeight !== valsetHeight) {
        valsets.remove(ctx, valsetHeight);
      }
    }
  }

  /** As types.NewHistoricalInfo: in CometBFT's order, by power and then by consensus address. */
  #valset(ctx: ReadContext) {
    const sorted = [...this.#validators.last(ctx)]
      .map(([record]) => ({ record, power: potentialPower(record), address: consAddressOf(record) }))
      .sort((a, b) => (a.power !== b.power ? (a.power > b.power ? -1 : 1) : a.address < b.address ? -1 : 1));
    return sorted.map(({ record }: { readonly record: ValidatorRecord }) => validatorMessage(this.#addresses, record));
  }
}
