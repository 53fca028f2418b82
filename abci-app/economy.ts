import { MsgDelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { AccAddress, Addresses } from "../core/address.js";
import type { StoreReader } from "../core/collections/collections.js";
import { create } from "../core/codec/protobuf.js";
import { typeUrlOf } from "../core/codec/registry.js";
import { coinMessage } from "../core/math/coins.js";
import type { Dispatcher } from "../core/runtime/dispatch.js";
import type { ReadContext } from "../core/runtime/context.js";
import type { AccountKeeper } from "../modules/auth/index.js";
import type { ModuleAccountSpec } from "../modules/auth/types.js";
import type { BankKeeper, ModulePurse } from "../modules/bank/index.js";
import { readChainConstants } from "../modules/chain/index.js";
import type { CommunityPool, StakingReader } from "../modules/stake/types.js";
import type { SupplyCounters } from "../modules/tokenomics/index.js";
import {
  ALLOCATIONS_ACCOUNT,
  BUYBACK_ACCOUNT,
  DEVELOPMENT_ACCOUNT,
  MARKET_REVENUE_ACCOUNT,
  MINT_ACCOUNT,
  MintKeeper,
  readBaseFee,
  REFLECTIONS_ACCOUNT,
  REINVESTMENT_ACCOUNT,
  TOKENOMICS_ACCOUNT,
  TokenomicsKeeper,
} from "../modules/tokenomics/index.js";
import type { GasPrice } from "./ante/index.js";

/** Module accounts of the coin's economy, beside the treasury. */
export const ECONOMY_ACCOUNTS: readonly ModuleAccountSpec[] = [
  { name: MINT_ACCOUNT, permissions: ["minter", "burner"] },
  { name: TOKENOMICS_ACCOUNT, permissions: ["minter", "burner"] },
  { name: ALLOCATIONS_ACCOUNT, permissions: [] },
  { name: REFLECTIONS_ACCOUNT, permissions: [] },
  { name: BUYBACK_ACCOUNT, permissions: ["burner"] },
  { name: DEVELOPMENT_ACCOUNT, permissions: [] },
  { name: REINVESTMENT_ACCOUNT, permissions: [] },
  { name: MARKET_REVENUE_ACCOUNT, permissions: [] },
];

/** What the economy is put together of. */
export interface EconomyParts {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly counters: SupplyCounters;
  readonly fees: ModulePurse;
  readonly treasury: ModulePurse;
  readonly staking: StakingReader;
  readonly dispatcher: Dispatcher;
  readonly community: CommunityPool;
  readonly communityPoolOf: (ctx: ReadContext, denom: string) => bigint;
}

/** The economy of the coin, put together: its purses are opened here and go nowhere else. */
export function wireEconomy(parts: EconomyParts): { readonly tokenomics: TokenomicsKeeper; readonly mint: MintKeeper } {
  const { addresses, authority, accounts, bank, counters, fees, treasury, staking, dispatcher } = parts;
  const tokenomics = new TokenomicsKeeper({
    addresses,
    authority,
    denoms: readChainConstants,
    bank,
    vesting: bank,
    counters,
    staking,
    delegate(ctx, { delegator, validator, coin }) {
      const value = create(MsgDelegateSchema, {
        delegatorAddress: addresses.account.encode(delegator),
        validatorAddress: addresses.validator.encode(validator),
        amount: coinMessage(coin),
      });
      dispatcher.execute(ctx, { typeUrl: typeUrlOf(MsgDelegateSchema), schema: MsgDelegateSchema, value }, delegator);
    },
    community: parts.community,
    communityPoolOf: parts.communityPoolOf,
    moduleAccounts: accounts.moduleAccounts,
    purses: {
      feeCollector: fees,
      tokenomics: bank.openMintingPurse(TOKENOMICS_ACCOUNT),
      allocations: bank.openPurse(ALLOCATIONS_ACCOUNT),
      reflections: bank.openPurse(REFLECTIONS_ACCOUNT),
      buyback: bank.openBurningPurse(BUYBACK_ACCOUNT),
      treasury,
      development: bank.openPurse(DEVELOPMENT_ACCOUNT),
      reinvestment: bank.openPurse(REINVESTMENT_ACCOUNT),
      marketRevenue: bank.openPurse(MARKET_REVENUE_ACCOUNT),
    },
  });
  const mint = new MintKeeper({
    addresses,
    authority,
    bank,
    purse: bank.openMintingPurse(MINT_ACCOUNT),
    feeCollector: fees.address,
    staking,
    headroom: (ctx) => tokenomics.headroom(ctx),
  });
  return { tokenomics, mint };
}

/** The least price of gas in the block after a state; undefined where there is none. */
export function baseFeeOf(stores: StoreReader): GasPrice | undefined {
  const amount = readBaseFee(stores);
  return amount === undefined ? undefined : { denom: readChainConstants(stores).feeDenom, amount };
}
