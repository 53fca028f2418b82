import type { PageRequest, PageResponse } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";
import { PageResponseSchema } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";

import type { ByteString } from "../bytes.js";
import { concatBytes, fromByteString, toByteString } from "../bytes.js";
import { create } from "../codec/protobuf.js";
import type { StateMap } from "../collections/collections.js";
import type { ReadContext } from "./context.js";
import { invalidArgument } from "./status.js";

/** What a request without a limit gets, as in the SDK. */
export const DEFAULT_PAGE_LIMIT = 100n;
/** No answer has more entries, whatever was asked for. */
export const MAX_PAGE_LIMIT = 1000n;
/** How many entries `offset` may skip, and `count_total` may count: a page must not cost a walk over all of the state. */
export const MAX_PAGE_SCAN = 100_000n;

export interface PageWalk<K, V> {
  /** Only keys that begin with this, as a key codec's `prefix` makes it. */
  readonly prefix?: ByteString | undefined;
  /** Entries that it refuses do not count, and at most {@link MAX_PAGE_SCAN} are looked at for a page. */
  readonly filter?: ((key: K, value: V) => boolean) | undefined;
}

/**
 * One page of a collection, as cosmos.base.query.v1beta1 describes it: from `key` (a former `next_key`) or from `offset`,
 * at most `limit` entries, forwards or in reverse, with the total where it is asked for and `key` is not set.
 */
export function paginate<K, V>(
  ctx: ReadContext,
  map: StateMap<K, V>,
  request: PageRequest | undefined,
  walk: PageWalk<K, V> = {},
): { readonly entries: readonly (readonly [key: K, value: V])[]; readonly pagination: PageResponse } {
  const from = request === undefined || request.key.length === 0 ? undefined : toByteString(request.key);
  const offset = request?.offset ?? 0n;
  const reverse = request?.reverse ?? false;
  if (from !== undefined && offset > 0n) {
    throw invalidArgument("invalid request, either offset or key is expected, got both");
  }
  const countTotal = from === undefined && (request === undefined || request.countTotal || request.limit === 0n);
  const asked = request === undefined || request.limit === 0n ? DEFAULT_PAGE_LIMIT : request.limit;
  const limit = asked > MAX_PAGE_LIMIT ? MAX_PAGE_LIMIT : asked;
  if (offset > MAX_PAGE_SCAN) throw invalidArgument(`offset is at most ${MAX_PAGE_SCAN}: use the key of the last page`);

  const prefix = walk.prefix ?? ("" as ByteString);
  const at = from === undefined ? undefined : concatBytes(prefix, from);
  const range = reverse
    ? // The page begins with `at` itself; the smallest key above it is `at` and a zero byte.
      { prefix, end: at === undefined ? undefined : ((at + "\0") as ByteString), reverse }
    : { prefix, start: at };
  const entries: (readonly [K, V])[] = [];
  let nextKey: ByteString | undefined;
  let matched = 0n;
  let seen = 0n;
  for (const [rawKey, rawValue] of map.rawEntries(ctx, range)) {
    seen++;
    if (seen > MAX_PAGE_SCAN) {
      nextKey ??= rawKey.slice(prefix.length) as ByteString;
      break;
    }
    const key = map.key.decode(rawKey);
    const value = map.value.decode(rawValue);
    if (walk.filter !== undefined && !walk.filter(key, value)) continue;
    matched++;
    if (matched <= offset) continue;
    if (matched <= offset + limit) {
      entries.push([key, value]);
    } else {
      nextKey ??= rawKey.slice(prefix.length) as ByteString;
      if (!countTotal) break;
    }
  }
  return {
    entries,
    pagination: create(PageResponseSchema, {
      nextKey: nextKey === undefined ? new Uint8Array(0) : fromByteString(nextKey),
      total: countTotal ? matched : 0n,
    }),
  };
}
