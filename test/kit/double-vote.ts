import { createHash, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { sizeDelimitedEncode } from "@bufbuild/protobuf/wire";
import { CanonicalVoteSchema } from "@computronium/proto/tendermint/types/canonical_pb.js";
import { SignedMsgType } from "@computronium/proto/tendermint/types/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import type { NodeHome } from "../../localnet/node-home.js";
import type { RpcClient } from "./rpc.js";
import { until } from "./rpc.js";

/** CometBFT's BLOCK_ID_FLAG_COMMIT: a vote for the block. */
const FOR_THE_BLOCK = 2;
/** PKCS #8 of an ed25519 key, up to its 32 bytes of seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const PATIENCE_MILLISECONDS = 30_000;

interface BlockId {
  readonly hash: string;
  readonly parts: { readonly total: number; readonly hash: string };
}

interface Commit {
  readonly signed_header: {
    readonly header: { readonly chain_id: string; readonly time: string };
    readonly commit: {
      readonly height: string;
      readonly round: number;
      readonly block_id: BlockId;
      readonly signatures: readonly {
        readonly block_id_flag: number;
        readonly validator_address: string;
        readonly timestamp: string;
        readonly signature: string;
      }[];
    };
  };
}

interface ValidatorSet {
  readonly validators: readonly { readonly address: string; readonly voting_power: string }[];
}

/** Proof that a validator voted twice, in CometBFT's JSON. */
export interface DoubleVote {
  readonly height: number;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/**
 * Makes a node's validator vote twice: beside the vote that it gave for a recent block it signs another, of the same height
 * and round, for a block that never was.
 */
export async function doubleVote(home: NodeHome, rpc: RpcClient): Promise<DoubleVote> {
  const key = readKey(home);
  const { commit, index } = await until("a vote of the validator", PATIENCE_MILLISECONDS, () => ownVote(rpc, key));
  const { header, commit: agreed } = commit.signed_header;
  const vote = agreed.signatures[index]!;
  const { validators } = await rpc.call<ValidatorSet>("validators", { height: agreed.height });
  const common = {
    type: SignedMsgType.PRECOMMIT,
    height: agreed.height,
    round: agreed.round,
    timestamp: vote.timestamp,
    validator_address: vote.validator_address,
    validator_index: index,
  };
  const other = imaginaryBlock();
  const signature = signVote(key.seed, { ...common, chainId: header.chain_id, id: other });
  const votes = [
    { ...common, block_id: agreed.block_id, signature: vote.signature },
    { ...common, block_id: other, signature },
  ];
  // In the order of their block ids.
  if (agreed.block_id.hash > other.hash) votes.reverse();
  const [voteA, voteB] = votes;
  const value = {
    vote_a: voteA,
    vote_b: voteB,
    TotalVotingPower: validators.reduce((sum, each) => sum + BigInt(each.voting_power), 0n).toString(),
    ValidatorPower: validators.find(({ address }) => address === key.address)!.voting_power,
    Timestamp: header.time,
  };
  return { height: Number(agreed.height), evidence: { type: "tendermint/DuplicateVoteEvidence", value } };
}

/** Hands the proof to a node, which checks it and gives it to the next proposers. */
export async function handIn({ evidence }: DoubleVote, rpc: RpcClient): Promise<void> {
  await rpc.call("broadcast_evidence", { evidence });
}

interface ValidatorKey {
  readonly address: string;
  readonly seed: Uint8Array;
}

function readKey(home: NodeHome): ValidatorKey {
  const file = JSON.parse(readFileSync(join(home.path, "config", "priv_validator_key.json"), "utf8")) as {
    readonly address: string;
    readonly priv_key: { readonly value: string };
  };
  return { address: file.address, seed: Buffer.from(file.priv_key.value, "base64").subarray(0, 32) };
}

/** The latest block's commit, if this validator's vote came in time to be in it. */
async function ownVote(rpc: RpcClient, key: ValidatorKey): Promise<{ commit: Commit; index: number }> {
  // The one before the latest: its commit is final.
  const commit = await rpc.call<Commit>("commit", { height: String((await rpc.height()) - 1) });
  const index = commit.signed_header.commit.signatures.findIndex(
    (vote) => vote.validator_address === key.address && vote.block_id_flag === FOR_THE_BLOCK,
  );
  if (index < 0) throw new Error("the validator did not sign this block");
  return { commit, index };
}

function imaginaryBlock(): BlockId {
  const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").toUpperCase();
  return { hash: hashOf("another block"), parts: { total: 1, hash: hashOf("its only part") } };
}

/** Signature of a vote as CometBFT checks it (types/vote.go, VoteSignBytes). */
function signVote(
  seed: Uint8Array,
  vote: {
    readonly type: SignedMsgType;
    readonly height: string;
    readonly round: number;
    readonly timestamp: string;
    readonly chainId: string;
    readonly id: BlockId;
  },
): string {
  const { hash, parts } = vote.id;
  const canonical = create(CanonicalVoteSchema, {
    type: vote.type,
    height: BigInt(vote.height),
    round: BigInt(vote.round),
    blockId: {
      hash: Buffer.from(hash, "hex"),
      partSetHeader: { total: parts.total, hash: Buffer.from(parts.hash, "hex") },
    },
    timestamp: timestampOf(vote.timestamp),
    chainId: vote.chainId,
  });
  const key = { key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" } as const;
  return sign(null, sizeDelimitedEncode(CanonicalVoteSchema, canonical), key).toString("base64");
}

/** RFC 3339 with up to nine decimals of a second. */
function timestampOf(text: string): { readonly seconds: bigint; readonly nanos: number } {
  const [, whole = "", fraction = ""] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return { seconds: BigInt(Date.parse(`${whole}Z`) / 1000), nanos: Number(fraction.padEnd(9, "0")) };
}
