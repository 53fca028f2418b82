import type { GenesisState } from "@computronium/proto/computronium/tokenomics/v1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/computronium/tokenomics/v1/genesis_pb.js";
import type { BuybackState, ReflectionState } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { BuybackStateSchema, ReflectionStateSchema } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { DEC_ZERO, formatDec } from "../../core/math/dec.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { GenesisError } from "../../core/runtime/genesis.js";
import type { TokenomicsKeeper } from "./keeper.js";
import { amountInState, decInState, defaultParams } from "./params.js";
import {
  allocated,
  allocations,
  baseFee,
  bids,
  clearings,
  delegationReflections,
  epochs,
  nextAuction,
  nextAuctionTime,
  nextEpoch,
  nextLot,
  openAuction,
  owedReflections,
  reflectionCarried,
  reflectionIndex,
  validatorReflections,
  work,
} from "./state.js";
import { supplySums } from "./supply.js";

export function defaultGenesis(): GenesisState {
  return create(GenesisStateSchema, { params: defaultParams() });
}

/** Writes the state, behind that of the bank. Throws GenesisError where coins and records do not agree. */
export function initGenesis(ctx: Context, keeper: TokenomicsKeeper, genesis: GenesisState): void {
  keeper.setParams(ctx, genesis.params ?? defaultParams());
  if (genesis.baseFee !== undefined && genesis.params?.baseFee?.enabled === true) baseFee.set(ctx, genesis.baseFee);
  initSupply(ctx, keeper, genesis);
  initAllocations(ctx, keeper, genesis);
  initReflections(ctx, keeper, genesis.reflections);
  for (const epoch of genesis.epochs) epochs.set(ctx, epoch.epoch, epoch);
  for (const { epoch, provider, burned } of genesis.work) {
    work.set(ctx, [epoch, keeper.deps.addresses.account.decode(provider)], amountInState(burned));
  }
  if (genesis.nextEpoch > 1n) nextEpoch.set(ctx, genesis.nextEpoch);
  initBuyback(ctx, keeper, genesis.buyback);
}

function initSupply(ctx: Context, keeper: TokenomicsKeeper, { supply: counters }: GenesisState): void {
  const { bank, denoms } = keeper.deps;
  const { baseDenom } = denoms(ctx);
  const supply = bank.supplyOf(ctx, baseDenom);
  if (counters !== undefined && supplySums(counters).supply !== supply) {
    throw new GenesisError([
      `app_state.tokenomics.supply: initial + minted - burned is ${supplySums(counters).supply}, the bank has ${supply}${baseDenom}`,
    ]);
  }
  keeper.deps.counters.init(ctx, supply, counters);
}

function initAllocations(ctx: Context, keeper: TokenomicsKeeper, genesis: GenesisState): void {
  const { purses, denoms } = keeper.deps;
  let unpaid = 0n;
  for (const allocation of genesis.allocations) {
    const { schedule, name, total, paid } = allocation;
    if (schedule === undefined) throw new GenesisError([`app_state.tokenomics.allocations: ${name} has no schedule`]);
    if (schedule.startTime === 0n) schedule.startTime = ctx.timeSeconds;
    allocations.set(ctx, name, allocation);
    unpaid += amountInState(total) - amountInState(paid);
  }
  if (unpaid > 0n) allocated.set(ctx, unpaid);
  const held = purses.allocations.balance(ctx, denoms(ctx).baseDenom);
  if (held === unpaid) return;
  throw new GenesisError([
    `app_state.tokenomics.allocations: they have ${unpaid} to pay out, the account ${keeper.deps.addresses.account.encode(purses.allocations.address)} has a balance of ${held}${denoms(ctx).baseDenom}`,
  ]);
}

