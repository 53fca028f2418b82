import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Request } from "@computronium/proto/tendermint/abci/types_pb.js";
import { RequestSchema, ResponseSchema } from "@computronium/proto/tendermint/abci/types_pb.js";

import { ByteSlab } from "../../core/byte-slab.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import type { AbciBlockResult, AbciTxResult } from "./application.js";
import { MAX_FRAME_BYTES } from "./frames.js";
import type { IndexRule } from "./index-rule.js";
import { readCheckTx, writeCheckTxResponse, writeFinalizeBlockResponse } from "./hot-messages.js";
import { ReverseWriter } from "./reverse-writer.js";

type ResponseInit = Exclude<NonNullable<MessageInitShape<typeof ResponseSchema>["value"]>, { case: undefined }>;

/** An answer of the application, before it is encoded. */
export type ResponseValue =
  | Exclude<ResponseInit, { case: "checkTx" | "finalizeBlock" }>
  | { readonly case: "checkTx"; readonly value: AbciTxResult }
  | { readonly case: "finalizeBlock"; readonly value: AbciBlockResult };

/** The call in a frame. Throws when the bytes are no Request; the case is undefined when it is a call not known here. */
export function decodeRequest(frame: Uint8Array): Request["value"] {
  const value = readCheckTx(frame);
  if (value !== undefined) return { case: "checkTx", value };
  return fromBinary(RequestSchema, frame).value;
}

/** Encodes answers. One per connection is enough; it keeps its buffer. */
export class ResponseEncoder {
  readonly #writer = new ReverseWriter(16 * 1024);
  /** Answers go out soon after they were made. */
  readonly #slab = new ByteSlab(64 << 10);
  readonly #indexed: IndexRule;

  constructor(indexed: IndexRule) {
    this.#indexed = indexed;
  }

  /** A whole frame. Throws when the answer cannot be encoded or is larger than CometBFT reads. */
  encodeFrame(value: ResponseValue): Uint8Array {
    const writer = this.#writer;
    writer.clear();
    if (value.case === "checkTx") writeCheckTxResponse(writer, value.value, this.#indexed);
    else if (value.case === "finalizeBlock") writeFinalizeBlockResponse(writer, value.value, this.#indexed);
    else writer.raw(toBinary(ResponseSchema, create(ResponseSchema, { value })));
    if (writer.length > MAX_FRAME_BYTES) {
      throw new RangeError(`a ${value.case} response of ${writer.length} bytes is more than CometBFT reads`);
    }
    writer.varint(writer.length);
    return writer.take(this.#slab);
  }
}
