import type { ByteString } from "../bytes.js";
import { fromByteString } from "../bytes.js";
import type { Existence } from "../codec/ics23.js";
import { encodeExistence, encodeNonExistence } from "../codec/ics23.js";
import type { CommitRecord } from "./commit-record.js";
import { decodeCommit } from "./commit-record.js";
import type { Database } from "./database.js";
import { versionKey } from "./database.js";
import { CorruptDatabase, EmptyTreeProof, HeightNotKept, UnknownStore } from "./errors.js";
import type { Entry, KeyRange, ReadonlyKvStore, ReadonlyMultiStore } from "./kv.js";
import { checkKey } from "./kv.js";
import type { StoreRoot } from "./multistore-hash.js";
import { multiStorePath } from "./multistore-hash.js";
import { MissingNode, NodeReader } from "./node-reader.js";
import type { ChildRef, InnerRecord, LeafRecord, NodeRecord } from "./tree/node-codec.js";
import { HASH_BYTES, isLeaf, MalformedRecord, writePreimageHead } from "./tree/node-codec.js";

/** One step of a proof, as `tendermint.crypto.ProofOp`: type, key and an encoded ICS23 CommitmentProof. */
export interface ProofOp {
  readonly type: "ics23:iavl" | "ics23:simple";
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** The value of a key at a height, or that it has none, with a proof against the app hash of that height. */
export interface StateProof {
  readonly height: number;
  readonly value: Uint8Array | undefined;
  /** `ics23:iavl` up to the root of the store, then `ics23:simple` up to the app hash. */
  readonly ops: readonly [ProofOp, ProofOp];
}

export function metaText(commit: CommitRecord): string {
  return Buffer.from(commit.meta, "latin1").toString("utf8");
}

/** The commit record of a height that is kept. Throws CorruptDatabase when it is not there, or not as it was written. */
export function readCommit(database: Database, height: number): CommitRecord {
  const bytes = database.tables.commits.getBinary(versionKey(height));
  if (bytes === undefined) throw new CorruptDatabase(`the commit record of height ${height} is missing`);
  try {
    return decodeCommit(bytes);
  } catch (error) {
    if (error instanceof MalformedRecord) throw new CorruptDatabase(`height ${height}: ${error.message}`);
    throw error;
  }
}

/** The state of committed heights, read from the database: by any thread or process, while blocks go on. */
export class History {
  readonly #database: Database;
  readonly #nodes: NodeReader;
  #rollbacks = 0;
  #names: readonly string[] = [];

  constructor(database: Database) {
    this.#database = database;
    this.#nodes = new NodeReader(database);
  }

  /** The kept heights, as of this moment. */
  heights(): { earliest: number; latest: number } {
    this.#database.refresh();
    const { earliest, latest, rollbacks } = this.#database.status();
    if (rollbacks !== this.#rollbacks) {
      this.#nodes.clear();
      this.#rollbacks = rollbacks;
    }
    return { earliest, latest };
  }

