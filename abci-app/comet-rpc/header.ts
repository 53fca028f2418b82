import { z } from "zod";

import { base64OrNull, cometTime, hex, int64 } from "./values.js";

/** `BlockID` of CometBFT's JSON. */
export const blockId = z
  .object({ hash: hex, parts: z.object({ total: z.number(), hash: hex }) })
  .transform(({ hash, parts }) => ({ hash, partSetHeader: parts }));

/** `Header`; fields in the names of tendermint.types.Header. */
export const header = z
  .object({
    version: z.object({ block: int64, app: int64.optional() }),
    chain_id: z.string(),
    height: int64,
    time: cometTime,
    last_block_id: blockId,
    last_commit_hash: hex,
    data_hash: hex,
    validators_hash: hex,
    next_validators_hash: hex,
    consensus_hash: hex,
    app_hash: hex,
    last_results_hash: hex,
    evidence_hash: hex,
    proposer_address: hex,
  })
  .transform((json) => ({
    version: { block: json.version.block, app: json.version.app ?? 0n },
    chainId: json.chain_id,
    height: json.height,
    time: json.time,
    lastBlockId: json.last_block_id,
    lastCommitHash: json.last_commit_hash,
    dataHash: json.data_hash,
    validatorsHash: json.validators_hash,
    nextValidatorsHash: json.next_validators_hash,
    consensusHash: json.consensus_hash,
    appHash: json.app_hash,
    lastResultsHash: json.last_results_hash,
    evidenceHash: json.evidence_hash,
    proposerAddress: json.proposer_address,
  }));

/** `Commit`: who signed a block. */
export const commit = z
  .object({
    height: int64,
    round: z.number(),
    block_id: blockId,
    signatures: z.array(
      z.object({ block_id_flag: z.number(), validator_address: hex, timestamp: cometTime, signature: base64OrNull }),
    ),
  })
  .transform(({ height, round, block_id, signatures }) => ({
    height,
    round,
    blockId: block_id,
    signatures: signatures.map(({ block_id_flag, validator_address, timestamp, signature }) => ({
      blockIdFlag: block_id_flag,
      validatorAddress: validator_address,
      timestamp,
      signature,
    })),
  }));
