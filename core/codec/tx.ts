import { fromBinary } from "@bufbuild/protobuf";
import type { Any, Timestamp } from "@bufbuild/protobuf/wkt";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import type { AuthInfo, TxBody } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { AuthInfoSchema, TxBodySchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { ErrTxDecode, ErrTxTooLarge } from "../errors.js";
import type { TypedMessage } from "./registry.js";
import { readMessage } from "./reader.js";
import { packableType } from "./registry.js";
import { checkStrictly } from "./strict.js";
import { lastingNotes } from "./tx-note.js";
import { shortestVarint, WireError, WireReader } from "./wire.js";

/** A bound of what is looked at; CometBFT's default bound of a transaction in its mempool. */
export const MAX_TX_BYTES = 1_048_576;

/** What was read of a transaction: some thirty objects, and what has been found out about them. */
interface TxParts {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly body: TxBody;
  readonly authInfo: AuthInfo;
  readonly signatures: readonly Uint8Array[];
  readonly messages: readonly TypedMessage[];
  readonly hasUnknownNonCriticals: boolean;
  readonly notes: unknown[];
}

/**
 * A transaction that was read strictly. Immutable but for its notes: it is kept and shared. Thousands wait for their block, and
 * what the garbage collector has to carry about for each of them is a good part of what they cost; so the parts can be
 * {@link release}d, and are read again by whoever asks for them after all.
 */
export class DecodedTx {
  /** As it came. */
  readonly raw: Uint8Array;
  /** Of its fee; 0 where it has none. */
  readonly gasLimit: bigint;
  readonly hasTimeoutTimestamp: boolean;
  /** Written and read by `TxNote` alone. */
  readonly notes: unknown[] = lastingNotes();
  #parts: TxParts | undefined;

  /** Throws {@link WireError}. */
  constructor(raw: Uint8Array) {
    this.raw = raw;
    this.#parts = readParts(raw);
    this.gasLimit = this.#parts.authInfo.fee?.gasLimit ?? 0n;
    this.hasTimeoutTimestamp = this.#parts.body.timeoutTimestamp !== undefined;
  }

  /** Lets go of all that the bytes say. */
  release(): void {
    this.#parts = undefined;
  }

  #read(): TxParts {
    return (this.#parts ??= readParts(this.raw));
  }

  /** Exactly the bytes that SIGN_MODE_DIRECT signs. */
  get bodyBytes(): Uint8Array {
    return this.#read().bodyBytes;
  }

  get authInfoBytes(): Uint8Array {
    return this.#read().authInfoBytes;
  }

  get body(): TxBody {
    return this.#read().body;
  }

  get authInfo(): AuthInfo {
    return this.#read().authInfo;
  }

  get signatures(): readonly Uint8Array[] {
    return this.#read().signatures;
  }

  /** The messages of the body, decoded. */
  get messages(): readonly TypedMessage[] {
    return this.#read().messages;
  }

  /** Whether the body has unknown fields that are not critical: amino JSON cannot sign them. */
  get hasUnknownNonCriticals(): boolean {
    return this.#read().hasUnknownNonCriticals;
  }

  /** As {@link notes}, of what is released with the parts. */
  get passingNotes(): unknown[] {
    return this.#read().notes;
  }
}

/**
 * Reads a transaction as strictly as the SDK's x/auth/tx decoder. Throws `sdk` 2 (tx parse error), or 21 for more than
 * {@link MAX_TX_BYTES}. The caller must not change the bytes afterwards.
 */
export function decodeTx(bytes: Uint8Array): DecodedTx {
  if (bytes.length > MAX_TX_BYTES) {
    throw ErrTxTooLarge.with(`transaction of ${bytes.length} bytes, at most ${MAX_TX_BYTES}`);
  }
  try {
    return new DecodedTx(bytes);
  } catch (error) {
    if (error instanceof WireError) throw ErrTxDecode.with(error.message);
    throw error;
  }
}

function readParts(raw: Uint8Array): TxParts {
  const { bodyBytes, authInfoBytes, signatures } = readTxRaw(raw);
  const hasUnknownNonCriticals = checkStrictly(TxBodySchema, bodyBytes, true);
  checkStrictly(AuthInfoSchema, authInfoBytes, false);
  const body = readMessage(TxBodySchema, bodyBytes);
  if (body.timeoutTimestamp !== undefined) body.timeoutTimestamp = lastTimeout(bodyBytes);
  return {
    bodyBytes,
    authInfoBytes,
    body,
    authInfo: readMessage(AuthInfoSchema, authInfoBytes),
    signatures,
    messages: body.messages.map(readPacked),
    hasUnknownNonCriticals,
    notes: [],
  };
}

/** What an `Any` holds that was checked with all else. */
function readPacked({ typeUrl, value }: Any): TypedMessage {
  const schema = packableType(typeUrl);
  if (schema === undefined) throw new WireError(`unable to resolve type URL ${typeUrl}`);
  return { typeUrl, schema, value: readMessage(schema, value) };
}

/**
 * The last timeout in a body. A message field that stands twice is one field, whose parts add up, to protobuf; but Go's
 * gogoproto reads a `stdtime` anew each time, so that to the SDK the last one counts.
 */
function lastTimeout(bodyBytes: Uint8Array): Timestamp {
  const reader = new WireReader(bodyBytes);
  const end = bodyBytes.length;
  let timeout: Uint8Array = NO_BYTES;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    const number = Math.floor(tag / 8);
    if (number === TxBodySchema.field.timeoutTimestamp.number && tag % 8 === 2) {
      const length = reader.length(end);
      timeout = bodyBytes.subarray(reader.pos, reader.pos + length);
      reader.pos += length;
    } else {
      reader.skip({ number, wire: tag % 8, end });
    }
  }
  return fromBinary(TimestampSchema, timeout);
}

interface RawParts {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

const NO_BYTES = new Uint8Array(0);

/** TxRaw under ADR-027: fields in order, lengths as short as they can be, nothing unknown. Of a field twice, the last counts. */
function readTxRaw(raw: Uint8Array): RawParts {
  const reader = new WireReader(raw);
  let bodyBytes: Uint8Array = NO_BYTES;
  let authInfoBytes: Uint8Array = NO_BYTES;
  const signatures: Uint8Array[] = [];
  let previous = 0;
  while (reader.pos < raw.length) {
    const tag = reader.tag(raw.length);
    const number = Math.floor(tag / 8);
    if (tag % 8 !== 2) throw new WireError(`expected 2 wire type, got ${tag % 8}`);
    if (number < previous) {
      throw new WireError(`txRaw must follow ADR-027, got tagNum ${number} after tagNum ${previous}`);
    }
    previous = number;
    const lengthAt = reader.pos;
    const length = reader.length(raw.length);
    const read = reader.pos - lengthAt;
    if (read !== shortestVarint(length)) {
      throw new WireError(
        `length prefix varint for tagNum ${number} is not as short as possible, read ${read}, only need ${shortestVarint(length)}`,
      );
    }
    const value = raw.subarray(reader.pos, reader.pos + length);
    reader.pos += length;
    if (number === 1) bodyBytes = value;
    else if (number === 2) authInfoBytes = value;
    else if (number === 3) signatures.push(value);
    else throw new WireError(`errUnknownField "cosmos.tx.v1beta1.TxRaw": {TagNum: ${number}, WireType:"bytes"}`);
  }
  return { bodyBytes, authInfoBytes, signatures };
}
