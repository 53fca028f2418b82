import { Addresses, moduleAddress } from "../core/address.js";
import { messageSigners } from "../core/codec/signers.js";
import type { Verdicts } from "../core/crypto/verdicts.js";
import { Chain } from "../core/runtime/chain.js";
import { messageDispatcher } from "../core/runtime/dispatch.js";
import type { AppModule } from "../core/runtime/module.js";
import type { Upgrade } from "../core/runtime/upgrades.js";
import { AccountKeeper, authModule } from "../modules/auth/index.js";
import { FEE_COLLECTOR, GOVERNANCE_MODULE, governanceAddress } from "../modules/auth/types.js";
import type { ModuleAccountSpec } from "../modules/auth/types.js";
import { AuthzKeeper, authzModule } from "../modules/authz/index.js";
import { BankKeeper, bankModule } from "../modules/bank/index.js";
import { chainModule, DEFAULT_CONSTANTS, readChainConstants, readConsensusParams } from "../modules/chain/index.js";
import { DAO_ESCROW, DaoKeeper, daoModule, govModule } from "../modules/dao/index.js";
import { FeegrantKeeper, feegrantModule } from "../modules/feegrant/index.js";
import { genutilModule } from "../modules/genutil/index.js";
import { BOND_ACCOUNT, ESCROW_ACCOUNT, MarketplaceKeeper, marketplaceModule } from "../modules/marketplace/index.js";
import { ReputationKeeper, reputationModule } from "../modules/reputation/index.js";
import {
  communityPoolBalance,
  communityPoolOf,
  distributionHooks,
  distributionModule,
} from "../modules/stake/distribution/index.js";
import { EvidenceKeeper, evidenceModule } from "../modules/stake/evidence/index.js";
import { SlashingKeeper, slashingModule } from "../modules/stake/slashing/index.js";
import type { SettlementPace } from "../modules/stake/staking/index.js";
import { StakingKeeper, stakingModule } from "../modules/stake/staking/index.js";
import { BONDED_POOL, DISTRIBUTION_ACCOUNT, NOT_BONDED_POOL } from "../modules/stake/types.js";
import type { TokenomicsKeeper } from "../modules/tokenomics/index.js";
import {
  MARKET_REVENUE_ACCOUNT,
  mintModule,
  SupplyCounters,
  tokenomicsModule,
  TREASURY_ACCOUNT,
} from "../modules/tokenomics/index.js";
import { UpgradeKeeper, upgradeModule } from "../modules/upgrade/index.js";
import type { FeeCollector, GasPrice } from "./ante/index.js";
import { anteHandler, openQuestions } from "./ante/index.js";
import { ECONOMY_ACCOUNTS, wireEconomy } from "./economy.js";
import type { BlockLimits } from "./driver/block-limits.js";
import type { TxEnvironment } from "./driver/execute-tx.js";
import { UPGRADES } from "./upgrades/index.js";

/** Accounts of modules: the coins in them move only by the purses that are handed over below. */
const MODULE_ACCOUNTS: readonly ModuleAccountSpec[] = [
  { name: FEE_COLLECTOR, permissions: [] },
  { name: GOVERNANCE_MODULE, permissions: ["burner"] },
  // What the chain earns, until votes spend it.
  { name: TREASURY_ACCOUNT, permissions: [] },
  ...ECONOMY_ACCOUNTS,
  { name: DISTRIBUTION_ACCOUNT, permissions: [] },
  { name: DAO_ESCROW, permissions: [] },
  { name: BONDED_POOL, permissions: ["burner", "staking"] },
  { name: NOT_BONDED_POOL, permissions: ["burner", "staking"] },
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
  readonly feegrants: FeegrantKeeper;
  readonly upgrades: UpgradeKeeper;
  readonly dao: DaoKeeper;
  readonly staking: StakingKeeper;
  readonly tokenomics: TokenomicsKeeper;
}

export interface WiringOptions {
  readonly defaultDenom?: string;
  /** Those of this program by default; tests of upgrades have others. */
  readonly upgrades?: readonly Upgrade[];
  /** Modules behind the others, of tests. */
  readonly more?: readonly AppModule[];
  /** Of the settlement of slashes; another one than the chain's in tests. */
  readonly settlementPace?: SettlementPace;
}

/**
 * All modules, in the order of genesis and of the hooks, and what each gets of the others. The denom is that of the
 * parameters by default; a chain that runs has its own in its state.
 */
