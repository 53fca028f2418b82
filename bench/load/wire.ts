/**
 * Just enough protobuf to write a bank send a few hundred thousand times before a run. The node's own codec is what is
 * being measured, so the load does not depend on it.
 */

/** A varint, base 128, least significant group first. */
export function varint(value: number | bigint): Buffer {
  const out: number[] = [];
  let rest = BigInt(value);
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Buffer.from(out);
}

/** A number field; left out when zero, as proto3 asks. */
export function numberField(field: number, value: number | bigint): Buffer {
  return BigInt(value) === 0n ? Buffer.alloc(0) : Buffer.concat([varint(field << 3), varint(value)]);
}

/** A bytes, string or message field; written even when empty. */
export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

export interface Coin {
  readonly denom: string;
  readonly amount: bigint;
}

/** cosmos.base.v1beta1.Coin */
export function coin(value: Coin): Buffer {
  return Buffer.concat([bytesField(1, value.denom), bytesField(2, value.amount.toString())]);
}

/** google.protobuf.Any */
export function any(typeUrl: string, value: Uint8Array): Buffer {
  return Buffer.concat([bytesField(1, typeUrl), bytesField(2, value)]);
}
