import { createHash } from "node:crypto";

import { Query } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";
import {
  MsgClaimAllocationSchema,
  MsgClaimReflectionsSchema,
  MsgCommitBuybackBidSchema,
  MsgReleaseAllocationSchema,
  MsgRevealBuybackBidSchema,
  MsgSpendFundSchema,
} from "@computronium/proto/computronium/tokenomics/v1/tx_pb.js";
import type { BuybackAuction, BuybackBid } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";
import { Fund } from "@computronium/proto/computronium/tokenomics/v1/types_pb.js";

import type { Dec } from "../../../core/math/dec.js";
import { decFromRaw, formatDec, parseDec } from "../../../core/math/dec.js";
import { bidCommitment } from "../../../modules/tokenomics/sealed-bid.js";
import { message } from "../../kit/signer.js";
import { coin } from "../../market/actors.js";
import type { Actor } from "../actors.js";
import { CHAIN_ID } from "../genesis.js";
import type { Operation } from "../operation.js";
import { attack, operation } from "../operation.js";
import type { SeededRandom } from "../random.js";
import { amountUpTo, oneIn } from "../random.js";
import type { World } from "../world.js";
import { FEE } from "../world.js";
import { GOVERNANCE } from "./parameters.js";
import { aDelegation } from "./staking.js";

async function buyback(world: World): Promise<{ auction: BuybackAuction; bids: readonly BuybackBid[] } | undefined> {
  const { state } = await world.ask(Query.method.buyback, {});
  return state?.open === undefined ? undefined : { auction: state.open, bids: state.bids };
}

/** What an actor bids in an auction: the same whenever he is asked, so that he can open what he has sealed. */
function openingOf(actor: Actor, { id, lot, reservePrice }: BuybackAuction) {
  const bytes = createHash("sha256").update(`${actor.address}/${id}`).digest();
  const quantity = 1n + (BigInt(bytes.readUInt32BE(0)) * BigInt(lot!.amount)) / 2n ** 33n;
  // From a tenth below the reserve to three times it.
  const price: Dec = decFromRaw((parseDec(reservePrice)! * BigInt(90 + (bytes[4]! % 211))) / 100n);
  return { chainId: CHAIN_ID, auctionId: id, bidder: actor.address, quantity, price, salt: bytes };
}

function aSealedBid(world: World, random: SeededRandom, bids: readonly BuybackBid[]): Actor | undefined {
  const sealed = bids.filter(({ quantity }) => quantity === "0" || quantity === "");
  return sealed.length === 0 ? undefined : world.actorAt(random.pick(sealed).bidder);
}

function reveal(actor: Actor, opening: ReturnType<typeof openingOf>) {
  const { auctionId, quantity, price, salt } = opening;
  const fields = { auctionId, quantity: quantity.toString(), price: formatDec(price), salt };
  return message(MsgRevealBuybackBidSchema, { bidder: actor.address, ...fields });
}

export const tokenomicsOperations: readonly Operation[] = [
  operation("tokenomics/claim-reflections", 4, async (world, random) => {
    const found = await aDelegation(world, random);
    if (found === undefined) return undefined;
    const { actor, delegation } = found;
    const compoundTo = oneIn(random, 2) ? delegation.delegation!.validatorAddress : "";
    return { actor, messages: [message(MsgClaimReflectionsSchema, { delegator: actor.address, compoundTo })] };
  }),
  operation("tokenomics/claim-allocation", 2, async (world, random) => {
    const { allocations } = await world.ask(Query.method.allocations, {});
    const claimable = allocations.filter(
      ({ allocation, available }) => allocation!.beneficiary !== "" && available !== "0",
    );
    if (claimable.length === 0) return undefined;
    const { name, beneficiary } = random.pick(claimable).allocation!;
    const actor = world.actorAt(beneficiary);
    return actor && { actor, messages: [message(MsgClaimAllocationSchema, { beneficiary, name })] };
  }),
  operation("tokenomics/commit-bid", 6, async (world, random) => {
    const [found, actor] = [await buyback(world), await world.someone(random)];
    if (found === undefined || actor === undefined) return undefined;
    const { auction, bids } = found;
    if (world.timeSeconds >= auction.commitEndTime || bids.some(({ bidder }) => bidder === actor.address)) {
      return undefined;
    }
    const opening = openingOf(actor, auction);
    const whole = (opening.quantity * opening.price) / 10n ** 18n + 1n;
    // Now and then too little for what is sealed.
    const deposit = oneIn(random, 6) ? 1_000n : whole + amountUpTo(random, 10_000n);
    if ((await world.spendable(actor.address)) < deposit + FEE) return undefined;
    const fields = { bidder: actor.address, auctionId: auction.id, commitment: bidCommitment(opening) };
    return { actor, messages: [message(MsgCommitBuybackBidSchema, { ...fields, deposit: deposit.toString() })] };
  }),
  operation("tokenomics/reveal-bid", 8, async (world, random) => {
    const found = await buyback(world);
    if (found === undefined) return undefined;
    const { auction, bids } = found;
    if (world.timeSeconds < auction.commitEndTime || world.timeSeconds >= auction.revealEndTime) return undefined;
    const actor = aSealedBid(world, random, bids);
    return actor && { actor, messages: [reveal(actor, openingOf(actor, auction))] };
  }),
  attack("tokenomics/reveal-another-bid", 1, async (world, random) => {
    const found = await buyback(world);
    if (found === undefined) return undefined;
    const actor = aSealedBid(world, random, found.bids);
    if (actor === undefined) return undefined;
    const opening = openingOf(actor, found.auction);
    return { actor, messages: [reveal(actor, { ...opening, quantity: opening.quantity + 1n })] };
  }),
  attack("tokenomics/claim-of-another", 1, async (world, random) => {
    const { allocations } = await world.ask(Query.method.allocations, {});
    const actor = await world.someone(random);
    if (actor === undefined || allocations.length === 0) return undefined;
    const { name, beneficiary } = random.pick(allocations).allocation!;
    if (beneficiary === actor.address) return undefined;
    return { actor, messages: [message(MsgClaimAllocationSchema, { beneficiary: actor.address, name })] };
  }),
  attack("tokenomics/release-by-anybody", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const authority = oneIn(random, 2) ? actor.address : GOVERNANCE;
    const fields = { authority, name: "reserve", recipient: actor.address, amount: "1" };
    return { actor, messages: [message(MsgReleaseAllocationSchema, fields)] };
  }),
  attack("tokenomics/spend-by-anybody", 1, async (world, random) => {
    const actor = await world.someone(random);
    if (actor === undefined) return undefined;
    const fields = { authority: actor.address, fund: Fund.DEVELOPMENT, recipient: actor.address, amount: [coin(1n)] };
    return { actor, messages: [message(MsgSpendFundSchema, fields)] };
  }),
];
