import type { AccAddress, Addresses } from "../address.js";
import { ErrInvalidAuthority } from "../errors.js";

/** Whose messages change what users cannot: governance. Options and dependencies of most modules are such. */
export interface Governed {
  readonly addresses: Addresses;
  readonly authority: AccAddress;
}

/** Throws `gov` 13 when `given`, the sender of a message that only the authority may send, is another one. */
export function requireAuthority({ addresses, authority }: Governed, given: string): void {
  const expected = addresses.account.encode(authority);
  if (given !== expected) throw ErrInvalidAuthority.with(`invalid authority; expected ${expected}, got ${given}`);
}
