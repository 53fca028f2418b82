import type { AccAddress, Addresses } from "../../core/address.js";
import type { Dispatcher } from "../../core/runtime/dispatch.js";
import type { CommunityPool } from "../stake/types.js";
import { Bounties } from "./bounties.js";
import type { Bank, DepositPurse, Purse, Staking } from "./expected.js";
import { Grants } from "./grants.js";
import { GovKeeper } from "./gov/keeper.js";
import { Registry } from "./registry.js";
import { Settings } from "./settings.js";
import type { DaoState } from "./state.js";
import { daoState } from "./state.js";
import { Treasury } from "./treasury.js";

export interface DaoKeeperOptions {
  readonly addresses: Addresses;
  /** The account of governance: the one signer of what proposals carry out. */
  readonly authority: AccAddress;
  readonly bank: Bank;
  readonly staking: Staking;
  readonly dispatcher: Dispatcher;
  /** The account of governance, which holds deposits. */
  readonly depositPurse: DepositPurse;
  readonly treasuryPurse: Purse;
  /** The account that holds what grants and bounties set aside. */
  readonly escrowPurse: Purse;
  /** Takes the charge of cancelled proposals where the parameters name its account; undefined where there is none. */
  readonly communityPool: CommunityPool | undefined;
  readonly communityPoolAddress: AccAddress;
}

/** Governance and the treasury, put together. */
export class DaoKeeper {
  readonly options: DaoKeeperOptions;
  readonly state: DaoState;
  readonly settings: Settings;
  readonly gov: GovKeeper;
  readonly treasury: Treasury;
  readonly grants: Grants;
  readonly bounties: Bounties;
  readonly registry: Registry;

  constructor(options: DaoKeeperOptions) {
    const { addresses, depositPurse, treasuryPurse, escrowPurse } = options;
    this.options = options;
    this.state = daoState(addresses);
    const { state } = this;
    this.settings = new Settings(state);
    this.gov = new GovKeeper({ ...options, settings: this.settings, dao: state, purse: depositPurse });
    this.treasury = new Treasury({ ...options, state, purse: treasuryPurse, escrow: escrowPurse });
    this.grants = new Grants({ ...options, state, treasury: this.treasury });
    this.bounties = new Bounties({ ...options, state, settings: this.settings, treasury: this.treasury });
    this.registry = new Registry(state);
  }
}
