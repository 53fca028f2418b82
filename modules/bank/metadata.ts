import type { DenomUnit, Metadata } from "@computronium/proto/cosmos/bank/v1beta1/bank_pb.js";

import { isDenom } from "../../core/math/coins.js";

/** What is wrong with the description of a denom, each with its field (x/bank/types/metadata.go); empty when nothing is. */
export function metadataProblems(metadata: Metadata): readonly string[] {
  const { name, symbol, base, display, denomUnits } = metadata;
  const problems: string[] = [];
  if (name.trim() === "") problems.push("name: name field cannot be blank");
  if (symbol.trim() === "") problems.push("symbol: symbol field cannot be blank");
  if (!isDenom(base)) problems.push(`base: invalid metadata base denom: invalid denom: ${base}`);
  if (!isDenom(display)) problems.push(`display: invalid metadata display denom: invalid denom: ${display}`);
  const seen = new Set<string>();
  denomUnits.forEach((unit, i) => {
    for (const problem of unitProblems(unit)) problems.push(`denom_units[${i}].${problem}`);
    if (seen.has(unit.denom)) problems.push(`denom_units[${i}].denom: duplicate denomination unit ${unit.denom}`);
    seen.add(unit.denom);
    const before = denomUnits[i - 1];
    if (before !== undefined) {
      if (before.exponent >= unit.exponent) {
        problems.push(`denom_units[${i}].exponent: denom units should be sorted asc by exponent`);
      }
      return;
    }
    if (unit.denom !== base) {
      problems.push(
        `denom_units[0].denom: metadata's first denomination unit must be the one with base denom '${base}'`,
      );
    }
    if (unit.exponent !== 0) {
      problems.push(`denom_units[0].exponent: the exponent for base denomination unit ${base} must be 0`);
    }
  });
  if (!seen.has(display)) {
    problems.push(`denom_units: metadata must contain a denomination unit with display denom '${display}'`);
  }
  return problems;
}

function unitProblems({ denom, aliases }: DenomUnit): string[] {
  const problems: string[] = [];
  if (!isDenom(denom)) problems.push(`denom: invalid denom unit: invalid denom: ${denom}`);
  const seen = new Set<string>();
  aliases.forEach((alias, i) => {
    if (seen.has(alias)) problems.push(`aliases[${i}]: duplicate denomination unit alias ${alias}`);
    if (alias.trim() === "") problems.push(`aliases[${i}]: alias for denom unit ${denom} cannot be blank`);
    seen.add(alias);
  });
  return problems;
}
