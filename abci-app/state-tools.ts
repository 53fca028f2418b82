import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

import type { BlockInfo } from "../core/runtime/context.js";
import { Context, NANOS_PER_SECOND, readContext } from "../core/runtime/context.js";
import { GasMeter } from "../core/runtime/gas.js";
import { exportGenesis } from "../core/runtime/genesis.js";
import { CacheMultiStore } from "../core/store/branch.js";
import { PRUNING } from "../core/store/pruning.js";
import { ReadonlyStateStore } from "../core/store/readonly-state-store.js";
import { StateStore } from "../core/store/state-store.js";
import { readChainConstants, readConsensusParams } from "../modules/chain/index.js";
import { wireChain } from "./app.js";
import { decodeBlockInfo, encodeBlockInfo } from "./driver/block-state.js";
import { ed25519Address } from "./node/keys.js";
import type { ExportedState, ExportOptions, StateTools, TestnetState } from "./node/runtime.js";

/** What commands do with the state of a node of this chain that is stopped, or with a committed height of one that runs. */
export const stateTools: StateTools = {
  open: (path) =>
    StateStore.open({ path, storeNames: wireChain().chain.storeNames, pruning: PRUNING.nothing, cacheBytes: 64 << 20 }),
  export: exportState,
  makeTestnet,
};

/** What the operator of a test network gets, in units that people count in. */
const TESTNET_COINS = 1_000_000_000n;

async function makeTestnet(
  path: string,
  { chainId, operator }: { readonly chainId: string; readonly operator: string },
): Promise<TestnetState> {
  const { addresses, accounts, bank, staking, tokenomics } = wireChain();
  const store = stateTools.open(path);
  try {
    if (store.meta === undefined) throw new Error(`${path} holds no state yet`);
    const { bech32Prefix, baseDenom: denom, displayExponent } = readChainConstants(store.latest());
    addresses.usePrefix(bech32Prefix);
    const address = addresses.account.decode(operator);
    const height = store.version + 1;
    const block = { ...decodeBlockInfo(store.meta), chainId, height: BigInt(height) };
    const stores = new CacheMultiStore(store.latest());
    const ctx = new Context({ block, mode: "genesis", gas: GasMeter.unlimited(), stores });
    if (!accounts.has(ctx, address)) accounts.create(ctx, address);
    const amount = TESTNET_COINS * 10n ** BigInt(displayExponent);
    const before = bank.balance(ctx, address, denom);
    bank.setBalance(ctx, { address, denom, before, after: before + amount });
    bank.initSupply(ctx, denom, bank.supplyOf(ctx, denom) + amount);
    tokenomics.deps.counters.minted(ctx, "testnet", [{ denom, amount }]);
    // Their keys are elsewhere: the one validator of the new genesis file takes their place.
    staking.retireValidators(ctx);
    const consensusParams = readConsensusParams(stores);
    store.prepare(stores.takeChanges(), { version: height, meta: encodeBlockInfo(block, true) });
    store.commit();
    await store.flush();
    return {
      height,
      time: isoTime(block),
      chainId,
      ...(consensusParams === undefined ? {} : { consensusParams: cometParams(consensusParams) }),
    };
  } finally {
    await store.close();
  }
}

async function exportState(path: string, { height, modules, forZeroHeight }: ExportOptions): Promise<ExportedState> {
  const { chain, addresses, staking } = wireChain();
  const unknown = modules?.filter((name) => !chain.modules.some((module) => module.name === name && module.genesis));
  if (unknown !== undefined && unknown.length > 0) {
    const names = chain.modules.flatMap(({ name, genesis }) => (genesis === undefined ? [] : [name]));
    throw new Error(`no module with a genesis is called ${unknown.join(", ")}; there are ${names.join(", ")}`);
  }
  const store = ReadonlyStateStore.open({ path });
  try {
    const at = height ?? store.version;
    const stores = store.at(at);
    const block = decodeBlockInfo(store.metaAt(at));
    addresses.usePrefix(readChainConstants(stores).bech32Prefix);
    const ctx = readContext({ block, mode: "query", stores });
    const all = exportGenesis(chain, ctx, { names: modules, forZeroHeight });
    const validators = staking.activeValidators(ctx).map(({ pubKey, power, name }) => ({
      address: Buffer.from(ed25519Address(pubKey)).toString("hex").toUpperCase(),
      pub_key: { type: "tendermint/PubKeyEd25519" as const, value: Buffer.from(pubKey).toString("base64") },
      power: power.toString(),
      name,
    }));
    const params = readConsensusParams(stores);
    return {
      height: at,
      time: isoTime(block),
      chainId: block.chainId,
      appState: all,
      ...(validators.length === 0 ? {} : { validators }),
      ...(params === undefined ? {} : { consensusParams: cometParams(params) }),
    };
  } finally {
    await store.close();
  }
}

/** RFC 3339 with nanoseconds, as genesis files have it. */
function isoTime({ timeNanos }: BlockInfo): string {
  const seconds = new Date(Number(timeNanos / NANOS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${(timeNanos % NANOS_PER_SECOND).toString().padStart(9, "0")}Z`;
}

/** Consensus parameters as CometBFT's genesis file writes them (types/params.go). */
function cometParams({ block, evidence, validator, version, abci }: ConsensusParams): Record<string, unknown> {
  const age = evidence?.maxAgeDuration;
  return {
    ...(block && { block: { max_bytes: String(block.maxBytes), max_gas: String(block.maxGas) } }),
    ...(evidence && {
      evidence: {
        max_age_num_blocks: String(evidence.maxAgeNumBlocks),
        max_age_duration: String((age?.seconds ?? 0n) * NANOS_PER_SECOND + BigInt(age?.nanos ?? 0)),
        max_bytes: String(evidence.maxBytes),
      },
    }),
    ...(validator && { validator: { pub_key_types: validator.pubKeyTypes } }),
    version: { app: String(version?.app ?? 0n) },
    abci: { vote_extensions_enable_height: String(abci?.voteExtensionsEnableHeight ?? 0n) },
  };
}
