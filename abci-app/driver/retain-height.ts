/** What decides which blocks CometBFT may drop. */
export interface RetentionNeeds {
  /** The height that is committed. */
  readonly height: bigint;
  /** What the operator wants to keep (`min-retain-blocks`); 0 keeps all. */
  readonly minRetainBlocks: number;
  /** Consensus parameter `evidence.max_age_num_blocks`: evidence may be about blocks as old as this. */
  readonly evidenceAgeBlocks: bigint;
  /** The oldest snapshot that this node has for others, who need the blocks after it; undefined for none. */
  readonly oldestSnapshot: number | undefined;
}

/**
 * However few blocks an operator wants: the application's disk may trail by some blocks, which CometBFT replays after a
 * power cut, and a rollback by hand goes some back.
 */
export const REPLAY_BLOCKS = 1_000n;

/** Blocks below this height may go; 0 for none (ResponseCommit.retain_height). */
export function retainHeight({ height, minRetainBlocks, evidenceAgeBlocks, oldestSnapshot }: RetentionNeeds): bigint {
  if (minRetainBlocks === 0) return 0n;
  let retain = height - BigInt(minRetainBlocks);
  for (const needed of [height - evidenceAgeBlocks, height - REPLAY_BLOCKS]) if (needed < retain) retain = needed;
  if (oldestSnapshot !== undefined && BigInt(oldestSnapshot) < retain) retain = BigInt(oldestSnapshot);
  return retain > 0n ? retain : 0n;
}
