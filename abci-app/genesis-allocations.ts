import type { JsonObject } from "@bufbuild/protobuf";

import { Addresses, moduleAddress } from "../core/address.js";
import { parseAmount } from "../core/math/amount.js";
import type { AppState } from "../core/runtime/genesis.js";
import { GenesisError } from "../core/runtime/genesis.js";
import { DEFAULT_CONSTANTS } from "../modules/chain/index.js";
import type { AllocationBeneficiaries } from "../modules/tokenomics/index.js";
import { ALLOCATIONS_ACCOUNT, defaultAllocations } from "../modules/tokenomics/index.js";
import { field, list } from "./genesis-state.js";

/**
 * `app_state` with the first supply laid out as modules/tokenomics describes it: records, and their coins in the account
 * `allocations`.
 *
 * @param supply base units
 * @throws GenesisError where there are allocations already, or the supply is no amount; `sdk` 7 for a beneficiary that is no address
 */
export function withAllocations(
  appState: AppState,
  { supply, beneficiaries }: { readonly supply: string; readonly beneficiaries: AllocationBeneficiaries },
): AppState {
  const amount = parseAmount(supply);
  if (amount === undefined || amount === 0n) throw new GenesisError([`the supply "${supply}" is no positive amount`]);
  if (list(appState, "tokenomics", "allocations").length > 0) {
    throw new GenesisError(["app_state.tokenomics.allocations: there are some already"]);
  }
  const prefix = field(appState, "chain", "params", "bech32_prefix");
  const denom = field(appState, "chain", "params", "base_denom");
  const addresses = new Addresses(typeof prefix === "string" ? prefix : DEFAULT_CONSTANTS.bech32Prefix);
  for (const beneficiary of Object.values(beneficiaries)) {
    if (beneficiary !== undefined) addresses.account.decode(beneficiary);
  }
  const balance = {
    address: addresses.account.encode(moduleAddress(ALLOCATIONS_ACCOUNT)),
    coins: [{ denom: typeof denom === "string" ? denom : DEFAULT_CONSTANTS.baseDenom, amount: amount.toString() }],
  };
  return {
    ...appState,
    tokenomics: {
      ...(appState["tokenomics"] as JsonObject),
      allocations: defaultAllocations(amount, beneficiaries),
    },
    bank: {
      ...(appState["bank"] as JsonObject),
      // Left empty, it is what the balances add up to.
      supply: [],
      balances: [...list(appState, "bank", "balances"), balance],
    },
  };
}