  commit(height: number): CommitRecord {
    const { earliest, latest } = this.heights();
    if (!Number.isSafeInteger(height) || height < earliest || height > latest || height < 1) {
      throw new HeightNotKept(height, earliest, latest);
    }
    return readCommit(this.#database, height);
  }

  at(height: number): ReadonlyMultiStore {
    const commit = this.commit(height);
    return { store: (name) => this.#tree(height, commit, name) };
  }

  prove(storeName: string, key: ByteString, height: number): StateProof {
    checkKey(key);
    const commit = this.commit(height);
    const tree = this.#tree(height, commit, storeName);
    const { value, data } = tree.prove(key);
    const roots = this.#roots(commit);
    const root = roots.find(({ name }) => name === storeName);
    const path = multiStorePath(roots, storeName);
    if (root === undefined || path === undefined) throw new UnknownStore(storeName);
    const nameBytes = Buffer.from(storeName, "utf8");
    const nameProof = {
      key: nameBytes.latin1Slice() as ByteString,
      value: root.hash,
      leafPrefix: "\x00" as ByteString,
      path,
    };
    return {
      height,
      value: value === undefined ? undefined : fromByteString(value),
      ops: [
        { type: "ics23:iavl", key: fromByteString(key), data },
        { type: "ics23:simple", key: nameBytes, data: encodeExistence(nameProof) },
      ],
    };
  }

  #roots(commit: CommitRecord): StoreRoot[] {
    return commit.roots.map(({ store, hash }) => ({ name: this.#name(store), hash }));
  }

  #name(store: number): string {
    // Names are only ever added, so those already read stay right.
    if (this.#names[store] === undefined) this.#names = this.#database.names();
    const name = this.#names[store];
    if (name === undefined) throw new CorruptDatabase(`store ${store} has no name`);
    return name;
  }

  /** The nodes of a height. Throws HeightNotKept, at once or when the height goes meanwhile. */
  reader(height: number): HeightReader {
    const commit = this.commit(height);
    return { commit, storeName: (store) => this.#name(store), read: this.#nodesOf(height) };
  }

  #nodesOf(height: number): HeightReader["read"] {
    return (store, node) => {
      try {
        return this.#nodes.read(store, node);
      } catch (error) {
        if (!(error instanceof MissingNode)) throw error;
        const { earliest, latest } = this.heights();
        if (height < earliest || height > latest) throw new HeightNotKept(height, earliest, latest);
        throw new CorruptDatabase(error.message);
      }
    };
  }

  #tree(height: number, commit: CommitRecord, name: string): HistoricalTree {
    const root = commit.roots.find(({ store }) => this.#name(store) === name);
    if (root === undefined) throw new UnknownStore(name);
    const read = this.#nodesOf(height);
    return new HistoricalTree(name, height, root.version === 0 ? undefined : root, (node) => read(root.store, node));
  }
}

/** Everything of one height. */
export interface HeightReader {
  readonly commit: CommitRecord;
  readonly storeName: (store: number) => string;
  readonly read: (store: number, node: ChildRef) => NodeRecord;
}

/** One tree at one height. */
export class HistoricalTree implements ReadonlyKvStore {
  readonly #name: string;
  readonly #height: number;
  readonly #root: ChildRef | undefined;
  readonly #read: (node: ChildRef) => NodeRecord;

  constructor(name: string, height: number, root: ChildRef | undefined, read: (node: ChildRef) => NodeRecord) {
    this.#name = name;
    this.#height = height;
    this.#root = root;
    this.#read = read;
  }

  get(key: ByteString): Uint8Array | undefined {
    const value = this.#leaf(key)?.value;
    return value === undefined ? undefined : fromByteString(value);
  }

  has(key: ByteString): boolean {
    return this.#leaf(key) !== undefined;
  }

  *iterate(range: KeyRange): IterableIterator<Entry> {
    for (const { key, value } of this.#leaves(range)) yield [key, fromByteString(value)];
  }

  /** The value, and an encoded ICS23 CommitmentProof of it or of its absence. */
  prove(key: ByteString): { value: ByteString | undefined; data: Uint8Array } {
    if (this.#root === undefined) throw new EmptyTreeProof(this.#name, this.#height);
    const proof = this.#existence(this.#root, key);
    if (proof.key === key) return { value: proof.value, data: encodeExistence(proof) };
    const left = this.#neighbour(this.#root, { end: key, reverse: true });
    const right = this.#neighbour(this.#root, { start: key });
    return { value: undefined, data: encodeNonExistence({ key, left, right }) };
  }

  #neighbour(root: ChildRef, range: KeyRange): Existence | undefined {
    for (const leaf of this.#leaves(range)) return this.#existence(root, leaf.key);
    return undefined;
  }

  #leaf(key: ByteString): LeafRecord | undefined {
    if (this.#root === undefined) return undefined;
    let node = this.#read(this.#root);
    while (!isLeaf(node)) node = this.#read(key < node.key ? node.left : node.right);
    return node.key === key ? node : undefined;
  }

  /** The proof of the leaf to which the key leads. */
  #existence(root: ChildRef, key: ByteString): Existence {
    const path: Existence["path"][number][] = [];
    let ref = root;
    let node = this.#read(ref);
    while (!isLeaf(node)) {
      const isLeft: boolean = key < node.key;
      path.unshift(proofStep(node, ref.version, isLeft));
      ref = isLeft ? node.left : node.right;
      node = this.#read(ref);
    }
    const leafPrefix = preimageHead({ height: 0, size: 1, version: ref.version });
    return { key: node.key, value: node.value, leafPrefix, path };
  }

  *#leaves({ start, end, reverse = false }: KeyRange): IterableIterator<LeafRecord> {
    if (this.#root === undefined) return;
    const pending = [this.#root];
    for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
      const node = this.#read(ref);
      if (isLeaf(node)) {
        if ((start === undefined || node.key >= start) && (end === undefined || node.key < end)) yield node;
        continue;
      }
      const left = start === undefined || start < node.key ? node.left : undefined;
      const right = end === undefined || end > node.key ? node.right : undefined;
      const [first, second] = reverse ? [right, left] : [left, right];
      if (second !== undefined) pending.push(second);
      if (first !== undefined) pending.push(first);
    }
  }
}

const LENGTH_PREFIX = String.fromCharCode(HASH_BYTES);

function preimageHead(node: { height: number; size: number; version: number }): ByteString {
  const out = Buffer.alloc(32);
  return out.latin1Slice(0, writePreimageHead(out, node)) as ByteString;
}

/** What surrounds a child's hash in the preimage of its parent. */
function proofStep(node: InnerRecord, version: number, isLeft: boolean): Existence["path"][number] {
  const head = preimageHead({ height: node.height, size: node.size, version }) + LENGTH_PREFIX;
  return isLeft
    ? { prefix: head as ByteString, suffix: (LENGTH_PREFIX + node.right.hash) as ByteString }
    : { prefix: (head + node.left.hash + LENGTH_PREFIX) as ByteString, suffix: "" as ByteString };
}
