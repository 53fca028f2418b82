/** Choice and check of a block's transactions. */

export interface ProposalCandidate {
  readonly bytes: Uint8Array;
  /** First signer, by which turns are taken when not all fit. */
  readonly sender: string;
  /** The gas limit as it was signed: what ProcessProposal counts, however large it is. */
  readonly gasWanted: bigint;
}

export interface ProposalLimits {
  /** Sum of {@link encodedSize} of the transactions. */
  readonly maxBytes: number;
  /** Sum of the gas limits; undefined when the chain sets none. */
  readonly maxGas: bigint | undefined;
}

/** What a transaction takes in a block's data: tag, length, bytes (CometBFT types.ComputeProtoSizeForTxs). */
export function encodedSize(txBytes: number): number {
  let lengthBytes = 1;
  for (let rest = txBytes; rest >= 0x80; rest = Math.floor(rest / 128)) lengthBytes++;
  return 1 + lengthBytes + txBytes;
}

/**
 * The transactions of a proposal, in the order in which they arrived. Where not all fit, senders take turns, each with his
 * transactions in order, so that one who sends much leaves room for the others. A sender whose next transaction does not
 * fit is passed over from then on: a later one of his could not run before it.
 */
export function selectTxs(
  candidates: readonly ProposalCandidate[],
  limits: ProposalLimits,
): readonly ProposalCandidate[] {
  const budget = new Budget(limits);
  if (candidates.every((candidate) => budget.take(candidate))) return candidates;

  const bySender = new Map<string, ProposalCandidate[]>();
  for (const candidate of candidates) {
    const queue = bySender.get(candidate.sender);
    if (queue === undefined) bySender.set(candidate.sender, [candidate]);
    else queue.push(candidate);
  }
  const chosen = new Set<ProposalCandidate>();
  const shared = new Budget(limits);
  for (let turn = 0; bySender.size > 0; turn++) {
    for (const [sender, queue] of bySender) {
      const candidate = queue[turn];
      if (candidate !== undefined && shared.take(candidate)) chosen.add(candidate);
      else bySender.delete(sender);
    }
  }
  return candidates.filter((candidate) => chosen.has(candidate));
}

class Budget {
  readonly #limits: ProposalLimits;
  #bytes = 0;
  #gas = 0n;

  constructor(limits: ProposalLimits) {
    this.#limits = limits;
  }

  /** Counts the transaction in, or says that it does not fit. */
  take({ bytes, gasWanted }: ProposalCandidate): boolean {
    const nextBytes = this.#bytes + encodedSize(bytes.length);
    const nextGas = this.#gas + gasWanted;
    if (nextBytes > this.#limits.maxBytes) return false;
    if (this.#limits.maxGas !== undefined && nextGas > this.#limits.maxGas) return false;
    this.#bytes = nextBytes;
    this.#gas = nextGas;
    return true;
  }
}
