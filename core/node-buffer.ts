/** Methods of Node's Buffer that its type package leaves out; several times faster than `toString("latin1")` on short bytes. */
declare global {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the declaration must repeat Buffer's type parameters
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
    utf8Slice(start?: number, end?: number): string;
    latin1Slice(start?: number, end?: number): string;
    latin1Write(text: string, offset?: number, length?: number): number;
  }
}

export {};
