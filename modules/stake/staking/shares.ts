import type { Dec } from "../../../core/math/dec.js";
import {
  DEC_ZERO,
  decAdd,
  decFromInteger,
  decMulInt,
  decQuo,
  decQuoInt,
  decQuoTruncate,
  decSub,
  decTruncateInt,
} from "../../../core/math/dec.js";
import { ErrInsufficientShares } from "./errors.js";

/** What shares are worth depends on these two. */
export interface Pool {
  readonly tokens: bigint;
  readonly delegatorShares: Dec;
}

/*
 * Arithmetic of cosmos-sdk 0.53 x/staking/types/validator.go, with its roundings. Whoever enters gets shares rounded
 * down, whoever leaves gets tokens rounded down: what is left over belongs to those who stay.
 */

/** It lost all of its tokens while it has shares: nobody can enter any more. */
export function hasInvalidRate({ tokens, delegatorShares }: Pool): boolean {
  return tokens === 0n && delegatorShares > 0n;
}

/** What shares are worth, to the nearest 10^-18. Nothing where there are no shares. */
export function tokensFromShares(pool: Pool, shares: Dec): Dec {
  if (pool.delegatorShares === 0n) return DEC_ZERO;
  return decQuo(decMulInt(shares, pool.tokens), pool.delegatorShares);
}

/** Shares that tokens are worth. Throws `staking` 22 where there are no tokens. */
export function sharesFromTokens(pool: Pool, tokens: bigint): Dec {
  if (pool.tokens === 0n) throw ErrInsufficientShares.plain();
  return decQuoInt(decMulInt(pool.delegatorShares, tokens), pool.tokens);
}

/** {@link sharesFromTokens}, cut off (LegacyDec.QuoTruncate). Throws `staking` 22 where there are no tokens. */
export function sharesFromTokensTruncated(pool: Pool, tokens: bigint): Dec {
  if (pool.tokens === 0n) throw ErrInsufficientShares.plain();
  return decQuoTruncate(decMulInt(pool.delegatorShares, tokens), decFromInteger(pool.tokens));
}

/** Tokens come in for new shares; the first ones at a rate of one. */
export function addTokens<P extends Pool>(pool: P, tokens: bigint): { readonly pool: P; readonly shares: Dec } {
  const shares = pool.delegatorShares === 0n ? decFromInteger(tokens) : sharesFromTokens(pool, tokens);
  return {
    pool: { ...pool, tokens: pool.tokens + tokens, delegatorShares: decAdd(pool.delegatorShares, shares) },
    shares,
  };
}

/** Shares go out for tokens; the last ones take all that is left. */
export function removeShares<P extends Pool>(pool: P, shares: Dec): { readonly pool: P; readonly tokens: bigint } {
  const left = decSub(pool.delegatorShares, shares);
  if (left < 0n) throw new RangeError(`${shares} shares of ${pool.delegatorShares}`);
  const tokens = left === 0n ? pool.tokens : decTruncateInt(tokensFromShares(pool, shares));
  if (tokens > pool.tokens) throw new RangeError(`${tokens} tokens of ${pool.tokens}`);
  return { pool: { ...pool, tokens: pool.tokens - tokens, delegatorShares: left }, tokens };
}

/** Tokens are lost; all shares bear it. */
export function removeTokens<P extends Pool>(pool: P, tokens: bigint): P {
  if (tokens < 0n || tokens > pool.tokens) throw new RangeError(`${tokens} tokens of ${pool.tokens}`);
  return { ...pool, tokens: pool.tokens - tokens };
}