function initReflections(ctx: Context, keeper: TokenomicsKeeper, state: ReflectionState | undefined): void {
  if (state === undefined) return;
  const { account, validator: operator } = keeper.deps.addresses;
  const [index, carried] = [decInState(state.index), decInState(state.carried)];
  if (index > 0n) reflectionIndex.set(ctx, index);
  // Where nothing was reflected yet nothing is there; what is carried may have come to nothing.
  if (carried > 0n || index > 0n) reflectionCarried.set(ctx, carried);
  for (const { validator, perShare, index, bonded } of state.validators) {
    const value = { perShare: decInState(perShare), index: decInState(index), bonded };
    validatorReflections.set(ctx, operator.decode(validator), value);
  }
  for (const { delegator, validator, perShare } of state.delegations) {
    delegationReflections.set(ctx, [account.decode(delegator), operator.decode(validator)], decInState(perShare));
  }
  for (const { delegator, amount } of state.owed) {
    owedReflections.set(ctx, account.decode(delegator), decInState(amount));
  }
}

function initBuyback(ctx: Context, keeper: TokenomicsKeeper, state: BuybackState | undefined): void {
  if (state === undefined) return;
  if (state.nextAuctionId > 1n) nextAuction.set(ctx, state.nextAuctionId);
  if (state.nextTime > 0n) nextAuctionTime.set(ctx, state.nextTime);
  if (state.nextLot > 0) nextLot.set(ctx, BigInt(state.nextLot));
  if (state.open !== undefined) openAuction.set(ctx, state.open);
  for (const bid of state.bids) bids.set(ctx, keeper.deps.addresses.account.decode(bid.bidder), bid);
  for (const clearing of state.clearings) clearings.set(ctx, [clearing.denom, clearing.auctionId], clearing);
}

export function exportGenesis(ctx: ReadContext, keeper: TokenomicsKeeper): GenesisState {
  const { account } = keeper.deps.addresses;
  const fee = baseFee.get(ctx);
  return create(GenesisStateSchema, {
    params: keeper.params(ctx),
    ...(fee === undefined ? {} : { baseFee: fee }),
    supply: keeper.deps.counters.read(ctx),
    allocations: [...allocations.entries(ctx)].map(([, allocation]) => allocation),
    reflections: exportReflections(ctx, keeper),
    epochs: [...epochs.entries(ctx)].map(([, epoch]) => epoch),
    work: [...work.entries(ctx)].map(([[epoch, provider], burned]) => ({
      epoch,
      provider: account.encode(provider),
      burned: burned.toString(),
    })),
    buyback: exportBuyback(ctx),
    nextEpoch: nextEpoch.peek(ctx),
  });
}

function exportReflections(ctx: ReadContext, keeper: TokenomicsKeeper): ReflectionState {
  const { account, validator: operator } = keeper.deps.addresses;
  return create(ReflectionStateSchema, {
    index: formatDec(reflectionIndex.get(ctx) ?? DEC_ZERO),
    carried: formatDec(reflectionCarried.get(ctx) ?? DEC_ZERO),
    validators: [...validatorReflections.entries(ctx)].map(([validator, { perShare, index, bonded }]) => ({
      validator: operator.encode(validator),
      perShare: formatDec(perShare),
      index: formatDec(index),
      bonded,
    })),
    delegations: [...delegationReflections.entries(ctx)].map(([[delegator, validator], perShare]) => ({
      delegator: account.encode(delegator),
      validator: operator.encode(validator),
      perShare: formatDec(perShare),
    })),
    owed: [...owedReflections.entries(ctx)].map(([delegator, amount]) => ({
      delegator: account.encode(delegator),
      amount: formatDec(amount),
    })),
  });
}

export function exportBuyback(ctx: ReadContext): BuybackState {
  const open = openAuction.get(ctx);
  return create(BuybackStateSchema, {
    nextAuctionId: nextAuction.peek(ctx),
    nextTime: nextAuctionTime.get(ctx) ?? 0n,
    nextLot: Number(nextLot.get(ctx) ?? 0n),
    ...(open === undefined ? {} : { open }),
    bids: [...bids.entries(ctx)].map(([, bid]) => bid),
    clearings: [...clearings.entries(ctx)].map(([, clearing]) => clearing),
  });
}
