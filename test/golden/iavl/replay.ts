import type { ByteString } from "../../../core/bytes.js";
import { hexToByteString } from "../../../core/bytes.js";
import { openTemporary } from "../../../core/store/open-temporary.js";
import type { StateStore, StateStoreOptions } from "../../../core/store/state-store.js";

/** What main.go writes; all bytes are hexadecimal. */
export interface GoldenCase {
  readonly name: string;
  readonly seed: number;
  readonly initialVersion: number;
  readonly stores: readonly string[];
  readonly versions: readonly {
    readonly version: number;
    readonly ops: readonly { readonly store: string; readonly key: string; readonly value?: string }[];
    readonly roots: Readonly<Record<string, string>>;
    readonly appHash: string;
  }[];
  readonly proofs: readonly GoldenProof[];
}

export interface GoldenProof {
  readonly version: number;
  readonly appHash?: string;
  readonly store: string;
  readonly key: string;
  readonly value?: string;
  readonly ops: readonly { readonly type: string; readonly key: string; readonly data: string }[];
}

export function hexBytes(hex: string): ByteString {
  const bytes = hexToByteString(hex);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${hex}`);
  return bytes;
}

/** Applies a case to a store of ours; returns the app hash of each version, and the store. */
export function replay(
  golden: GoldenCase,
  options: Partial<StateStoreOptions> = {},
): { readonly store: StateStore; readonly appHashes: readonly string[]; readonly close: () => Promise<void> } {
  const { store, close } = openTemporary(golden.stores, options);
  const appHashes = golden.versions.map(({ version, ops }) => {
    const changes = new Map<string, [ByteString, Uint8Array | undefined][]>();
    for (const { store: name, key, value } of ops) {
      const list = changes.get(name) ?? [];
      list.push([hexBytes(key), value === undefined ? undefined : Buffer.from(value, "hex")]);
      changes.set(name, list);
    }
    store.prepare(changes, { version });
    return Buffer.from(store.commit().appHash).toString("hex");
  });
  return { store, appHashes, close };
}

/** Our proof of what a proof of Go's proves, written as Go's. */
export function proveAs(store: StateStore, { version, store: name, key }: GoldenProof): GoldenProof {
  const { value, ops } = store.prove(name, hexBytes(key), version);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  return {
    version,
    store: name,
    key,
    ...(value === undefined ? {} : { value: hex(value) }),
    ops: ops.map((op) => ({ type: op.type, key: hex(op.key), data: hex(op.data) })),
  };
}
