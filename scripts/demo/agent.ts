import { Secp256k1HdWallet } from "@cosmjs/amino";
import type { ComputroniumClient } from "@computronium/client";
import { contentHash, hashToText, parseCoin, rate, verifyContent } from "@computronium/client";
import type { Bid, Lease } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { JobClass, VerificationTier } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { SignClaim } from "@computronium/provider";
import {
  DEFAULT_LIMITS,
  encodeBundle,
  fetchResult,
  parseContentHash,
  signDocument,
  uploadJob,
} from "@computronium/provider";
import { sampleJob } from "@computronium/provider/sample-jobs.js";

import type { AgentRole } from "./cast.js";

/** Long enough for every job of the demo, on a busy machine too. */
const DURATION_SECONDS = 60n;
const ORDER_LIFETIME_SECONDS = 120n;

/** What an agent has in the end: the work, and the terms on which it was done. */
export interface Deal {
  readonly agent: AgentRole;
  readonly bid: Bid;
  readonly lease: Lease;
  readonly output: Uint8Array;
}

/** Says what an agent does off the chain. */
export type Say = (text: string) => void;

/**
 * A buyer, unattended: posts an order, takes the cheapest bid, hands over the job, checks the result against the chain and
 * against its own computation, and pays.
 */
export async function buyCompute(
  role: AgentRole,
  mnemonic: string,
  client: ComputroniumClient,
  say: Say,
): Promise<Deal> {
  const { market } = client;
  const bundle = encodeBundle({
    wasm: await sampleJob(role.job.module),
    input: role.job.input,
    limits: DEFAULT_LIMITS,
  });
  const manifestHash = contentHash(bundle);
  const { orderId } = await market.postOrder({
    requirements: role.requirements,
    jobClass: JobClass.WASM,
    verification: VerificationTier.NONE,
    manifestHash,
    maxPrice: rate(role.maxPrice, "second"),
    budget: parseCoin(role.budget),
    durationSeconds: DURATION_SECONDS,
    lifetimeSeconds: ORDER_LIFETIME_SECONDS,
  });

  const bids = await market.waitForBids(orderId, { count: role.bidders });
  const [bid] = bids;
  if (bid === undefined || bid.price === undefined) throw new Error(`order ${orderId} has no bid with a price`);
  const { leaseId } = await market.acceptBid({ orderId, provider: bid.provider, price: bid.price });

  const endpoint = await endpointOf(client, bid.provider);
  const sign = await claimSigner(mnemonic, client.address);
  await uploadJob(endpoint, leaseId, bundle, sign);
  say(
    `uploads its job, ${bundle.length.toLocaleString("en")} bytes with hash ${hashToText(manifestHash).slice(0, 8)}…`,
  );

  const done = await market.waitForResult(leaseId);
  const output = await fetchResult(endpoint, leaseId, parseContentHash(hashToText(done.resultHash)), sign);
  verifyContent(`the result of lease ${leaseId}`, output, done.resultHash);
  const expected = role.job.expected();
  if (Buffer.compare(output, expected) !== 0) throw new Error(`${bid.provider} computed something wrong`);
  say(`has the result, with the hash on the chain, and computes the same: ${role.job.describe(output)}`);

  // A job of less than a second leaves nothing to acknowledge: the lease is settled by its result.
  if (done.pending !== undefined) await market.ackUsage({ leaseId, seconds: done.pending.seconds });
  const lease = await market.waitForSettlement(leaseId);
  return { agent: role, bid, lease, output };
}

async function endpointOf(client: ComputroniumClient, address: string) {
  const { provider } = await client.market.query.provider({ address });
  const url = provider?.endpoints[0];
  if (url === undefined) throw new Error(`${address} has no endpoint`);
  return { url, chainId: client.chainId, provider: address };
}

/** The same key as the account's, for texts: ADR-036, as a wallet signs it. */
async function claimSigner(mnemonic: string, address: string): Promise<SignClaim> {
  const prefix = address.slice(0, address.lastIndexOf("1"));
  const wallet = await Secp256k1HdWallet.fromMnemonic(mnemonic, { prefix });
  return async (claim) => {
    const { signature } = await wallet.signAmino(address, signDocument(claim, address));
    return {
      publicKey: Buffer.from(String(signature.pub_key.value), "base64"),
      signature: Buffer.from(signature.signature, "base64"),
    };
  };
}
