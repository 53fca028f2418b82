import { Query } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { Msg } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import type { BlockTx } from "./block-feed.js";
import type { CoinText } from "./money.js";
import { parseCoin } from "./money.js";
import type { MessageSender } from "./msg-client.js";
import { createMsgClient } from "./msg-client.js";
import type { AbciQuerier, QueryClient, QueryOptions } from "./rpc.js";
import { createQueryClient } from "./rpc.js";
import type { TxOptions } from "./tx-sender.js";

/** Coins. */
export interface Bank {
  /** All queries of `cosmos.bank.v1beta1`. */
  readonly query: QueryClient<typeof Query>;
  /** What an account holds of one denom, in base units. */
  balance(address: string, denom: string, options?: QueryOptions): Promise<bigint>;
  /** How much there is of one denom, in base units. */
  supply(denom: string, options?: QueryOptions): Promise<bigint>;
  /** Sends coins from the signer's account. */
  send(to: string, amount: CoinText, options?: TxOptions): Promise<BlockTx>;
}

export function createBank(client: MessageSender & { readonly comet: AbciQuerier }): Bank {
  const query = createQueryClient(client.comet, Query);
  const msg = createMsgClient(client, Msg);
  return {
    query,
    async balance(address, denom, options) {
      const { balance } = await query.balance({ address, denom }, options);
      return BigInt(balance?.amount ?? "0");
    },
    async supply(denom, options) {
      const { amount } = await query.supplyOf({ denom }, options);
      return BigInt(amount?.amount ?? "0");
    },
    async send(to, amount, options) {
      const { tx } = await msg.send({ toAddress: to, amount: [parseCoin(amount)] }, options);
      return tx;
    },
  };
}
