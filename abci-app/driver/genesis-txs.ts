import type { ValidatorUpdate as AbciValidatorUpdate } from "@computronium/proto/tendermint/abci/types_pb.js";

import { decodeTx } from "../../core/codec/tx.js";
import type { Context } from "../../core/runtime/context.js";
import { GenesisError } from "../../core/runtime/genesis.js";
import { validatorsOf } from "../../core/runtime/chain.js";
import type { ValidatorUpdate } from "../../core/runtime/module.js";
import type { MultiStore } from "../../core/store/kv.js";
import type { TxEnvironment } from "./execute-tx.js";
import { executeTx } from "./execute-tx.js";

/**
 * Carries out the transactions of a genesis, such as those by which its validators stake, each through the whole ante
 * chain. Returns the validators that are there then.
 *
 * @throws GenesisError that names the transaction which does not succeed.
 */
export function deliverGenesisTxs(
  env: TxEnvironment,
  options: { readonly ctx: Context; readonly stores: MultiStore; readonly txs: readonly Uint8Array[] },
): readonly ValidatorUpdate[] {
  const { ctx, stores, txs } = options;
  if (txs.length === 0) return [];
  for (const [i, bytes] of txs.entries()) {
    const { code, codespace, log, credits } = executeTx(env, {
      tx: decodeTx(bytes),
      mode: "genesis",
      block: ctx.block,
      stores,
    });
    if (code !== 0) throw new GenesisError([`app_state.genutil.gen_txs[${i}]: ${codespace} ${code}: ${log}`]);
    ctx.credits.append(credits);
  }
  return env.chain.modules.flatMap((module) => validatorsOf(module, module.afterGenesisTransactions?.(ctx)));
}

/**
 * Where the genesis file names validators and the state has some of its own, they are the same: baseapp refuses to start
 * otherwise, since CometBFT would go on with others than people read in the file.
 */
export function requireSameValidators(named: readonly AbciValidatorUpdate[], made: readonly ValidatorUpdate[]): void {
  if (named.length === 0 || made.length === 0) return;
  const ofFile = named.map(({ pubKey, power }) => `${hex(pubKey?.sum.value)} with power ${power}`);
  const ofState = new Set(made.map(({ pubKey, power }) => `${hex(pubKey)} with power ${power}`));
  const missing = ofFile.filter((validator) => !ofState.has(validator));
  if (ofFile.length === ofState.size && missing.length === 0) return;
  throw new GenesisError([
    `validators: the file names ${ofFile.length}, app_state.staking and its gen_txs make ${ofState.size}` +
      `${missing.length === 0 ? "" : `; ${missing[0]} is not among them`}. Leave "validators" out of the file`,
  ]);
}

function hex(key: unknown): string {
  return key instanceof Uint8Array ? Buffer.from(key).toString("hex") : "none";
}
