import type { Description } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { DescriptionSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";

import { create } from "../../../core/codec/protobuf.js";
import { ErrInvalidRequest } from "../../../core/errors.js";

/** What leaves a field of a description as it is. */
const DO_NOT_MODIFY = "[do-not-modify]";

/** Bytes; x/staking/types/validator.go. */
const MAX_LENGTHS = [
  ["moniker", "moniker", 70],
  ["identity", "identity", 3000],
  ["website", "website", 140],
  ["securityContact", "security contact", 140],
  ["details", "details", 280],
] as const;

export function isEmptyDescription(description: Description | undefined): boolean {
  return description === undefined || MAX_LENGTHS.every(([field]) => description[field] === "");
}

/** Throws `sdk` 18 for texts that are too long. */
export function checkDescription(description: Description): Description {
  for (const [field, name, max] of MAX_LENGTHS) {
    const length = Buffer.byteLength(description[field], "utf8");
    if (length > max) throw ErrInvalidRequest.with(`invalid ${name} length; got: ${length}, max: ${max}`);
  }
  return description;
}

/** The old description with what the new one changes. Throws `sdk` 18 for texts that are too long. */
export function updatedDescription(before: Description, after: Description): Description {
  const text = (field: (typeof MAX_LENGTHS)[number][0]) =>
    after[field] === DO_NOT_MODIFY ? before[field] : after[field];
  return checkDescription(
    create(DescriptionSchema, {
      moniker: text("moniker"),
      identity: text("identity"),
      website: text("website"),
      securityContact: text("securityContact"),
      details: text("details"),
    }),
  );
}
