import type { Timestamp } from "@bufbuild/protobuf/wkt";

import type {
  Misbehavior as AbciMisbehavior,
  RequestFinalizeBlock,
} from "@computronium/proto/tendermint/abci/types_pb.js";
import { MisbehaviorType } from "@computronium/proto/tendermint/abci/types_pb.js";
import { BlockIDFlag } from "@computronium/proto/tendermint/types/validator_pb.js";

import type { BlockInfo, Misbehavior } from "../../core/runtime/context.js";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";

/** Unix time in nanoseconds of a header's timestamp. */
export function nanosOf(time: Timestamp | undefined): bigint {
  return time === undefined ? 0n : time.seconds * NANOS_PER_SECOND + BigInt(time.nanos);
}

export interface HeaderFields {
  readonly height: bigint;
  readonly time?: Timestamp | undefined;
  readonly proposerAddress?: Uint8Array;
}

export function blockInfo(chainId: string, header: HeaderFields): BlockInfo {
  return {
    chainId,
    height: header.height,
    timeNanos: nanosOf(header.time),
    proposerAddress: header.proposerAddress ?? new Uint8Array(0),
  };
}

/**
 * The block that FinalizeBlock asks for, with the votes and the evidence that came with it.
 *
 * @param appHash of the state before the block
 */
export function finalizedBlockInfo(chainId: string, request: RequestFinalizeBlock, appHash: Uint8Array): BlockInfo {
  const votes = request.decidedLastCommit?.votes ?? [];
  return {
    ...blockInfo(chainId, request),
    nextValidatorsHash: request.nextValidatorsHash,
    appHash,
    lastCommit: votes.map(({ validator, blockIdFlag }) => ({
      validator: validator?.address ?? new Uint8Array(0),
      power: validator?.power ?? 0n,
      signed: blockIdFlag !== BlockIDFlag.BLOCK_ID_FLAG_ABSENT && blockIdFlag !== BlockIDFlag.BLOCK_ID_FLAG_UNKNOWN,
    })),
    misbehavior: request.misbehavior.map(misbehaviorOf),
  };
}

function misbehaviorOf({ type, validator, height, time, totalVotingPower }: AbciMisbehavior): Misbehavior {
  return {
    type: MISBEHAVIOR_TYPES.get(type) ?? "unknown",
    validator: validator?.address ?? new Uint8Array(0),
    power: validator?.power ?? 0n,
    height,
    timeNanos: nanosOf(time),
    totalVotingPower,
  };
}

const MISBEHAVIOR_TYPES: ReadonlyMap<MisbehaviorType, Misbehavior["type"]> = new Map([
  [MisbehaviorType.DUPLICATE_VOTE, "duplicate-vote"],
  [MisbehaviorType.LIGHT_CLIENT_ATTACK, "light-client-attack"],
]);

/**
 * What is kept of a committed block beside its state: later starts, and queries at its height, need it.
 *
 * @param isBeginning a chain begins with this state (in-place-testnet): CometBFT knows nothing of it yet, and sends InitChain
 */
export function encodeBlockInfo(block: BlockInfo, isBeginning = false): string {
  return JSON.stringify({
    ...(isBeginning ? { isBeginning } : {}),
    chainId: block.chainId,
    height: block.height.toString(),
    timeNanos: block.timeNanos.toString(),
    proposerAddress: Buffer.from(block.proposerAddress).toString("hex"),
  });
}

/** Whether a chain begins with the state that has this text. */
export function isBeginning(text: string | undefined): boolean {
  return text !== undefined && (JSON.parse(text) as { readonly isBeginning?: unknown }).isBeginning === true;
}

export function decodeBlockInfo(text: string): BlockInfo {
  const fields = JSON.parse(text) as Record<"chainId" | "height" | "timeNanos" | "proposerAddress", string>;
  return {
    chainId: fields.chainId,
    height: BigInt(fields.height),
    timeNanos: BigInt(fields.timeNanos),
    proposerAddress: Buffer.from(fields.proposerAddress, "hex"),
  };
}
