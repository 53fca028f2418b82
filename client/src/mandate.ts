import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { AnySchema, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Registry } from "@cosmjs/proto-signing";
import { SpendAuthorizationSchema } from "@computronium/proto/computronium/authz/v1/authz_pb.js";
import { Msg as MarketplaceMsg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { JobClass } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  MsgExecResponseSchema,
  MsgExecSchema,
  MsgGrantSchema,
  MsgRevokeSchema,
} from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { TxMsgDataSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";

import type { BlockTx } from "./block-feed.js";
import { ComputroniumError } from "./errors.js";
import type { CoinText } from "./money.js";
import { parseCoin } from "./money.js";
import type { MessageSender } from "./msg-client.js";
import type { TypedMessage } from "./registry.js";
import { message, typeUrl } from "./registry.js";
import type { PendingTx, TxOptions } from "./tx-sender.js";

/** What an agent may spend for an owner on the marketplace. */
export interface SpendingMandate {
  /** What it may put into escrow in all; what comes back from there is not added again. */
  readonly limit: CoinText;
  /** What it may put into escrow in each period. */
  readonly period?: { readonly limit: CoinText; readonly seconds: number };
  /** Providers that it may rent from; all without it. */
  readonly providers?: readonly string[];
  /** Kinds of job; all without it. */
  readonly jobClasses?: readonly JobClass[];
  /** What it is for, in the owner's words. */
  readonly purpose?: string;
  /** When it ends; without it, when it is revoked. */
  readonly until?: Date;
}

/** All that a tenant's agent needs. */
const MESSAGES: readonly string[] = [
  MarketplaceMsg.method.postOrder,
  MarketplaceMsg.method.acceptBid,
  MarketplaceMsg.method.topUp,
  MarketplaceMsg.method.cancelOrder,
  MarketplaceMsg.method.ackUsage,
  MarketplaceMsg.method.closeLease,
].map(({ input }) => typeUrl(input));

/** The message by which an owner lets an agent spend. */
export function grantMessage(owner: string, agent: string, mandate: SpendingMandate): TypedMessage {
  const { limit, period, providers = [], jobClasses = [], purpose = "", until } = mandate;
  const authorization: MessageInitShape<typeof SpendAuthorizationSchema> = {
    allowedMessages: [...MESSAGES],
    totalLimit: [parseCoin(limit)],
    ...(period && { periodLimit: [parseCoin(period.limit)], periodSeconds: BigInt(period.seconds) }),
    allowedProviders: [...providers],
    allowedJobClasses: [...jobClasses],
    purpose,
  };
  const value = toBinary(SpendAuthorizationSchema, create(SpendAuthorizationSchema, authorization));
  return message(MsgGrantSchema, {
    granter: owner,
    grantee: agent,
    grant: {
      authorization: { typeUrl: typeUrl(SpendAuthorizationSchema), value },
      ...(until && { expiration: timestampFromDate(until) }),
    },
  });
}

/** The message by which an owner takes that back. */
export function revokeMessage(owner: string, agent: string): TypedMessage {
  return message(MsgRevokeSchema, { granter: owner, grantee: agent, msgTypeUrl: typeUrl(SpendAuthorizationSchema) });
}

/**
 * A sender whose messages are those of `owner`, carried out by `agent` within `MsgExec`: it needs the owner's grant, and
 * pays the fees itself. Its transactions look like the owner's: responses are those of the messages within.
 */
export function senderFor(owner: string, agent: MessageSender, registry: Registry): MessageSender {
  return {
    address: owner,
    async submit(messages: readonly TypedMessage[], options?: TxOptions): Promise<PendingTx> {
      const msgs = messages.map((each) => create(AnySchema, registry.encodeAsAny(each)));
      const pending = await agent.submit([message(MsgExecSchema, { grantee: agent.address, msgs })], options);
      const committed = pending.committed.then((tx) => withInnerResponses(tx, messages));
      // Whoever does not wait for it is not told that it failed.
      committed.catch(() => undefined);
      return { ...pending, committed };
    },
  };
}

/** The transaction with the responses of the messages within, under the names that every response has. */
function withInnerResponses(tx: BlockTx, messages: readonly TypedMessage[]): BlockTx {
  const [response] = fromBinary(TxMsgDataSchema, tx.data).msgResponses;
  if (response?.typeUrl !== typeUrl(MsgExecResponseSchema)) {
    throw new ComputroniumError(
      `transaction ${tx.hash} answered ${response?.typeUrl ?? "nothing"}, not that of MsgExec`,
    );
  }
  const { results } = fromBinary(MsgExecResponseSchema, response.value);
  const msgResponses = results.map((value, i) => ({ typeUrl: `${messages[i]?.typeUrl ?? ""}Response`, value }));
  return { ...tx, data: toBinary(TxMsgDataSchema, create(TxMsgDataSchema, { msgResponses })) };
}
