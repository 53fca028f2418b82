import type { Params } from "@computronium/proto/computronium/chain/v1/types_pb.js";

import type { StoreReader } from "../../core/collections/collections.js";
import { isDenom } from "../../core/math/coins.js";
import { params } from "./state.js";
import type { ChainConstants } from "./types.js";

/** State without what genesis always writes. It means that the database is damaged, or is of another chain. */
export class MissingConstantsError extends Error {
  override readonly name = "MissingConstantsError";
}

/**
 * The constants in committed state. A node reads them when it starts, from the stores of its last height: one that came
 * by state sync never saw genesis.
 */
export function readChainConstants(stores: StoreReader): ChainConstants {
  const constants = params.get(stores);
  if (constants === undefined) throw new MissingConstantsError("the state holds no constants of the chain");
  return constants;
}

/** 18 decimals are what the widest coins in the field have; more would overflow what wallets can show. */
const MAX_EXPONENT = 18;
const MAX_NAME = 64;
/** SLIP-44 numbers are below 2^31: the rest marks hardened keys. */
const MAX_COIN_TYPE = 0x7fff_ffff;

/** What is wrong with constants, each with its field; empty when nothing is. */
export function constantProblems(constants: Params): readonly string[] {
  const { bech32Prefix, baseDenom, feeDenom, displayDenom, displayExponent, coinName, chainName, coinType } = constants;
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9]{0,31}$/.test(bech32Prefix)) {
    problems.push(`bech32_prefix: "${bech32Prefix}" is none: 1 to 32 lower-case letters and digits, a letter first`);
  }
  const denoms = { base_denom: baseDenom, fee_denom: feeDenom, display_denom: displayDenom };
  for (const [field, denom] of Object.entries(denoms)) {
    if (!isDenom(denom)) problems.push(`${field}: invalid denom: ${denom}`);
  }
  if (displayExponent > MAX_EXPONENT) {
    problems.push(`display_exponent: ${displayExponent}, at most ${MAX_EXPONENT}`);
  }
  if (displayExponent === 0 && displayDenom !== baseDenom) {
    problems.push(`display_exponent: 0 makes ${displayDenom} the same as ${baseDenom}: they need one name`);
  }
  for (const [field, name] of Object.entries({ coin_name: coinName, chain_name: chainName })) {
    if (name.trim() === "" || name.length > MAX_NAME) {
      problems.push(`${field}: "${name}" is none: 1 to ${MAX_NAME} characters`);
    }
  }
  if (coinType > MAX_COIN_TYPE) problems.push(`coin_type: ${coinType}, at most ${MAX_COIN_TYPE}`);
  return problems;
}
