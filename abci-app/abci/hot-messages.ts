import type { RequestCheckTx } from "@computronium/proto/tendermint/abci/types_pb.js";
import { ValidatorUpdateSchema } from "@computronium/proto/tendermint/abci/types_pb.js";
import { ConsensusParamsSchema } from "@computronium/proto/tendermint/types/params_pb.js";

import { ByteSlab } from "../../core/byte-slab.js";
import { create, toBinary } from "../../core/codec/protobuf.js";
import type { AbciBlockResult, AbciEvent, AbciTxResult } from "./application.js";
import type { EventOrigin, IndexRule } from "./index-rule.js";
import { ReverseWriter } from "./reverse-writer.js";

/**
 * Readers and writers by hand for the calls that come thousands of times a second, CheckTx and FinalizeBlock. The bytes
 * are those of protobuf-es (hot-messages.test.ts); figures are in README.md. Tags are (field number << 3) | wire type, as varints.
 */
const REQUEST_CHECK_TX = 0x42;
const CHECK_TX_TX = 0x0a;
const CHECK_TX_TYPE = 0x10;
const RESPONSE_CHECK_TX = 0x4a;
const RESPONSE_FINALIZE_BLOCK = 0xaa;

const SLAB_BYTES = 256 << 10;
/** Transactions are kept until their block, or until they are refused. */
const transactions = new ByteSlab(SLAB_BYTES);

/**
 * The body of a `tendermint.abci.Request` that is a plain CheckTx: each field at most once, in order, nothing else.
 * undefined for anything else, valid or not: the general decoder then decides. The transaction is copied out of the frame.
 */
export function readCheckTx(frame: Uint8Array): RequestCheckTx | undefined {
  if (frame[0] !== REQUEST_CHECK_TX) return undefined;
  const body = readLength(frame, 1);
  if (body === undefined || body.end !== frame.length) return undefined;
  let at = body.start;
  let tx: Uint8Array = EMPTY;
  if (frame[at] === CHECK_TX_TX) {
    const field = readLength(frame, at + 1);
    if (field === undefined) return undefined;
    tx = transactions.copy(frame, field.start, field.end);
    at = field.end;
  }
  let type = 0;
  if (frame[at] === CHECK_TX_TYPE && at + 2 === frame.length) {
    type = frame[at + 1]!;
    at += 2;
  }
  if (at !== frame.length || type > 1) return undefined;
  return { $typeName: "tendermint.abci.RequestCheckTx", tx, type };
}

const EMPTY = new Uint8Array(0);

/** Start and end of a length-delimited field whose length is at `offset`; undefined when it goes beyond the end. */
function readLength(bytes: Uint8Array, offset: number): { start: number; end: number } | undefined {
  let length = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return undefined;
    length |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      const start = offset + i + 1;
      return start + length > bytes.length ? undefined : { start, end: start + length };
    }
  }
  return undefined;
}

/** A `tendermint.abci.Response` with a ResponseCheckTx. */
export function writeCheckTxResponse(writer: ReverseWriter, result: AbciTxResult, indexed: IndexRule): void {
  const before = writer.length;
  writeTxResult(writer, result, indexed);
  writer.close(RESPONSE_CHECK_TX, before);
}

/** A `tendermint.abci.Response` with a ResponseFinalizeBlock. */
export function writeFinalizeBlockResponse(writer: ReverseWriter, block: AbciBlockResult, indexed: IndexRule): void {
  const before = writer.length;
  writer.bytesField(0x2a, block.appHash);
  if (block.consensusParamUpdates !== undefined) {
    writeMessage(
      writer,
      0x22,
      toBinary(ConsensusParamsSchema, create(ConsensusParamsSchema, block.consensusParamUpdates)),
    );
  }
  const updates = block.validatorUpdates ?? [];
  for (let i = updates.length - 1; i >= 0; i--) {
    writeMessage(writer, 0x1a, toBinary(ValidatorUpdateSchema, create(ValidatorUpdateSchema, updates[i]!)));
  }
  for (let i = block.txResults.length - 1; i >= 0; i--) {
    const start = writer.length;
    writeTxResult(writer, block.txResults[i]!, indexed);
    writer.close(0x12, start);
  }
  writeEvents(writer, 0x0a, block.events, { indexed, origin: "block" });
  writer.close(RESPONSE_FINALIZE_BLOCK, before);
}

function writeMessage(writer: ReverseWriter, tag: number, bytes: Uint8Array): void {
  writer.raw(bytes);
  writer.varint(bytes.length);
  writer.varint(tag);
}

/** Results of transactions ahead of their block's response. */
export class TxResultEncoder {
  readonly #writer = new ReverseWriter(16 * 1024);
  /** They are kept until their block. */
  readonly #slab = new ByteSlab(SLAB_BYTES);
  readonly #indexed: IndexRule;

  constructor(indexed: IndexRule) {
    this.#indexed = indexed;
  }

  /** The bytes of an ExecTxResult, for {@link AbciTxResult.encoded}. */
  encode(result: AbciTxResult): Uint8Array {
    writeTxResult(this.#writer, result, this.#indexed);
    return this.#writer.take(this.#slab);
  }
}

/** The fields of ExecTxResult, which are those of ResponseCheckTx. */
function writeTxResult(writer: ReverseWriter, result: AbciTxResult, indexed: IndexRule): void {
  if (result.encoded !== undefined) return writer.raw(result.encoded);
  writer.textField(0x42, result.codespace);
  writeEvents(writer, 0x3a, result.events, { indexed, origin: "transaction" });
  writer.int64Field(0x30, result.gasUsed);
  writer.int64Field(0x28, result.gasWanted);
  writer.textField(0x22, result.info);
  writer.textField(0x1a, result.log);
  writer.bytesField(0x12, result.data);
  writer.uint32Field(0x08, result.code);
}

function writeEvents(
  writer: ReverseWriter,
  tag: number,
  events: readonly AbciEvent[] | undefined,
  { indexed, origin }: { readonly indexed: IndexRule; readonly origin: EventOrigin },
): void {
  if (events === undefined) return;
  for (let i = events.length - 1; i >= 0; i--) {
    const { type, attributes } = events[i]!;
    const isIndexed = indexed(events[i]!, origin);
    const eventStart = writer.length;
    for (let j = attributes.length - 1; j >= 0; j--) {
      const { key, value, index } = attributes[j]!;
      const attributeStart = writer.length;
      if (index ?? isIndexed(key)) {
        writer.varint(1);
        writer.varint(0x18);
      }
      writer.textField(0x12, value);
      writer.textField(0x0a, key);
      writer.close(0x12, attributeStart);
    }
    writer.textField(0x0a, type);
    writer.close(tag, eventStart);
  }
}
