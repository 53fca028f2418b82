import type { GenesisState } from "@computronium/proto/cosmos/distribution/v1beta1/genesis_pb.js";

import type { AddressCodec, Addresses } from "../../../core/address.js";
import type { ByteString } from "../../../core/bytes.js";
import type { DecCoinMessage } from "../../../core/math/dec-coins.js";
import { decCoinsProblem } from "../../../core/math/dec-coins.js";
import { DEC_ONE, parseRawDec } from "../../../core/math/dec.js";
import { paramsProblem } from "./params.js";

/** What is wrong with a genesis by itself, each with its place. */
export function stateProblems(state: GenesisState, addresses: Addresses): readonly string[] {
  return [...new Check(state, addresses).problems()];
}

class Check {
  readonly #state: GenesisState;
  readonly #addresses: Addresses;
  readonly #seen = new Set<string>();

  constructor(state: GenesisState, addresses: Addresses) {
    this.#state = state;
    this.#addresses = addresses;
  }

  *problems(): Generator<string> {
    const { params, feePool, delegatorWithdrawInfos, previousProposer } = this.#state;
    const problem = params === undefined ? undefined : paramsProblem(params);
    if (problem !== undefined) yield `params: ${problem}`;
    yield* this.#coins("fee_pool.community_pool", feePool?.communityPool ?? []);
    if (previousProposer !== "") yield* address("previous_proposer", this.#addresses.consensus, previousProposer);
    for (const [i, { delegatorAddress, withdrawAddress }] of delegatorWithdrawInfos.entries()) {
      const at = `delegator_withdraw_infos[${i}]`;
      yield* address(`${at}.delegator_address`, this.#addresses.account, delegatorAddress);
      yield* address(`${at}.withdraw_address`, this.#addresses.account, withdrawAddress);
      yield* this.#once(`${at}.delegator_address`, "withdraw info", delegatorAddress);
    }
    yield* this.#validators();
    yield* this.#periods();
    yield* this.#references();
  }

  *#validators(): Generator<string> {
    const { outstandingRewards, validatorAccumulatedCommissions, validatorCurrentRewards } = this.#state;
    for (const [i, { validatorAddress, rewards }] of validatorCurrentRewards.entries()) {
      const at = `validator_current_rewards[${i}]`;
      yield* this.#validator(at, "current rewards", validatorAddress);
      yield* this.#coins(`${at}.rewards.rewards`, rewards?.rewards ?? []);
      if ((rewards?.period ?? 0n) < 1n) yield `${at}.rewards.period: the first period is 1`;
    }
    const known = new Set(validatorCurrentRewards.map(({ validatorAddress }) => validatorAddress));
    for (const [i, { validatorAddress, outstandingRewards: coins }] of outstandingRewards.entries()) {
      const at = `outstanding_rewards[${i}]`;
      yield* this.#validator(at, "outstanding rewards", validatorAddress, known);
      yield* this.#coins(`${at}.outstanding_rewards`, coins);
    }
    for (const [i, { validatorAddress, accumulated }] of validatorAccumulatedCommissions.entries()) {
      const at = `validator_accumulated_commissions[${i}]`;
      yield* this.#validator(at, "commission", validatorAddress, known);
      yield* this.#coins(`${at}.accumulated.commission`, accumulated?.commission ?? []);
    }
  }

  *#periods(): Generator<string> {
    const { validatorHistoricalRewards, delegatorStartingInfos, validatorSlashEvents } = this.#state;
    for (const [i, { validatorAddress, period, rewards }] of validatorHistoricalRewards.entries()) {
      const at = `validator_historical_rewards[${i}]`;
      yield* this.#validator(at, `period ${period}`, validatorAddress);
      yield* this.#coins(`${at}.rewards.cumulative_reward_ratio`, rewards?.cumulativeRewardRatio ?? []);
      const references = rewards?.referenceCount ?? 0;
      if (references < 1 || references > 2) yield `${at}.rewards.reference_count: 1 or 2, not ${references}`;
    }
    for (const [i, { validatorAddress, delegatorAddress, startingInfo }] of delegatorStartingInfos.entries()) {
      const at = `delegator_starting_infos[${i}]`;
      yield* address(`${at}.delegator_address`, this.#addresses.account, delegatorAddress);
      yield* this.#validator(at, `starting info of ${delegatorAddress}`, validatorAddress);
      const stake = parseRawDec(startingInfo?.stake ?? "");
      if (stake === undefined || stake < 0n) yield `${at}.starting_info.stake: a decimal of at least 0 is needed`;
      yield* this.#end(`${at}.starting_info.previous_period`, validatorAddress, startingInfo?.previousPeriod ?? 0n);
    }
    for (const [i, { validatorAddress, height, period, validatorSlashEvent }] of validatorSlashEvents.entries()) {
      const at = `validator_slash_events[${i}]`;
      yield* this.#validator(at, `slash at ${height} in ${period}`, validatorAddress);
      const fraction = parseRawDec(validatorSlashEvent?.fraction ?? "");
      if (fraction === undefined || fraction < 0n || fraction > DEC_ONE) {
        yield `${at}.validator_slash_event.fraction: a decimal from 0 to 1 is needed`;
      }
      if (validatorSlashEvent?.validatorPeriod !== period)
        yield `${at}.validator_slash_event.validator_period: not ${period}`;
      yield* this.#end(`${at}.period`, validatorAddress, period);
    }
    for (const [i, { validatorAddress, rewards }] of this.#state.validatorCurrentRewards.entries()) {
      const last = (rewards?.period ?? 0n) - 1n;
      if (last >= 0n) yield* this.#end(`validator_current_rewards[${i}].rewards.period`, validatorAddress, last);
    }
  }

  *#references(): Generator<string> {
    const { validatorCurrentRewards, delegatorStartingInfos, validatorSlashEvents } = this.#state;
    const needed = validatorCurrentRewards.length + delegatorStartingInfos.length + validatorSlashEvents.length;
    const { validatorHistoricalRewards } = this.#state;
    const counted = validatorHistoricalRewards.reduce((sum, { rewards }) => sum + (rewards?.referenceCount ?? 0), 0);
    if (counted === needed) return;
    yield `validator_historical_rewards: reference counts are ${counted} together; validators, starting infos and slashes are ${needed}`;
  }

  *#coins(at: string, coins: readonly DecCoinMessage[]): Generator<string> {
    const wrong = decCoinsProblem(coins);
    if (wrong !== undefined) yield `${at}${wrong.path}: ${wrong.problem}`;
  }

  *#validator(at: string, what: string, text: string, known?: ReadonlySet<string>): Generator<string> {
    yield* address(`${at}.validator_address`, this.#addresses.validator, text);
    yield* this.#once(`${at}.validator_address`, what, text);
    if (known?.has(text) === false) yield `${at}.validator_address: ${text} has no validator_current_rewards`;
  }

  *#once(at: string, what: string, of: string): Generator<string> {
    const id = `${what} of ${of}`;
    if (this.#seen.has(id)) yield `${at}: a second ${id}`;
    this.#seen.add(id);
  }

  /** The end of a period that somebody needs. */
  *#end(at: string, validator: string, period: bigint): Generator<string> {
    if (!this.#seen.has(`period ${period} of ${validator}`)) {
      yield `${at}: validator_historical_rewards has no period ${period} of ${validator}`;
    }
  }
}

function* address<A extends ByteString>(at: string, codec: AddressCodec<A>, text: string): Generator<string> {
  try {
    codec.decode(text);
  } catch (error) {
    yield `${at}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
