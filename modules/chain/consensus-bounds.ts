import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

/** CometBFT's own bound of a block (types.MaxBlockSizeBytes). */
const MAX_BLOCK_BYTES = 104_857_600n;
/**
 * What a block keeps for its header, the commit of a few hundred validators, and a vote to change the parameters again,
 * when evidence takes all that it may. Below, CometBFT panics: it finds no room for the transactions (types.MaxDataBytes).
 */
const MIN_ROOM_BYTES = 262_144n;
/** The gas of a vote or two: with less a chain could not change it back. */
const MIN_BLOCK_GAS = 1_000_000n;

/**
 * What is wrong with new consensus parameters; undefined when nothing is. CometBFT's own checks (types/params.go,
 * ValidateBasic and ValidateUpdate), where parameters that fail stop every node, and bounds within which a chain can
 * still take its next decision.
 */
export function consensusParamProblem(next: ConsensusParams, current: ConsensusParams | undefined): string | undefined {
  const { block, evidence, validator, abci } = next;
  if (block === undefined || evidence === undefined || validator === undefined) return "all parameters must be present";
  const { maxBytes, maxGas } = block;
  if (maxBytes !== -1n && (maxBytes <= 0n || maxBytes > MAX_BLOCK_BYTES)) {
    return `block.max_bytes is ${maxBytes}; -1, or 1 to ${MAX_BLOCK_BYTES}`;
  }
  if (maxGas !== -1n && maxGas < MIN_BLOCK_GAS) return `block.max_gas is ${maxGas}; -1, or ${MIN_BLOCK_GAS} and more`;

  const bytes = maxBytes === -1n ? MAX_BLOCK_BYTES : maxBytes;
  if (evidence.maxBytes < 0n || evidence.maxBytes > bytes - MIN_ROOM_BYTES) {
    return `evidence.max_bytes is ${evidence.maxBytes}: a block of ${bytes} bytes must have ${MIN_ROOM_BYTES} beside it`;
  }
  if (evidence.maxAgeNumBlocks <= 0n) return `evidence.max_age_num_blocks is ${evidence.maxAgeNumBlocks}; 1 and more`;
  const { seconds = 0n, nanos = 0 } = evidence.maxAgeDuration ?? {};
  const isDuration = seconds >= 0n && seconds <= MAX_DURATION_SECONDS && nanos >= 0 && nanos < 1_000_000_000;
  if (!isDuration || (seconds === 0n && nanos === 0)) return "evidence.max_age_duration is not positive, or too long";

  // The updates of validators that this chain sends have keys of this kind.
  if (validator.pubKeyTypes.length !== 1 || validator.pubKeyTypes[0] !== "ed25519") {
    return `validator.pub_key_types is ${validator.pubKeyTypes.join(", ") || "empty"}; ed25519 alone can be`;
  }
  const extensions = abci?.voteExtensionsEnableHeight ?? 0n;
  if (extensions !== (current?.abci?.voteExtensionsEnableHeight ?? 0n)) {
    return "abci.vote_extensions_enable_height cannot change: votes of this chain carry nothing";
  }
  return undefined;
}

/** As long as Go's time.Duration can be: 292 years. */
const MAX_DURATION_SECONDS = 9_223_372_035n;
