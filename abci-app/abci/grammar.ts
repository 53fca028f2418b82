import type { Request } from "@computronium/proto/tendermint/abci/types_pb.js";

/** A call that may not come now. It is answered with an Exception and never reaches the application. */
export class GrammarError extends Error {
  override readonly name = "GrammarError";
}

export type CallName = NonNullable<Request["value"]["case"]>;

/** The calls that the grammar orders. All others (Info, Query, CheckTx, ListSnapshots, LoadSnapshotChunk) may come at any time. */
const ORDERED: ReadonlySet<CallName> = new Set<CallName>([
  "initChain",
  "prepareProposal",
  "processProposal",
  "extendVote",
  "verifyVoteExtension",
  "finalizeBlock",
  "commit",
  "offerSnapshot",
  "applySnapshotChunk",
]);

/** Those of them that come on the snapshot connection. */
const SNAPSHOT_CALLS: ReadonlySet<CallName> = new Set<CallName>(["offerSnapshot", "applySnapshotChunk"]);

type Origin = object;

/**
 * The order in which calls may come: the grammar of "Requirements for the Application / expected behaviour of CometBFT"
 * (docs.cometbft.com/v0.38/spec/abci/abci++_comet_expected_behavior), of which ADR-108 is the check in CometBFT's own tests.
 *
 * ```
 * start          = (InitChain | state-sync | recovery) heights
 * state-sync     = *(OfferSnapshot *ApplySnapshotChunk) Info
 * heights        = *(*(PrepareProposal | ProcessProposal | ExtendVote | VerifyVoteExtension) FinalizeBlock Commit)
 * ```
 * Heights follow each other. Block sync and replay bring FinalizeBlock without proposals, and after a crash a WAL replay may
 * begin within a height, so between commits the proposal and vote calls are checked for their height alone.
 *
 * CometBFT sends all of these but the snapshot calls on one connection. Once a connection has sent InitChain or
 * FinalizeBlock, no other may send them while it lives: a stranger who reaches the socket cannot put a block of his between two of
 * CometBFT's.
 *
 * CometBFT may restart while the application lives: when the connection that sent InitChain or FinalizeBlock closed before
 * the Commit, the same call may come again on another.
 */
export class CallGrammar {
  /** Height of the last Commit; 0 before the first. */
  #committed: bigint;
  /** The height that comes next; undefined until InitChain or a restored snapshot tells. */
  #next: bigint | undefined;
  /** The connection that decides: the one which InitChain or the last blocks came on. */
  #decider: Origin | undefined;
  #initiator: Origin | undefined;
  #finalized: { readonly height: bigint; readonly origin: Origin } | undefined;
  #running: CallName | undefined;
  /** The connection whose offered snapshot was accepted and is being restored. */
  #restorer: Origin | undefined;
  readonly #gone = new WeakSet<Origin>();

  /** @param committedHeight height of the application's last committed block; 0 when there is none. */
  constructor(committedHeight: bigint) {
    this.#committed = committedHeight;
    this.#next = committedHeight > 0n ? committedHeight + 1n : undefined;
  }

  /** The call that changes state and is in progress. */
  get running(): CallName | undefined {
    return this.#running;
  }

