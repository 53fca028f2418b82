import type { Query } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";

import type { AccAddress } from "../../core/address.js";
import { MAX_ADDRESS_BYTES } from "../../core/address.js";
import { fromByteString, toByteString } from "../../core/bytes.js";
import type { ReadContext } from "../../core/runtime/context.js";
import { paginate } from "../../core/runtime/pagination.js";
import type { QueryServer, ServiceMethods } from "../../core/runtime/router.js";
import { invalidArgument, notFound } from "../../core/runtime/status.js";
import type { AccountKeeper } from "./keeper.js";
import { accounts } from "./state.js";
import type { Account } from "./types.js";

export function authQueryServer(keeper: AccountKeeper): QueryServer<ServiceMethods<typeof Query>> {
  const { addresses, codec } = keeper;

  function accountOf(ctx: ReadContext, text: string): Account {
    if (text === "") throw invalidArgument("Address cannot be empty");
    const account = keeper.get(ctx, addresses.account.decode(text));
    if (account === undefined) throw notFound(`account ${text} not found`);
    return account;
  }

  return {
    accounts(ctx, { pagination }) {
      const page = paginate(ctx, accounts, pagination);
      return {
        accounts: page.entries.map(([address, bytes]) => codec.toAny(codec.decode(address, bytes))),
        pagination: page.pagination,
      };
    },

    account: (ctx, { address }) => ({ account: codec.toAny(accountOf(ctx, address)) }),

    accountAddressByID(ctx, { id, accountId }) {
      if (id !== 0n) {
        throw invalidArgument("requesting with id isn't supported, try to request using account-id");
      }
      const address = keeper.byNumber(ctx, accountId);
      if (address === undefined) throw notFound(`account address not found with account number ${accountId}`);
      return { accountAddress: addresses.account.encode(address) };
    },

    params: (ctx) => ({ params: keeper.params(ctx) }),

    moduleAccounts(ctx) {
      const known = [...keeper.moduleAccounts.values()].map(({ address }) => keeper.get(ctx, address));
      return { accounts: known.filter((account) => account !== undefined).map((account) => codec.toAny(account)) };
    },

    moduleAccountByName(ctx, { name }) {
      if (name === "") throw invalidArgument("module name is empty");
      const spec = keeper.moduleAccounts.get(name);
      const account = spec === undefined ? undefined : keeper.get(ctx, spec.address);
      if (account === undefined) throw notFound(`account ${name} not found`);
      return { account: codec.toAny(account) };
    },

    bech32Prefix: () => ({ bech32Prefix: addresses.prefix }),

    addressBytesToString(_ctx, { addressBytes }) {
      if (addressBytes.length === 0) throw invalidArgument("empty address bytes is not allowed");
      if (addressBytes.length > MAX_ADDRESS_BYTES) {
        throw invalidArgument(`address max length is ${MAX_ADDRESS_BYTES}, got ${addressBytes.length}`);
      }
      return { addressString: addresses.account.encode(toByteString(addressBytes) as AccAddress) };
    },

    addressStringToBytes(_ctx, { addressString }) {
      if (addressString.trim() === "") throw invalidArgument("empty address string is not allowed");
      return { addressBytes: fromByteString(addresses.account.decode(addressString)) };
    },

    accountInfo(ctx, { address }) {
      if (address === "") throw invalidArgument("address cannot be empty");
      return { info: codec.toMessage(accountOf(ctx, address)) };
    },
  };
}
