import type { GenesisState } from "@computronium/proto/cosmos/slashing/v1beta1/genesis_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/slashing/v1beta1/genesis_pb.js";

import type { Addresses, ConsAddress } from "../../../core/address.js";
import { create } from "../../../core/codec/protobuf.js";
import { RegisteredError } from "../../../core/errors.js";
import type { Context, ReadContext } from "../../../core/runtime/context.js";
import type { GenesisPart } from "../../../core/runtime/module.js";
import { missedIndexes, setMissed } from "./bitmap.js";
import type { SlashingKeeper } from "./keeper.js";
import { defaultParams, MAX_WINDOW, paramProblems } from "./params.js";
import { signingInfos } from "./state.js";

/** cosmos.slashing.v1beta1.GenesisState. */
export function slashingGenesis(keeper: SlashingKeeper): GenesisPart<typeof GenesisStateSchema> {
  const { addresses } = keeper.deps;
  return {
    schema: GenesisStateSchema,
    defaults: () => create(GenesisStateSchema, { params: defaultParams() }),
    validate: (state) => problems(addresses, state),
    init: (ctx, state) => init(ctx, keeper, state),
    export: (ctx) => exportState(ctx, keeper),
  };
}

function problems(
  addresses: Addresses,
  { params, signingInfos: infos, missedBlocks }: GenesisState,
): readonly string[] {
  const found: string[] = [];
  if (params === undefined) found.push("params: missing");
  else for (const problem of paramProblems(params)) found.push(`params.${problem}`);
  const seen = new Set<string>();
  const address = (where: string, kind: string, text: string) => {
    try {
      addresses.consensus.decode(text);
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      found.push(`${where}: ${error.message}`);
    }
    if (seen.has(kind + text)) found.push(`${where}: is there twice`);
    seen.add(kind + text);
  };
  infos.forEach(({ address: text, validatorSigningInfo }, i) => {
    address(`signing_infos[${i}]`, "info", text);
    const { indexOffset = -1n, missedBlocksCounter = -1n } = validatorSigningInfo ?? {};
    if (indexOffset < 0n || missedBlocksCounter < 0n) {
      found.push(`signing_infos[${i}].validator_signing_info: missing, or counts less than nothing`);
    }
  });
  missedBlocks.forEach(({ address: text, missedBlocks: missed }, i) => {
    address(`missed_blocks[${i}]`, "missed", text);
    if (missed.some(({ index }) => index < 0n || index >= MAX_WINDOW)) {
      found.push(`missed_blocks[${i}]: an index is out of range`);
    }
  });
  return found;
}

function init(ctx: Context, keeper: SlashingKeeper, { params, signingInfos: infos, missedBlocks }: GenesisState): void {
  if (params === undefined) throw new Error("app_state.slashing.params: missing");
  const { consensus } = keeper.deps.addresses;
  keeper.setParams(ctx, params);
  for (const { address, validatorSigningInfo } of infos) {
    if (validatorSigningInfo !== undefined) keeper.setInfo(ctx, consensus.decode(address), validatorSigningInfo);
  }
  for (const { address, missedBlocks: missed } of missedBlocks) {
    for (const { index, missed: isMissed } of missed) setMissed(ctx, consensus.decode(address), index, isMissed);
  }
}

function exportState(ctx: ReadContext, keeper: SlashingKeeper): GenesisState {
  const infos = [...signingInfos.entries(ctx)];
  const text = (address: ConsAddress) => keeper.deps.addresses.consensus.encode(address);
  return create(GenesisStateSchema, {
    params: keeper.params(ctx),
    signingInfos: infos.map(([address, validatorSigningInfo]) => ({ address: text(address), validatorSigningInfo })),
    missedBlocks: infos.map(([address]) => ({
      address: text(address),
      missedBlocks: missedIndexes(ctx, address).map((index) => ({ index, missed: true })),
    })),
  });
}