  /**
   * Admits a call or throws a {@link GrammarError}. An admitted ordered call must be ended with {@link end}.
   *
   * @param origin identity of the connection
   * @returns whether the call is an ordered one
   */
  begin(value: Request["value"], origin: Origin): boolean {
    const call = value.case;
    if (call === undefined || !ORDERED.has(call)) return false;
    if (this.#running !== undefined) throw new GrammarError(`${call} came while ${this.#running} is in progress`);
    this.#check(value, origin);
    this.#checkDecider(call, origin);
    this.#running = call;
    return true;
  }

  #check(value: Request["value"], origin: Origin): void {
    switch (value.case) {
      case "initChain":
        if (this.#committed > 0n) throw new GrammarError(`InitChain came, but height ${this.#committed} is committed`);
        if (this.#initiator !== undefined) throw new GrammarError("InitChain came twice");
        if (this.#restorer !== undefined) throw new GrammarError("InitChain came while a snapshot is being restored");
        return;
      case "prepareProposal":
      case "processProposal":
      case "extendVote":
      case "verifyVoteExtension": {
        if (this.#finalized !== undefined)
          throw new GrammarError(`${value.case} came before the Commit of ${this.#next}`);
        this.#checkHeight(value.case, value.value.height);
        return;
      }
      case "finalizeBlock":
        if (this.#finalized !== undefined) {
          throw new GrammarError(`FinalizeBlock of ${value.value.height} came before the Commit of ${this.#next}`);
        }
        this.#checkHeight("FinalizeBlock", value.value.height);
        return;
      case "commit":
        if (this.#finalized === undefined) throw new GrammarError("Commit came without FinalizeBlock");
        if (this.#finalized.origin !== origin) {
          throw new GrammarError(`Commit of ${this.#next} came on another connection than its FinalizeBlock`);
        }
        return;
      case "offerSnapshot":
        if (this.#committed > 0n || this.#initiator !== undefined) {
          throw new GrammarError("OfferSnapshot came, but the chain has a state already");
        }
        return;
      case "applySnapshotChunk":
        if (this.#restorer === undefined)
          throw new GrammarError("ApplySnapshotChunk came without an accepted OfferSnapshot");
        return;
      default:
        return;
    }
  }

  #checkDecider(call: CallName, origin: Origin): void {
    if (SNAPSHOT_CALLS.has(call) || this.#decider === undefined || this.#decider === origin) return;
    throw new GrammarError(`${call} came on another connection than CometBFT's, which still has the word`);
  }

  #checkHeight(call: string, height: bigint): void {
    if (this.#next === undefined) throw new GrammarError(`${call} came before InitChain`);
    if (height !== this.#next) throw new GrammarError(`${call} came for height ${height}; ${this.#next} is next`);
  }

  /** An admitted ordered call was answered. `accepted` is the verdict on an offered snapshot. */
  end(value: Request["value"], origin: Origin, accepted = true): void {
    this.#running = undefined;
    switch (value.case) {
      case "initChain":
        this.#initiator = origin;
        this.#decider = origin;
        // CometBFT sends 1 when the genesis file leaves it out, 0 comes from those who test by hand.
        this.#next = value.value.initialHeight > 0n ? value.value.initialHeight : 1n;
        break;
      case "finalizeBlock":
        this.#finalized = { height: value.value.height, origin };
        this.#decider = origin;
        break;
      case "commit":
        this.#committed = this.#finalized!.height;
        this.#next = this.#committed + 1n;
        this.#finalized = undefined;
        break;
      case "offerSnapshot":
        this.#restorer = accepted ? origin : undefined;
        break;
      default:
        break;
    }
    if (this.#gone.has(origin)) this.#forget(origin);
  }

  /** Info was answered. While a snapshot is restored, a height in the answer says that it is complete. */
  sawInfo(lastBlockHeight: bigint): void {
    if (this.#restorer === undefined || lastBlockHeight <= 0n || this.#running !== undefined) return;
    this.#restorer = undefined;
    this.#committed = lastBlockHeight;
    this.#next = lastBlockHeight + 1n;
  }

  /** A connection closed: what it began and did not commit may begin again. */
  closed(origin: Origin): void {
    this.#gone.add(origin);
    if (this.#running === undefined) this.#forget(origin);
  }

  #forget(origin: Origin): void {
    if (this.#finalized?.origin === origin) this.#finalized = undefined;
    if (this.#decider === origin) this.#decider = undefined;
    if (this.#restorer === origin) this.#restorer = undefined;
    if (this.#initiator === origin && this.#committed === 0n) {
      this.#initiator = undefined;
      this.#next = undefined;
    }
  }
}
