import type { AbciEvent } from "./application.js";

/** Where an event comes from: CometBFT keeps an index of transactions, and one of blocks. */
export type EventOrigin = "transaction" | "block";

/** Which attributes of an event, by their keys, are for CometBFT's indexer unless they say themselves. */
export type IndexRule = (event: AbciEvent, origin: EventOrigin) => (key: string) => boolean;

/** Every attribute, as Cosmos nodes do by default. */
export const indexAll: IndexRule = () => all;

/** The attributes of a list of `type.key`, and no others. */
export function indexListed(list: readonly string[]): IndexRule {
  const keysByType = new Map<string, Set<string>>();
  for (const listed of list) {
    const dot = listed.lastIndexOf(".");
    const [type, key] = [listed.slice(0, dot), listed.slice(dot + 1)];
    keysByType.set(type, (keysByType.get(type) ?? new Set()).add(key));
  }
  const rules = new Map([...keysByType].map(([type, keys]) => [type, (key: string) => keys.has(key)]));
  return ({ type }) => rules.get(type) ?? none;
}

/**
 * All attributes but those by which nobody can search to any purpose. Each indexed attribute is a key that CometBFT writes and
 * moves about for ever, together up to a quarter of what a bank transfer costs a node. Left out are:
 * - the place of a message in its transaction, and the fee and the amounts of transfers, which can only be searched for as whole texts;
 * - how the fee moved (its payer is `tx.fee_payer` and `message.sender`): every transaction pays one, to the same account;
 * - who sent what a message moved, as an event without an action: it repeats the event of the message, or `transfer.sender`.
 */
export const indexUseful: IndexRule = ({ type, attributes }, origin) => {
  const isTransfer = TRANSFERS.has(type);
  if (origin === "transaction") {
    const isOfMessage = attributes[attributes.length - 1]?.key === MESSAGE_INDEX;
    if (isTransfer && !isOfMessage) return none;
    if (type === "message" && isOfMessage && attributes.length === 2 && attributes[0]!.key === "sender") return none;
    if (type === "tx") return notFee;
  }
  return isTransfer ? notAmount : notPlace;
};

const MESSAGE_INDEX = "msg_index";
const TRANSFERS = new Set(["coin_spent", "coin_received", "transfer"]);

const all = (): boolean => true;
const none = (): boolean => false;
const notPlace = (key: string): boolean => key !== MESSAGE_INDEX;
const notAmount = (key: string): boolean => key !== MESSAGE_INDEX && key !== "amount";
const notFee = (key: string): boolean => key !== "fee";
