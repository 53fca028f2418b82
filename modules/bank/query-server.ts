import type { Metadata } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";
import type { PageRequest } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";
import type { Query } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";

import type { AccAddress } from "../../core/address.js";
import { ErrInvalidAddress } from "../../core/errors.js";
import { coinMessage, isDenom } from "../../core/math/coins.js";
import type { ReadContext } from "../../core/runtime/context.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { invalidArgument, notFound } from "../../core/runtime/status.js";
import type { BankKeeper } from "./keeper.js";
import { balanceKey, balances, denomMetadata, denomOwnerKey, denomOwners, sendEnabled, supply } from "./state.js";

export function bankQueryServer(keeper: BankKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses } = keeper;

  function addressOf(text: string): AccAddress {
    try {
      return addresses.account.decode(text);
    } catch (error) {
      if (!ErrInvalidAddress.is(error)) throw error;
      throw invalidArgument(`invalid address: ${(error as Error).message}`);
    }
  }

  function metadataOf(ctx: ReadContext, denom: string): Metadata {
    requireDenom(denom);
    const metadata = keeper.metadata(ctx, denom);
    if (metadata === undefined) throw notFound(`client metadata for denom ${denom}`);
    return metadata;
  }

  function ownersOf(ctx: ReadContext, denom: string, pagination: PageRequest | undefined) {
    requireDenom(denom);
    const page = paginate(ctx, denomOwners.map, pagination, { prefix: denomOwnerKey.prefix(denom) });
    return {
      denomOwners: page.entries.map(([[, address]]) => ({
        address: addresses.account.encode(address),
        balance: coinMessage({ denom, amount: keeper.balance(ctx, address, denom) }),
      })),
      pagination: page.pagination,
    };
  }

  return {
    balance(ctx, { address, denom }) {
      requireDenom(denom);
      return { balance: coinMessage({ denom, amount: keeper.balance(ctx, addressOf(address), denom) }) };
    },

    allBalances(ctx, { address, pagination, resolveDenom }) {
      const page = paginate(ctx, balances, pagination, { prefix: balanceKey.prefix(addressOf(address)) });
      const nameOf = (denom: string) => (resolveDenom ? keeper.metadata(ctx, denom)?.display : undefined) ?? denom;
      return {
        balances: page.entries.map(([[, denom], amount]) => coinMessage({ denom: nameOf(denom), amount })),
        pagination: page.pagination,
      };
    },

    spendableBalances(ctx, { address, pagination }) {
      const owner = addressOf(address);
      const page = paginate(ctx, balances, pagination, { prefix: balanceKey.prefix(owner) });
      return {
        balances: page.entries.map(([[, denom]]) =>
          coinMessage({ denom, amount: keeper.spendable(ctx, owner, denom) }),
        ),
        pagination: page.pagination,
      };
    },

    spendableBalanceByDenom(ctx, { address, denom }) {
      const owner = addressOf(address);
      requireDenom(denom);
      return { balance: coinMessage({ denom, amount: keeper.spendable(ctx, owner, denom) }) };
    },

    totalSupply(ctx, { pagination }) {
      const page = paginate(ctx, supply, pagination);
      return {
        supply: page.entries.map(([denom, amount]) => coinMessage({ denom, amount })),
        pagination: page.pagination,
      };
    },

    supplyOf(ctx, { denom }) {
      requireDenom(denom);
      return { amount: coinMessage({ denom, amount: keeper.supplyOf(ctx, denom) }) };
    },

    params: (ctx) => ({ params: keeper.params(ctx) }),

    denomsMetadata(ctx, { pagination }) {
      const page = paginate(ctx, denomMetadata, pagination);
      return { metadatas: page.entries.map(([, metadata]) => metadata), pagination: page.pagination };
    },

    denomMetadata: (ctx, { denom }) => ({ metadata: metadataOf(ctx, denom) }),

    denomMetadataByQueryString: (ctx, { denom }) => ({ metadata: metadataOf(ctx, denom) }),

    denomOwners: (ctx, { denom, pagination }) => ownersOf(ctx, denom, pagination),

    denomOwnersByQuery: (ctx, { denom, pagination }) => ownersOf(ctx, denom, pagination),

    sendEnabled(ctx, { denoms, pagination }) {
      if (denoms.length > 0) {
        const entries = denoms.map((denom) => ({ denom, enabled: sendEnabled.get(ctx, denom) }));
        return {
          sendEnabled: entries.filter(
            (entry): entry is { denom: string; enabled: boolean } => entry.enabled !== undefined,
          ),
        };
      }
      const page = paginate(ctx, sendEnabled, pagination);
      return {
        sendEnabled: page.entries.map(([denom, enabled]) => ({ denom, enabled })),
        pagination: page.pagination,
      };
    },
  };
}

function requireDenom(denom: string): void {
  if (!isDenom(denom)) throw invalidArgument(`invalid denom: ${denom}`);
}
