import type { GenesisState } from "@computronium/proto/cosmos/distribution/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/distribution/v1beta1/genesis_pb.js";

import type { AddressCodec, ConsAddress } from "../../../core/address.js";
import type { ByteString } from "../../../core/bytes.js";
import { toByteString } from "../../../core/bytes.js";
import { create } from "../../../core/codec/protobuf.js";
import { equalCoins, formatCoins } from "../../../core/math/coins.js";
import { addDecCoins, decCoinMessages, NO_DEC_COINS, parseDecCoins } from "../../../core/math/dec-coins.js";
import { parseRawDec } from "../../../core/math/dec.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import { GenesisError } from "../../../core/runtime/genesis.js";
import type { GenesisPart } from "../../../core/runtime/module.js";
import { holdings, readBooks } from "./books.js";
import { stateProblems } from "./genesis-problems.js";
import { defaultParams } from "./params.js";
import {
  books,
  historicalRewards,
  params,
  slashEvents,
  startingInfos,
  validatorRewards,
  withdrawAddresses,
} from "./state.js";
import { requireParams } from "./stored-params.js";
import type { DistributionDeps } from "./types.js";

export function distributionGenesis(deps: DistributionDeps): GenesisPart<typeof GenesisStateSchema> {
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, { params: defaultParams(), feePool: {} }),
    validate: (state) => stateProblems(state, deps.addresses),
    init: (ctx, state) => initGenesis(ctx, deps, state),
    export: (ctx) => exportGenesis(ctx, deps),
  };
}

function initGenesis(ctx: Context, { addresses, purse }: DistributionDeps, state: GenesisState): void {
  const operator = (text: string) => addresses.validator.decode(text);
  const account = (text: string) => addresses.account.decode(text);
  params.set(ctx, state.params ?? defaultParams());
  for (const { delegatorAddress, withdrawAddress } of state.delegatorWithdrawInfos) {
    withdrawAddresses.set(ctx, account(delegatorAddress), account(withdrawAddress));
  }
  const commissions = new Map(
    state.validatorAccumulatedCommissions.map(({ validatorAddress, accumulated }) => [validatorAddress, accumulated]),
  );
  const outstandings = new Map(
    state.outstandingRewards.map(({ validatorAddress, outstandingRewards }) => [validatorAddress, outstandingRewards]),
  );
  let sum = NO_DEC_COINS;
  for (const { validatorAddress, rewards } of state.validatorCurrentRewards) {
    const outstanding = parseDecCoins(outstandings.get(validatorAddress) ?? []);
    sum = addDecCoins(sum, outstanding);
    validatorRewards.set(ctx, operator(validatorAddress), {
      period: rewards!.period,
      current: parseDecCoins(rewards!.rewards),
      commission: parseDecCoins(commissions.get(validatorAddress)?.commission ?? []),
      outstanding,
    });
  }
  for (const { validatorAddress, period, rewards } of state.validatorHistoricalRewards) {
    const ratio = parseDecCoins(rewards!.cumulativeRewardRatio);
    historicalRewards.set(ctx, [operator(validatorAddress), period], { ratio, references: rewards!.referenceCount });
  }
  for (const { validatorAddress, delegatorAddress, startingInfo } of state.delegatorStartingInfos) {
    const { previousPeriod, stake, height } = startingInfo!;
    const info = { previousPeriod, stake: parseRawDec(stake)!, height };
    startingInfos.set(ctx, [operator(validatorAddress), account(delegatorAddress)], info);
  }
  for (const { validatorAddress, height, period, validatorSlashEvent } of state.validatorSlashEvents) {
    const fraction = parseRawDec(validatorSlashEvent!.fraction)!;
    slashEvents.set(ctx, [operator(validatorAddress), [height, period]], { period, fraction });
  }
  books.set(ctx, { communityPool: parseDecCoins(state.feePool?.communityPool ?? []), outstanding: sum });

  const owed = holdings(readBooks(ctx));
  const held = purse.balances(ctx, owed.length + 1);
  if (!equalCoins(owed, held)) {
    throw new GenesisError([
      `app_state.distribution: distribution module balance does not match the module holdings: "${formatCoins(held)}" of ${addresses.account.encode(purse.address)} in app_state.bank.balances, "${formatCoins(owed)}" in the community pool and outstanding rewards`,
    ]);
  }
}

function exportGenesis(ctx: ReadContext, { addresses }: DistributionDeps): GenesisState {
  const operator = encoder(addresses.validator);
  const account = encoder(addresses.account);
  const rewards = [...validatorRewards.entries(ctx)].map(([validator, of]) => ({
    validatorAddress: operator(validator),
    ...of,
  }));
  return create(GenesisStateSchema, {
    params: requireParams(ctx),
    feePool: { communityPool: decCoinMessages(readBooks(ctx).communityPool) },
    delegatorWithdrawInfos: [...withdrawAddresses.entries(ctx)].map(([delegator, to]) => ({
      delegatorAddress: account(delegator),
      withdrawAddress: account(to),
    })),
    // Nothing depends on it since proposers get no share of their own: it is that of the block, no state.
    previousProposer:
      ctx.block.proposerAddress.length === 0
        ? ""
        : addresses.consensus.encode(toByteString(ctx.block.proposerAddress) as ConsAddress),
    outstandingRewards: rewards.map(({ validatorAddress, outstanding }) => ({
      validatorAddress,
      outstandingRewards: decCoinMessages(outstanding),
    })),
    validatorAccumulatedCommissions: rewards.map(({ validatorAddress, commission }) => ({
      validatorAddress,
      accumulated: { commission: decCoinMessages(commission) },
    })),
    validatorHistoricalRewards: [...historicalRewards.entries(ctx)].map(
      ([[validator, period], { ratio, references }]) => ({
        validatorAddress: operator(validator),
        period,
        rewards: { cumulativeRewardRatio: decCoinMessages(ratio), referenceCount: references },
      }),
    ),
    validatorCurrentRewards: rewards.map(({ validatorAddress, period, current }) => ({
      validatorAddress,
      rewards: { rewards: decCoinMessages(current), period },
    })),
    delegatorStartingInfos: [...startingInfos.entries(ctx)].map(([[validator, delegator], info]) => ({
      validatorAddress: operator(validator),
      delegatorAddress: account(delegator),
      startingInfo: { ...info, stake: info.stake.toString() },
    })),
    validatorSlashEvents: [...slashEvents.entries(ctx)].map(([[validator, [height, period]], { fraction }]) => ({
      validatorAddress: operator(validator),
      height,
      period,
      validatorSlashEvent: { validatorPeriod: period, fraction: fraction.toString() },
    })),
  });
}

function encoder<A extends ByteString>(codec: AddressCodec<A>): (address: A) => string {
  return (address) => codec.encode(address);
}
