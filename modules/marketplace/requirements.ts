import type {
  NumberClause,
  ProviderAttributes,
  Requirements,
  TextClause,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import {
  Comparison,
  NumberAttribute,
  TextAttribute,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { MisfitReason } from "@computronium/proto/computronium/marketplace/v1/query_pb.js";

import { kindName } from "./types.js";

export const MAX_CLAUSES = 16;
export const MAX_CLAUSE_VALUES = 16;
export const MAX_TEXT_LENGTH = 64;
const TEXT = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Whether a text can be a GPU model or a region: lower case letters and digits in groups joined by dashes. */
export function isAttributeText(text: string): boolean {
  return text.length <= MAX_TEXT_LENGTH && TEXT.test(text);
}

const NUMBERS: ReadonlyMap<NumberAttribute, (attributes: ProviderAttributes) => bigint> = new Map([
  [NumberAttribute.GPU_COUNT, (a: ProviderAttributes) => BigInt(a.gpuCount)],
  [NumberAttribute.VRAM_MIB, (a: ProviderAttributes) => a.vramMib],
  [NumberAttribute.CPU_CORES, (a: ProviderAttributes) => BigInt(a.cpuCores)],
  [NumberAttribute.RAM_MIB, (a: ProviderAttributes) => a.ramMib],
  [NumberAttribute.DISK_MIB, (a: ProviderAttributes) => a.diskMib],
]);

const TEXTS: ReadonlyMap<TextAttribute, (attributes: ProviderAttributes) => string> = new Map([
  [TextAttribute.GPU_MODEL, (a: ProviderAttributes) => a.gpuModel],
  [TextAttribute.REGION, (a: ProviderAttributes) => a.region],
]);

const NUMBER_REASONS: ReadonlyMap<NumberAttribute, MisfitReason> = new Map([
  [NumberAttribute.GPU_COUNT, MisfitReason.NO_PROVIDER_WITH_GPU],
  [NumberAttribute.VRAM_MIB, MisfitReason.NO_PROVIDER_WITH_VRAM],
  [NumberAttribute.CPU_CORES, MisfitReason.NO_PROVIDER_WITH_CPU],
  [NumberAttribute.RAM_MIB, MisfitReason.NO_PROVIDER_WITH_RAM],
  [NumberAttribute.DISK_MIB, MisfitReason.NO_PROVIDER_WITH_DISK],
]);

const TEXT_REASONS: ReadonlyMap<TextAttribute, MisfitReason> = new Map([
  [TextAttribute.GPU_MODEL, MisfitReason.NO_PROVIDER_WITH_GPU],
  [TextAttribute.REGION, MisfitReason.NO_PROVIDER_IN_REGION],
]);

/** What is wrong with requirements, by themselves; undefined when they are sound. */
export function requirementsProblem(requirements: Requirements): string | undefined {
  const { kinds, numbers, texts, minTrustBps } = requirements;
  if (numbers.length + texts.length > MAX_CLAUSES) {
    return `${numbers.length + texts.length} clauses, at most ${MAX_CLAUSES}`;
  }
  if (minTrustBps > 10_000) return `min_trust_bps ${minTrustBps} is above 10000`;
  if (new Set(kinds).size !== kinds.length) return "a kind is there twice";
  const unknownKind = kinds.find((kind) => kindName(kind) === undefined);
  if (unknownKind !== undefined) return `kind ${unknownKind} does not exist`;
  for (const { attribute, comparison } of numbers) {
    if (!NUMBERS.has(attribute)) return `number attribute ${attribute} does not exist`;
    if (comparison < Comparison.AT_LEAST || comparison > Comparison.EQUAL)
      return `comparison ${comparison} does not exist`;
  }
  for (const { attribute, values } of texts) {
    if (!TEXTS.has(attribute)) return `text attribute ${attribute} does not exist`;
    if (values.length < 1 || values.length > MAX_CLAUSE_VALUES) {
      return `a text clause has ${values.length} values, expected 1 to ${MAX_CLAUSE_VALUES}`;
    }
    const bad = values.find((value) => !isAttributeText(value));
    if (bad !== undefined) return `"${bad}" is no value of a text clause: lower case letters, digits and dashes`;
  }
  return undefined;
}

function numberHolds(clause: NumberClause, attributes: ProviderAttributes): boolean {
  const value = NUMBERS.get(clause.attribute)?.(attributes);
  if (value === undefined) return false;
  switch (clause.comparison) {
    case Comparison.AT_LEAST:
      return value >= clause.value;
    case Comparison.AT_MOST:
      return value <= clause.value;
    case Comparison.EQUAL:
      return value === clause.value;
    default:
      return false;
  }
}

function textHolds(clause: TextClause, attributes: ProviderAttributes): boolean {
  const value = TEXTS.get(clause.attribute)?.(attributes);
  return value !== undefined && clause.values.includes(value) !== clause.negate;
}

/** Which requirements the attributes miss, each reason once, in the order of the requirements. Trust is not among them. */
export function unmetRequirements(
  requirements: Requirements,
  attributes: ProviderAttributes,
): ReadonlySet<MisfitReason> {
  const reasons = new Set<MisfitReason>();
  if (requirements.kinds.length > 0 && !requirements.kinds.includes(attributes.kind)) {
    reasons.add(MisfitReason.NO_PROVIDER_OF_KIND);
  }
  for (const clause of requirements.numbers) {
    if (!numberHolds(clause, attributes))
      reasons.add(NUMBER_REASONS.get(clause.attribute) ?? MisfitReason.MISFIT_REASON_UNSPECIFIED);
  }
  for (const clause of requirements.texts) {
    if (!textHolds(clause, attributes))
      reasons.add(TEXT_REASONS.get(clause.attribute) ?? MisfitReason.MISFIT_REASON_UNSPECIFIED);
  }
  return reasons;
}
