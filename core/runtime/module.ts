import type { DescMessage, MessageShape } from "@bufbuild/protobuf";

import type { ConsensusParams } from "@computronium/proto/tendermint/types/params_pb.js";

import type { Schema } from "../collections/schema.js";
import type { Context, ReadContext } from "./context.js";
import type { MsgRoute, QueryRoute } from "./router.js";
import type { Migration } from "./upgrades.js";

/** A change of a validator's power, as FinalizeBlock and InitChain return it. Power 0 removes the validator. */
export interface ValidatorUpdate {
  readonly pubKeyType: "ed25519";
  readonly pubKey: Uint8Array;
  readonly power: bigint;
}

/** One module's part of the genesis file: `app_state.<module name>` in proto3 JSON. */
export interface GenesisPart<D extends DescMessage = DescMessage> {
  readonly schema: D;
  /** Set where the parts of other modules cannot be checked as long as this one does not fit. */
  readonly othersNeedIt?: boolean;
  /** What a fresh chain starts with. */
  defaults(): MessageShape<D>;
  /** Problems of the state by itself, each with where it is (`balances[3].coins[0].amount: …`); empty when it is sound. */
  validate(state: MessageShape<D>): readonly string[];
  /** Writes the state. May return the first validators. Throws a GenesisError where it does not fit the state of modules before it. */
  init(ctx: Context, state: MessageShape<D>): readonly ValidatorUpdate[] | void;
  /** Transactions that are carried out once all modules have their state. The chain does not start unless each succeeds. */
  transactions?(state: MessageShape<D>): readonly Uint8Array[];
  /** The state, so that `init` of it makes the same one again. */
  export(ctx: ReadContext): MessageShape<D>;
}

/** Keeps the type of the schema inside, so that a list of modules can hold parts of all kinds. */
export function genesisPart<D extends DescMessage>(part: GenesisPart<D>): GenesisPart {
  return part as unknown as GenesisPart;
}

/** Something that must hold at every height. Undefined when it does, else what is wrong, with the figures. */
export interface Invariant {
  readonly name: string;
  check(ctx: ReadContext): string | undefined;
}

/** A part of the chain: state, messages, queries, hooks. */
export interface AppModule {
  readonly name: string;
  /**
   * Whether it says who the validators are. One module of a chain may: two that changed the same validator in one block would leave
   * CometBFT with a set that neither meant, or none that it takes.
   */
  readonly ownsValidators?: boolean;
  /** Its collections; one store each. */
  readonly schemas: readonly Schema[];
  readonly msgRoutes?: readonly MsgRoute[];
  readonly queryRoutes?: readonly QueryRoute[];
  readonly genesis?: GenesisPart;
  readonly invariants?: readonly Invariant[];
  /** Version of its state; 1 by default. A program with a higher one has a migration from each version between. */
  readonly consensusVersion?: bigint;
  readonly migrations?: readonly Migration[];
  /**
   * What must hold at the end of every block, at a cost that does not grow with the state: conservation of what the block
   * moved. Undefined when it does, else what is wrong.
   */
  checkBlock?(ctx: ReadContext): string | undefined;
  /**
   * Brings to an end what blocks do slice by slice, in a copy of the state that is about to be exported: all modules are exported as
   * they are then, so that their parts fit each other.
   */
  beforeExport?(ctx: Context): void;
  /** Forgets heights, in such a copy, for a chain that counts its blocks from 1 again. */
  forgetHeights?(ctx: Context): void;
  /** Keeps the consensus parameters with which CometBFT starts the chain. Runs after genesis. */
  initConsensusParams?(ctx: Context, params: ConsensusParams): void;
  /** Runs after the transactions of genesis, where it has some. */
  afterGenesisTransactions?(ctx: Context): readonly ValidatorUpdate[] | void;
  /** Runs before the transactions of every block. */
  beginBlock?(ctx: Context): void;
  /** Runs after the transactions of every block. */
  endBlock?(ctx: Context): readonly ValidatorUpdate[] | void;
}
