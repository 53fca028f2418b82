import { MsgDelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { Addresses } from "../core/address.js";
import type { StoreReader } from "../core/collections/collections.js";
import { create } from "../core/codec/protobuf.js";
import { typeUrlOf } from "../core/codec/registry.js";
import { messageSigners } from "../core/codec/signers.js";
import type { Verdicts } from "../core/crypto/verdicts.js";
import { coinMessage } from "../core/math/coins.js";
import { Chain } from "../core/runtime/chain.js";
import { messageDispatcher } from "../core/runtime/dispatch.js";
import type { AppModule } from "../core/runtime/module.js";
import type { Upgrade } from "../core/runtime/upgrades.js";
import { AccountKeeper, authModule } from "../modules/auth/index.js";
import { FEE_COLLECTOR, GOVERNANCE_MODULE, governanceAddress } from "../modules/auth/types.js";
import type { ModuleAccountSpec } from "../modules/auth/types.js";
import { BankKeeper, bankModule } from "../modules/bank/index.js";
import { chainModule, DEFAULT_CONSTANTS, readChainConstants } from "../modules/chain/index.js";
import { BOND_ACCOUNT, ESCROW_ACCOUNT, MarketplaceKeeper, marketplaceModule } from "../modules/marketplace/index.js";
import { ReputationKeeper, reputationModule } from "../modules/reputation/index.js";
import { communityPoolBalance, communityPoolOf, distributionModule } from "../modules/stake/distribution/index.js";
import { DISTRIBUTION_ACCOUNT } from "../modules/stake/types.js";
import {
  ALLOCATIONS_ACCOUNT,
  BUYBACK_ACCOUNT,
  DEVELOPMENT_ACCOUNT,
  MARKET_REVENUE_ACCOUNT,
  MINT_ACCOUNT,
  MintKeeper,
  mintModule,
  readBaseFee,
  REFLECTIONS_ACCOUNT,
  REINVESTMENT_ACCOUNT,
  SupplyCounters,
  TOKENOMICS_ACCOUNT,
  TokenomicsKeeper,
  tokenomicsModule,
  TREASURY_ACCOUNT,
} from "../modules/tokenomics/index.js";
import { UpgradeKeeper, upgradeModule } from "../modules/upgrade/index.js";
import type { FeeCollector, GasPrice } from "./ante/index.js";
import { anteHandler, openQuestions } from "./ante/index.js";
import type { TxEnvironment } from "./driver/execute-tx.js";
import { noStake } from "./no-stake.js";
import { UPGRADES } from "./upgrades/index.js";

/** Accounts of modules: the coins in them move only by the purses that are handed over below. */
const MODULE_ACCOUNTS: readonly ModuleAccountSpec[] = [
  { name: FEE_COLLECTOR, permissions: [] },
  { name: GOVERNANCE_MODULE, permissions: ["burner"] },
  { name: DISTRIBUTION_ACCOUNT, permissions: [] },
  { name: MINT_ACCOUNT, permissions: ["minter", "burner"] },
  { name: TOKENOMICS_ACCOUNT, permissions: ["minter", "burner"] },
  { name: ALLOCATIONS_ACCOUNT, permissions: [] },
  { name: REFLECTIONS_ACCOUNT, permissions: [] },
  { name: BUYBACK_ACCOUNT, permissions: ["burner"] },
  // What the chain earns, until votes spend it.
  { name: TREASURY_ACCOUNT, permissions: [] },
  { name: DEVELOPMENT_ACCOUNT, permissions: [] },
  { name: REINVESTMENT_ACCOUNT, permissions: [] },
  { name: MARKET_REVENUE_ACCOUNT, permissions: [] },
  { name: ESCROW_ACCOUNT, permissions: ["burner"] },
  { name: BOND_ACCOUNT, permissions: ["burner"] },
];

/** The chain, put together. */
export interface Wiring {
  readonly addresses: Addresses;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly chain: Chain;
  readonly fees: FeeCollector;
  readonly upgrades: UpgradeKeeper;
  readonly tokenomics: TokenomicsKeeper;
  /** The least price of gas in the block after a state; undefined where there is none. */
  readonly baseFee: (stores: StoreReader) => GasPrice | undefined;
}

export interface WiringOptions {
  readonly defaultDenom?: string;
  /** Those of this program by default; tests of upgrades have others. */
  readonly upgrades?: readonly Upgrade[];
  /** Modules behind the others, of tests. */
  readonly more?: readonly AppModule[];
}

/**
 * All modules, in the order of genesis and of the hooks, and what each gets of the others. The denom is that of the
 * parameters by default; a chain that runs has its own in its state.
 */
export function wireChain({
  defaultDenom = DEFAULT_CONSTANTS.feeDenom,
  upgrades: knownUpgrades = UPGRADES,
  more = [],
}: WiringOptions = {}): Wiring {
  const addresses = new Addresses();
  const authority = governanceAddress();
  const accounts = new AccountKeeper({ addresses, moduleAccounts: MODULE_ACCOUNTS });
  const counters = new SupplyCounters((ctx) => readChainConstants(ctx).baseDenom);
  const bank = new BankKeeper({ accounts, openToDeposits: [TREASURY_ACCOUNT], supplyWatcher: counters });
  const fees = bank.openPurse(FEE_COLLECTOR);
  const treasury = bank.openPurse(TREASURY_ACCOUNT);
  const staking = noStake(defaultDenom);
  const distribution = {
    addresses,
    authority,
    staking,
    bank,
    purse: bank.openPurse(DISTRIBUTION_ACCOUNT),
    fees,
  };
  const dispatcher = messageDispatcher(addresses, () => chain);
  const marketRevenue = bank.openPurse(MARKET_REVENUE_ACCOUNT);
  const tokenomics = new TokenomicsKeeper({
    addresses,
    authority,
    denoms: readChainConstants,
    bank,
    vesting: bank,
    counters,
    staking: () => staking,
    delegate(ctx, { delegator, validator, coin }) {
      const value = create(MsgDelegateSchema, {
        delegatorAddress: addresses.account.encode(delegator),
        validatorAddress: addresses.validator.encode(validator),
        amount: coinMessage(coin),
      });
      dispatcher.execute(ctx, { typeUrl: typeUrlOf(MsgDelegateSchema), schema: MsgDelegateSchema, value }, delegator);
    },
    community: communityPoolOf(distribution),
    communityPoolOf: communityPoolBalance,
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
      marketRevenue,
    },
  });
  const mint = new MintKeeper({
    addresses,
    authority,
    bank,
    purse: bank.openMintingPurse(MINT_ACCOUNT),
    feeCollector: fees.address,
    staking: () => staking,
    headroom: (ctx) => tokenomics.headroom(ctx),
  });
  const reputation = new ReputationKeeper({ addresses, authority });
  const marketplace = new MarketplaceKeeper({
    addresses,
    authority,
    escrowPurse: bank.openBurningPurse(ESCROW_ACCOUNT),
    bondPurse: bank.openBurningPurse(BOND_ACCOUNT),
    treasury: marketRevenue.address,
    reputation,
    rewards: tokenomics.emission,
  });
  const upgrades = new UpgradeKeeper({ addresses, authority, upgrades: knownUpgrades, chain: () => chain });
  const chain: Chain = new Chain([
    // First, since its genesis says which prefix the addresses of all others have.
    chainModule({ addresses, authority }),
    // Before all whose blocks depend on the version of their state.
    upgradeModule(upgrades),
    authModule(accounts),
    bankModule(bank),
    // Splits the fees of the block before; then the block's new coins come to what distribution hands out.
    tokenomicsModule(tokenomics),
    mintModule(mint, defaultDenom),
    distributionModule(distribution),
    reputationModule({ keeper: reputation, defaultDenom }),
    marketplaceModule({ keeper: marketplace, defaultDenom }),
    ...more,
  ]);
  const baseFee = (stores: StoreReader): GasPrice | undefined => {
    const amount = readBaseFee(stores);
    return amount === undefined ? undefined : { denom: readChainConstants(stores).feeDenom, amount };
  };
  return { addresses, accounts, bank, chain, fees, upgrades, tokenomics, baseFee };
}

/** What transactions run in: the messages of the wiring behind its ante chain. */
export function txEnvironment(
  { chain, accounts, fees }: Wiring,
  options: {
    readonly verdicts: Verdicts;
    readonly minGasPrices: readonly GasPrice[];
    readonly maxBlockGas: () => bigint | undefined;
    readonly baseFee: () => GasPrice | undefined;
  },
): TxEnvironment {
  const { verdicts } = options;
  return {
    chain,
    ante: anteHandler({ accounts, fees, ...options }),
    openQuestions: (ctx, tx) => openQuestions(ctx, tx, { accounts, verdicts }),
    senderOf: ({ schema, value }) => messageSigners(schema, value)[0] ?? "",
  };
}
