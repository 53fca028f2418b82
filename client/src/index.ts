/** TypeScript library for agents and providers on Computronium. Start at {@link ComputroniumClient}. */
export { createAminoConverters } from "./amino.js";
export type { Bank } from "./bank.js";
export type { BlockTx, ChainBlock, ChainEvent } from "./block-feed.js";
export { txHash } from "./block-feed.js";
export type { ConnectOptions, FollowOptions } from "./client.js";
export { ComputroniumClient } from "./client.js";
export { contentHash, hashFromText, hashToText, verifyContent } from "./content.js";
export {
  ComputroniumError,
  HashMismatchError,
  LeaseEndedError,
  QueryError,
  TxError,
  TxExpiredError,
  TxFailedError,
  TxRejectedError,
  WaitTimeoutError,
} from "./errors.js";
export type { TypedEvent } from "./events.js";
export { decodeEvent, eventsIn } from "./events.js";
export type { SpendingMandate } from "./mandate.js";
export type { Market, MarketHelpers, WaitOptions } from "./market.js";
export type { CoinText } from "./money.js";
export { costOf, parseCoin, rate } from "./money.js";
export type { MsgClient } from "./msg-client.js";
export { messageOf, responseOf } from "./msg-client.js";
export type { TypedMessage } from "./registry.js";
export { createRegistry, generatedType, message, typeUrl } from "./registry.js";
export type { QueryClient, QueryOptions } from "./rpc.js";
export { createQueryClient } from "./rpc.js";
export type { PendingTx, TxOptions } from "./tx-sender.js";
