import type { Credit } from "../../core/runtime/credits.js";
import type { ChainEvent } from "../../core/runtime/events.js";

/** What became of a transaction; tendermint.abci.ExecTxResult. Gas is an integer in the safe range of a number. */
export interface TxResult {
  /** 0 when it succeeded. */
  readonly code: number;
  readonly codespace: string;
  /** Empty when it succeeded. */
  readonly log: string;
  /** cosmos.base.abci.v1beta1.TxMsgData; empty when it failed. */
  readonly data: Uint8Array;
  readonly gasWanted: number;
  readonly gasUsed: number;
  readonly events: readonly ChainEvent[];
  /** What others get for it at the end of the block. */
  readonly credits: readonly Credit[];
  /** Gas of the ante chain alone; undefined where it refused the transaction. */
  readonly anteGasUsed: number | undefined;
}
