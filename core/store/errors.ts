import { ErrInvalidRequest, ErrUnknownRequest, RegisteredError } from "../errors.js";

/**
 * What the state store refuses. What a query can cause is a registered error; the others are faults of the node's
 * operation and stop it.
 */

/** The state of a height is not (or not any more) in the database. */
export class HeightNotKept extends RegisteredError {
  readonly height: number;
  /** The lowest height whose state can be read; 0 when nothing was committed yet. */
  readonly earliest: number;
  readonly latest: number;

  constructor(height: number, earliest: number, latest: number) {
    const kept = latest === 0 ? "nothing is committed yet" : `heights ${earliest} to ${latest} are kept`;
    super(ErrInvalidRequest.codespace, ErrInvalidRequest.code, `no state at height ${height}: ${kept}`);
    this.height = height;
    this.earliest = earliest;
    this.latest = latest;
  }
}

/** No store has this name at this height. */
export class UnknownStore extends RegisteredError {
  constructor(name: string) {
    super(ErrUnknownRequest.codespace, ErrUnknownRequest.code, `no such store: ${name}`);
  }
}

/** Nothing can be proven in an empty tree: ICS23 has no proof of absence without a neighbour. */
export class EmptyTreeProof extends RegisteredError {
  constructor(storeName: string, height: number) {
    super(
      ErrInvalidRequest.codespace,
      ErrInvalidRequest.code,
      `store ${storeName} is empty at height ${height}: there is no proof of absence in an empty tree`,
    );
  }
}

/** A database or setting that this program must not work with. The message says what to do; nothing was changed. */
export class DatabaseError extends Error {
  override readonly name: string = "DatabaseError";
}

/** The disk did not take a write: it is full, or fails. What is on it is a whole height all the same. */
export class StateNotWritten extends DatabaseError {
  override readonly name: string = "StateNotWritten";
}

/** The folder holds something that is not a state database of this program and layout. */
export class ForeignDatabase extends DatabaseError {
  override readonly name: string = "ForeignDatabase";
}

/** Bytes of the database are not what was written. */
export class CorruptDatabase extends DatabaseError {
  override readonly name: string = "CorruptDatabase";

  constructor(what: string) {
    super(
      `the state database is damaged: ${what}. Stop the node, check the disk, then restore a backup of the data folder or state-sync again`,
    );
  }
}
