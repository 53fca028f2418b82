import type { Timestamp } from "@bufbuild/protobuf/wkt";

import type { BlockInfo } from "../../core/runtime/context.js";
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
