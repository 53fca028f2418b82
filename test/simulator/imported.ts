import type { AbciBlockResult } from "../../abci-app/abci/application.js";
import type { NodeApplicationOptions } from "../../abci-app/node-application.js";
import { blockText, requireSame } from "./block-text.js";
import type { BlockHeader, ScriptedComet } from "./comet/comet.js";
import { powerChanges } from "./comet/comet.js";
import { BrokenPromise } from "./failure.js";
import type { Genesis } from "./replica.js";
import { Replica } from "./replica.js";

/**
 * A second chain that begins with the exported state of the first, at the height after it, and gets the same blocks. Its
 * Merkle roots are others (the trees were not built in the same order and at the same heights), but results, gas, events and changes
 * of validators of each block must be the same, and so must be what both export in the end.
 */
export class ImportedChain {
  readonly #replica: Replica;
  #hasBlocks = false;
  readonly from: bigint;

  private constructor(replica: Replica, from: bigint) {
    this.#replica = replica;
    this.from = from;
  }

  /** Throws {@link BrokenPromise} where the validators of the new chain would be others than those of the old one. */
  static async start(
    source: Replica,
    { comet, genesis }: { readonly comet: ScriptedComet; readonly genesis: Genesis },
    options: Partial<NodeApplicationOptions>,
  ): Promise<ImportedChain> {
    const { appState, consensusParams } = await source.exportState();
    const validators = comet.following.validators.map(({ pubKey, power }) => ({
      pubKey: { sum: { case: "ed25519" as const, value: pubKey } },
      power,
    }));
    const replica = await Replica.start(
      {
        chainId: genesis.chainId,
        appState,
        initialHeight: comet.height + 1n,
        timeNanos: comet.timeNanos,
        consensusParams,
        validators,
      },
      options,
    );
    const answered = powerChanges(replica.validators);
    if (answered.length > 0) {
      const told = (changes: readonly { readonly address: string; readonly power: bigint }[]) =>
        changes.map(({ address, power }) => `${address}: ${power}`).sort((a, b) => (a < b ? -1 : 1));
      try {
        requireSame("validators after import", told(comet.following.validators), told(answered));
      } catch (error) {
        await replica.close();
        throw error;
      }
    }
    return new ImportedChain(replica, comet.height);
  }

  /** Gives it a block of the first chain. */
  async follow(header: BlockHeader, txs: readonly Uint8Array[], expected: AbciBlockResult): Promise<void> {
    const result = await this.#replica.finalize(header, txs);
    requireSame("future after import", blockText(expected), blockText(result));
    await this.#replica.commit();
    this.#hasBlocks = true;
  }

  /** Compares the exported states in the end. A chain that was given no block has no state that it could export. */
  async requireSameState(source: Replica): Promise<void> {
    if (!this.#hasBlocks) return;
    const [one, other] = [await source.exportState(), await this.#replica.exportState()];
    if (one.height !== other.height) throw new BrokenPromise("height after import", `${other.height}`);
    requireSame("state after import", stateText(one.appState), stateText(other.appState));
  }

  async close(): Promise<void> {
    await this.#replica.close();
  }
}

/** A line for each entry of each list of a module's genesis, so that a difference is told where it is. */
export function stateText(appState: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(appState).flatMap(([module, state]) =>
    Object.entries(state as object).flatMap(([name, value]: [string, unknown]) =>
      Array.isArray(value)
        ? value.map((entry) => `${module}.${name}: ${JSON.stringify(entry)}`)
        : [`${module}.${name}: ${JSON.stringify(value)}`],
    ),
  );
}
