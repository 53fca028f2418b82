import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";
import type {
  DelegationResponseSchema,
  RedelegationResponseSchema,
  UnbondingDelegation,
} from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { BondStatus } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import type { AccAddress, ValAddress } from "../../../core/address.js";
import type { Dec } from "../../../core/math/dec.js";
import { decFromRaw, decTruncateInt } from "../../../core/math/dec.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import { paginate } from "../../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument, notFound } from "../../../core/runtime/status.js";
import type { StakingKeeper } from "./keeper.js";
import { tokensFromShares } from "./shares.js";
import type { PairId, RedelegationId } from "./state.js";
import type { ValidatorRecord } from "./validator.js";
import { validatorMessage } from "./validator.js";

const STATUSES: ReadonlyMap<string, BondStatus> = new Map([
  ["BOND_STATUS_UNBONDED", BondStatus.UNBONDED],
  ["BOND_STATUS_UNBONDING", BondStatus.UNBONDING],
  ["BOND_STATUS_BONDED", BondStatus.BONDED],
]);

/** cosmos.staking.v1beta1.Query; texts of x/staking/keeper/grpc_query.go. All that it shows has borne all slashes. */
export function stakingQueryServer(keeper: StakingKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses } = keeper.deps;
  const { state, validators, delegations, unbondings, redelegations, slashes, pools, history } = keeper.parts;

  const readValidator = (text: string): ValAddress => {
    if (text === "") throw invalidArgument("validator address cannot be empty");
    return addresses.validator.decode(text);
  };
  const readDelegator = (text: string): AccAddress => {
    if (text === "") throw invalidArgument("delegator address cannot be empty");
    return addresses.account.decode(text);
  };
  const message = (record: ValidatorRecord) => validatorMessage(addresses, record);
  const worth = (ctx: ReadContext, operator: ValAddress, shares: Dec): bigint => {
    const validator = validators.get(ctx, operator);
    return validator === undefined ? 0n : decTruncateInt(tokensFromShares(validator, shares));
  };

  const delegationOf = (
    ctx: ReadContext,
    delegator: AccAddress,
    validator: ValAddress,
  ): MessageInitShape<typeof DelegationResponseSchema> | undefined => {
    const settled = slashes.asSettled(ctx, delegator, validator);
    const shares = delegations.shares(settled, delegator, validator);
    if (shares === undefined) return undefined;
    return {
      delegation: {
        delegatorAddress: addresses.account.encode(delegator),
        validatorAddress: addresses.validator.encode(validator),
        shares: shares.toString(),
      },
      balance: { denom: keeper.bondDenom(ctx), amount: worth(settled, validator, shares).toString() },
    };
  };
  const unbondingOf = (ctx: ReadContext, id: PairId): UnbondingDelegation | undefined =>
    unbondings.get(slashes.asSettled(ctx, ...id), id)?.unbonding;
  const redelegationOf = (
    ctx: ReadContext,
    id: RedelegationId,
  ): MessageInitShape<typeof RedelegationResponseSchema> | undefined => {
    const [delegator, [source, destination]] = id;
    const settled = slashes.asSettled(ctx, delegator, destination);
    if (redelegations.get(settled, id) === undefined) return undefined;
    return {
      redelegation: {
        delegatorAddress: addresses.account.encode(delegator),
        validatorSrcAddress: addresses.validator.encode(source),
        validatorDstAddress: addresses.validator.encode(destination),
      },
      entries: redelegations.entries(settled, id).map((redelegationEntry) => ({
        redelegationEntry,
        balance: worth(settled, destination, decFromRaw(BigInt(redelegationEntry.sharesDst))).toString(),
      })),
    };
  };

  return {
    validators(ctx, { status, pagination: page }) {
      if (status === "") {
        const { entries, pagination } = paginate(ctx, state.validators.map, page);
        return { validators: entries.map(([, record]) => message(record)), pagination };
      }
      const wanted = STATUSES.get(status);
      if (wanted === undefined) throw invalidArgument(`invalid validator status ${status}`);
      const { entries, pagination } = paginate(ctx, state.byStatus.refs.map, page, {
        prefix: state.byStatus.prefix(BigInt(wanted)),
      });
      return { validators: entries.map(([[, operator]]) => message(validators.require(ctx, operator))), pagination };
    },

    validator(ctx, { validatorAddr }) {
      const record = validators.get(ctx, readValidator(validatorAddr));
      if (record === undefined) throw notFound(`validator ${validatorAddr} not found`);
      return { validator: message(record) };
    },

    validatorDelegations(ctx, { validatorAddr, pagination: page }) {
      const operator = readValidator(validatorAddr);
      const { entries, pagination } = paginate(ctx, state.delegatorsOf.map, page, {
        prefix: state.ofValidator(operator),
      });
      const delegationResponses = entries.flatMap(([[, delegator]]) => delegationOf(ctx, delegator, operator) ?? []);
      return { delegationResponses, pagination };
    },

    validatorUnbondingDelegations(ctx, { validatorAddr, pagination: page }) {
      const operator = readValidator(validatorAddr);
      const { entries, pagination } = paginate(ctx, state.unbondingsFrom.map, page, {
        prefix: state.ofValidator(operator),
      });
      const unbondingResponses = entries.flatMap(([[, delegator]]) => unbondingOf(ctx, [delegator, operator]) ?? []);
      return { unbondingResponses, pagination };
    },

    delegation(ctx, { delegatorAddr, validatorAddr }) {
      const delegator = readDelegator(delegatorAddr);
      const delegationResponse = delegationOf(ctx, delegator, readValidator(validatorAddr));
      if (delegationResponse === undefined) {
        throw notFound(`delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`);
      }
      return { delegationResponse };
    },

    unbondingDelegation(ctx, { delegatorAddr, validatorAddr }) {
      const delegator = readDelegator(delegatorAddr);
      const unbond = unbondingOf(ctx, [delegator, readValidator(validatorAddr)]);
      if (unbond === undefined) {
        throw notFound(`unbonding delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`);
      }
      return { unbond };
    },

    delegatorDelegations(ctx, { delegatorAddr, pagination: page }) {
      const prefix = state.ofDelegator(readDelegator(delegatorAddr));
      const { entries, pagination } = paginate(ctx, state.delegations, page, { prefix });
      const delegationResponses = entries.flatMap(
        ([[delegator, operator]]) => delegationOf(ctx, delegator, operator) ?? [],
      );
      return { delegationResponses, pagination };
    },

    delegatorUnbondingDelegations(ctx, { delegatorAddr, pagination: page }) {
      const prefix = state.ofDelegator(readDelegator(delegatorAddr));
      const { entries, pagination } = paginate(ctx, state.unbondings, page, { prefix });
      return { unbondingResponses: entries.flatMap(([id]) => unbondingOf(ctx, id) ?? []), pagination };
    },

    redelegations(ctx, { delegatorAddr, srcValidatorAddr, dstValidatorAddr, pagination: page }) {
      if (delegatorAddr !== "" && srcValidatorAddr !== "" && dstValidatorAddr !== "") {
        const pair = [
          addresses.validator.decode(srcValidatorAddr),
          addresses.validator.decode(dstValidatorAddr),
        ] as const;
        const found = redelegationOf(ctx, [addresses.account.decode(delegatorAddr), pair]);
        if (found === undefined) {
          throw notFound(
            `redelegation not found for delegator address ${delegatorAddr} from validator address ${srcValidatorAddr}`,
          );
        }
        return { redelegationResponses: [found] };
      }
      if (delegatorAddr === "" && srcValidatorAddr !== "" && dstValidatorAddr === "") {
        const source = addresses.validator.decode(srcValidatorAddr);
        const { entries, pagination } = paginate(ctx, state.redelegationsFrom.map, page, {
          prefix: state.ofValidator(source),
        });
        const redelegationResponses = entries.flatMap(
          ([[, [delegator, destination]]]) => redelegationOf(ctx, [delegator, [source, destination]]) ?? [],
        );
        return { redelegationResponses, pagination };
      }
      const prefix = state.ofDelegator(addresses.account.decode(delegatorAddr));
      const { entries, pagination } = paginate(ctx, state.redelegations, page, { prefix });
      return { redelegationResponses: entries.flatMap(([id]) => redelegationOf(ctx, id) ?? []), pagination };
    },

    delegatorValidators(ctx, { delegatorAddr, pagination: page }) {
      const prefix = state.ofDelegator(readDelegator(delegatorAddr));
      const { entries, pagination } = paginate(ctx, state.delegations, page, { prefix });
      return { validators: entries.map(([[, operator]]) => message(validators.require(ctx, operator))), pagination };
    },

    delegatorValidator(ctx, { delegatorAddr, validatorAddr }) {
      const delegator = readDelegator(delegatorAddr);
      const operator = readValidator(validatorAddr);
      if (keeper.delegation(ctx, delegator, operator) === undefined) {
        throw notFound(`delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`);
      }
      return { validator: message(validators.require(ctx, operator)) };
    },

    historicalInfo(ctx, { height }) {
      if (height < 0n) throw invalidArgument("height cannot be negative");
      const hist = history.get(ctx, height);
      if (hist === undefined) throw notFound(`historical info for height ${height} not found`);
      return { hist };
    },

    pool: (ctx) => ({
      pool: {
        bondedTokens: pools.balance(ctx, true).toString(),
        notBondedTokens: pools.balance(ctx, false).toString(),
      },
    }),

    params: (ctx) => ({ params: keeper.params(ctx) }),
  };
}
