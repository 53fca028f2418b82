/**
 * Frames of the ABCI socket protocol: the length of a protobuf message as an unsigned varint, then the message
 * (docs.cometbft.com/v0.38/spec/abci/abci++_client_server, "Socket").
 */

/** CometBFT refuses larger messages when it reads (abci/types/messages.go, maxMsgSize), so no larger ones are sent either way. */
export const MAX_FRAME_BYTES = 100 << 20;

/** The largest length that is allowed takes four bytes as a varint. */
const MAX_LENGTH_BYTES = 4;

const NO_BYTES = new Uint8Array(0);

/** What a peer sent is no frame. The connection cannot go on, since nobody knows where the next frame begins. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/**
 * Cuts a stream of bytes into frames, on demand. It holds the bytes that arrived and never allocates for a length that
 * was only announced.
 *
 * A frame that arrived in one piece is a view of that piece, so whoever keeps bytes of it must copy them.
 */
export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that are consumed. */
  #offset = 0;
  #buffered = 0;
  /** Length of the frame whose prefix is consumed already; -1 between frames. */
  #length = -1;

  constructor(maxBytes = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that arrived and were not returned as a frame yet. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** Whether the stream could end here without cutting a frame off. */
  get atBoundary(): boolean {
    return this.#buffered === 0 && this.#length < 0;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /** The next frame, or undefined when it has not arrived whole. Throws a {@link FrameError}. */
  next(): Uint8Array | undefined {
    if (this.#length < 0 && !this.#readLength()) return undefined;
    if (this.#buffered < this.#length) return undefined;
    const length = this.#length;
    this.#length = -1;
    return this.#take(length);
  }

  #readLength(): boolean {
    let length = 0;
    let index = 0;
    let offset = this.#offset;
    for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
      while (index < this.#chunks.length && offset >= this.#chunks[index]!.length) {
        index++;
        offset = 0;
      }
      const byte = this.#chunks[index]?.[offset];
      if (byte === undefined) return false;
      offset++;
      length += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        if (length > this.#maxBytes) {
          throw new FrameError(`a frame of ${length} bytes was announced; the most is ${this.#maxBytes}`);
        }
        this.#skip(i + 1);
        this.#length = length;
        return true;
      }
    }
    throw new FrameError(`the length of a frame takes more than ${MAX_LENGTH_BYTES} bytes`);
  }

  #skip(count: number): void {
    this.#buffered -= count;
    this.#offset += count;
    while (this.#chunks.length > 0 && this.#offset >= this.#chunks[0]!.length) {
      this.#offset -= this.#chunks[0]!.length;
      this.#chunks.shift();
    }
  }

  #take(length: number): Uint8Array {
    if (length === 0) return NO_BYTES;
    const first = this.#chunks[0]!;
    if (first.length - this.#offset >= length) {
      const frame = first.subarray(this.#offset, this.#offset + length);
      this.#skip(length);
      return frame;
    }
    const frame = new Uint8Array(length);
    let filled = first.length - this.#offset;
    frame.set(first.subarray(this.#offset));
    let index = 1;
    for (; filled < length; index++) {
      const chunk = this.#chunks[index]!;
      const part = chunk.subarray(0, length - filled);
      frame.set(part, filled);
      filled += part.length;
      if (part.length < chunk.length) {
        this.#offset = part.length;
        break;
      }
      this.#offset = 0;
    }
    this.#chunks = this.#chunks.slice(index);
    this.#buffered -= length;
    return frame;
  }
}
