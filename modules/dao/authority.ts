import { ErrInvalidAuthority } from "../../core/errors.js";
import type { DaoKeeper } from "./keeper.js";

/** Throws `gov` 13 for another sender than governance. */
export function requireAuthority({ options }: DaoKeeper, given: string): void {
  const expected = options.addresses.account.encode(options.authority);
  if (given !== expected) throw ErrInvalidAuthority.with(`invalid authority; expected ${expected}, got ${given}`);
}
