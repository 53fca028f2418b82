import type { MessageInitShape } from "@bufbuild/protobuf";
import type { EvidenceSchema } from "@computronium/proto/tendermint/types/evidence_pb.js";
import { z } from "zod";

import { base64OrNull, cometTime, hex, int64 } from "./values.js";
import { blockId, commit, header } from "./header.js";

const vote = z
  .object({
    type: z.number(),
    height: int64,
    round: z.number(),
    block_id: blockId,
    timestamp: cometTime,
    validator_address: hex,
    validator_index: z.number(),
    signature: base64OrNull,
    extension: base64OrNull,
    extension_signature: base64OrNull,
  })
  .transform(({ block_id, validator_address, validator_index, extension_signature, ...same }) => ({
    ...same,
    blockId: block_id,
    validatorAddress: validator_address,
    validatorIndex: validator_index,
    extensionSignature: extension_signature,
  }));

const validator = z
  .object({
    address: hex,
    pub_key: z.object({ type: z.literal("tendermint/PubKeyEd25519"), value: base64OrNull }),
    voting_power: int64,
    proposer_priority: int64,
  })
  .transform(({ address, pub_key, voting_power, proposer_priority }) => ({
    address,
    pubKey: { sum: { case: "ed25519" as const, value: pub_key.value } },
    votingPower: voting_power,
    proposerPriority: proposer_priority,
  }));

const duplicateVote = z
  .object({
    type: z.literal("tendermint/DuplicateVoteEvidence"),
    value: z.object({
      vote_a: vote,
      vote_b: vote,
      TotalVotingPower: int64,
      ValidatorPower: int64,
      Timestamp: cometTime,
    }),
  })
  .transform(({ value }): MessageInitShape<typeof EvidenceSchema> => ({
    sum: {
      case: "duplicateVoteEvidence",
      value: {
        voteA: value.vote_a,
        voteB: value.vote_b,
        totalVotingPower: value.TotalVotingPower,
        validatorPower: value.ValidatorPower,
        timestamp: value.Timestamp,
      },
    },
  }));

const lightClientAttack = z
  .object({
    type: z.literal("tendermint/LightClientAttackEvidence"),
    value: z.object({
      ConflictingBlock: z.object({
        signed_header: z.object({ header, commit }),
        validator_set: z.object({ validators: z.array(validator), proposer: validator.nullish() }),
      }),
      CommonHeight: int64,
      ByzantineValidators: z.array(validator).nullish(),
      TotalVotingPower: int64,
      Timestamp: cometTime,
    }),
  })
  .transform(({ value }): MessageInitShape<typeof EvidenceSchema> => {
    const { signed_header: signedHeader, validator_set: set } = value.ConflictingBlock;
    const proposer = set.proposer ?? undefined;
    return {
      sum: {
        case: "lightClientAttackEvidence",
        value: {
          conflictingBlock: {
            signedHeader,
            validatorSet: { validators: set.validators, ...(proposer === undefined ? {} : { proposer }) },
          },
          commonHeight: value.CommonHeight,
          byzantineValidators: value.ByzantineValidators ?? [],
          totalVotingPower: value.TotalVotingPower,
          timestamp: value.Timestamp,
        },
      },
    };
  });

/** One piece of evidence in a block. */
export const evidence = z.union([duplicateVote, lightClientAttack]);