export function wireChain({
  defaultDenom = DEFAULT_CONSTANTS.feeDenom,
  upgrades: knownUpgrades = UPGRADES,
  more = [],
  settlementPace,
}: WiringOptions = {}): Wiring {
  const addresses = new Addresses();
  const authority = governanceAddress();
  const accounts = new AccountKeeper({ addresses, moduleAccounts: MODULE_ACCOUNTS });
  const counters = new SupplyCounters((ctx) => readChainConstants(ctx).baseDenom);
  const bank = new BankKeeper({ accounts, openToDeposits: [TREASURY_ACCOUNT], supplyWatcher: counters });
  const feePurse = bank.openPurse(FEE_COLLECTOR);
  const fees: FeeCollector = { collect: (ctx, from, ...fee) => feePurse.collectLater(ctx, from, ...fee) };
  const treasury = bank.openPurse(TREASURY_ACCOUNT);
  const dispatcher = messageDispatcher(addresses, () => chain);
  const staking = new StakingKeeper({
    addresses,
    authority,
    bondedPurse: bank.openStakingPurse(BONDED_POOL),
    notBondedPurse: bank.openStakingPurse(NOT_BONDED_POOL),
    consensusParams: readConsensusParams,
    pace: settlementPace,
  });
  const slashing = new SlashingKeeper({ addresses, authority, staking });
  const evidence = new EvidenceKeeper({ addresses, staking, slashing, consensusParams: readConsensusParams });
  const distribution = {
    addresses,
    authority,
    staking,
    bank,
    purse: bank.openPurse(DISTRIBUTION_ACCOUNT),
    fees: feePurse,
  };
  const communityPool = communityPoolOf(distribution);
  const { tokenomics, mint } = wireEconomy({
    addresses,
    authority,
    accounts,
    bank,
    counters,
    fees: feePurse,
    treasury,
    staking,
    dispatcher,
    community: communityPool,
    communityPoolOf: communityPoolBalance,
  });
  const reputation = new ReputationKeeper({ addresses, authority });
  const marketplace = new MarketplaceKeeper({
    addresses,
    authority,
    escrowPurse: bank.openBurningPurse(ESCROW_ACCOUNT),
    bondPurse: bank.openBurningPurse(BOND_ACCOUNT),
    treasury: accounts.moduleAccountSpec(MARKET_REVENUE_ACCOUNT).address,
    reputation,
    rewards: tokenomics.emission,
  });
  const authz = new AuthzKeeper({ addresses, accounts, bank, market: marketplace, dispatcher });
  const feegrants = new FeegrantKeeper({ addresses, accounts, bank });
  const dao = new DaoKeeper({
    ...{ addresses, authority, bank, staking, dispatcher },
    depositPurse: bank.openBurningPurse(GOVERNANCE_MODULE),
    treasuryPurse: treasury,
    escrowPurse: bank.openPurse(DAO_ESCROW),
    communityPool,
    communityPoolAddress: moduleAddress(DISTRIBUTION_ACCOUNT),
  });
  // In the order of cosmos-sdk: distribution, slashing, then what is ours.
  staking.listen([distributionHooks(distribution), slashing, dao.gov.stakingHooks, tokenomics.reflections]);
  const upgrades = new UpgradeKeeper({ addresses, authority, upgrades: knownUpgrades, chain: () => chain });
  const chain: Chain = new Chain([
    // First, since its genesis says which prefix the addresses of all others have.
    chainModule({ addresses, authority }),
    // Before all whose blocks depend on the version of their state.
    upgradeModule(upgrades),
    authModule(accounts),
    bankModule(bank),
    authzModule(authz),
    feegrantModule(feegrants),
    // Hands the stakers' fees over and mints to them, before distribution takes both.
    tokenomicsModule(tokenomics),
    mintModule(mint, defaultDenom),
    distributionModule(distribution),
    slashingModule(slashing),
    evidenceModule(evidence),
    govModule({ keeper: dao.gov, defaultDenom }),
    daoModule(dao),
    // Behind all that may change a validator: its end of the block tells CometBFT of the new set.
    stakingModule({ keeper: staking, bondDenom: defaultDenom }),
    genutilModule(),
    reputationModule({ keeper: reputation, defaultDenom }),
    marketplaceModule({ keeper: marketplace, defaultDenom }),
    ...more,
  ]);
  return { addresses, accounts, bank, chain, fees, feegrants, upgrades, dao, staking, tokenomics };
}

/** What transactions run in: the messages of the wiring behind its ante chain. */
export function txEnvironment(
  { addresses, chain, accounts, fees, feegrants }: Wiring,
  options: BlockLimits & { readonly verdicts: Verdicts; readonly minGasPrices: readonly GasPrice[] },
): TxEnvironment {
  const { verdicts } = options;
  return {
    chain,
    ante: anteHandler({ accounts, fees, feegrants, ...options }),
    openQuestions: openQuestions({ accounts, verdicts }),
    senderOf: ({ schema, value }) => messageSigners(addresses, schema, value)[0] ?? "",
  };
}
