/**
 * What can go wrong, as classes to catch by `instanceof`. Everything that the chain refused carries its codespace and
 * code: match on those, never on the text.
 */
export class ComputroniumError extends Error {
  override readonly name: string = "ComputroniumError";
}

/** What the chain says when it refuses something. */
export interface ChainRefusal {
  /** Who refused: `sdk` for what every Cosmos chain has, else a module. */
  readonly codespace: string;
  /** Number within the codespace; never reused. */
  readonly code: number;
  /** The node's words, for a reader. */
  readonly log: string;
}

/** A query that the node answered with an error, such as codespace `sdk` 22 or 38: there is no such thing. */
export class QueryError extends ComputroniumError {
  override readonly name = "QueryError";
  readonly codespace: string;
  readonly code: number;
  /** `/package.Query/Method`. */
  readonly path: string;

  constructor(path: string, refusal: ChainRefusal) {
    super(`${path}: ${refusal.log} (${refusal.codespace} ${refusal.code})`);
    this.path = path;
    this.codespace = refusal.codespace;
    this.code = refusal.code;
  }
}

/** A transaction that did not do what it should. */
export class TxError extends ComputroniumError {
  override readonly name: string = "TxError";
  /** 64 upper-case hexadecimal digits, as explorers show it. */
  readonly txHash: string;
  readonly codespace: string;
  readonly code: number;

  constructor(message: string, txHash: string, refusal: Pick<ChainRefusal, "codespace" | "code">) {
    super(message);
    this.txHash = txHash;
    this.codespace = refusal.codespace;
    this.code = refusal.code;
  }
}

/** The node did not let the transaction into its mempool: nothing was charged, the sequence was not used. */
export class TxRejectedError extends TxError {
  override readonly name = "TxRejectedError";

  constructor(txHash: string, refusal: ChainRefusal) {
    super(`transaction ${txHash} was refused: ${refusal.log} (${refusal.codespace} ${refusal.code})`, txHash, refusal);
  }
}

/** The transaction is in a block and failed there: its fee is paid, its sequence used, its messages undone. */
export class TxFailedError extends TxError {
  override readonly name = "TxFailedError";
  readonly height: number;
  readonly gasUsed: bigint;
  readonly gasWanted: bigint;

  constructor(
    txHash: string,
    refusal: ChainRefusal,
    place: { readonly height: number; readonly gasUsed: bigint; readonly gasWanted: bigint },
  ) {
    super(
      `transaction ${txHash} failed in block ${place.height}: ${refusal.log} (${refusal.codespace} ${refusal.code})`,
      txHash,
      refusal,
    );
    this.height = place.height;
    this.gasUsed = place.gasUsed;
    this.gasWanted = place.gasWanted;
  }
}

/** The last block that could have held the transaction has passed without it; it can never run. Codespace `sdk`, code 30. */
export class TxExpiredError extends TxError {
  override readonly name = "TxExpiredError";
  readonly timeoutHeight: number;

  constructor(txHash: string, timeoutHeight: number) {
    super(`transaction ${txHash} was in no block up to its timeout height ${timeoutHeight}`, txHash, {
      codespace: "sdk",
      code: 30,
    });
    this.timeoutHeight = timeoutHeight;
  }
}

/** Content that is not what its hash promised. */
export class HashMismatchError extends ComputroniumError {
  override readonly name = "HashMismatchError";
  readonly expected: string;
  readonly actual: string;

  constructor(what: string, expected: string, actual: string) {
    super(`${what} has SHA-256 ${actual}, promised was ${expected}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** What was waited for did not come in time. */
export class WaitTimeoutError extends ComputroniumError {
  override readonly name = "WaitTimeoutError";

  constructor(what: string, timeoutMs: number) {
    super(`waited ${timeoutMs} ms for ${what}`);
  }
}

/** The lease is over, and can no longer become what was waited for. */
export class LeaseEndedError extends ComputroniumError {
  override readonly name = "LeaseEndedError";
  readonly leaseId: bigint;
  /** `SETTLED` or `NO_SHOW`; `CLOSING` when its provider gave up. */
  readonly state: string;

  constructor(leaseId: bigint, state: string, awaited: string) {
    super(`lease ${leaseId} is ${state}: it will not be ${awaited}`);
    this.leaseId = leaseId;
    this.state = state;
  }
}
