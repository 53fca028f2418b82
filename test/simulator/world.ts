import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Query as AuthQuery } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import { Query as BankQuery } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";

import { toBinary, create } from "../../core/codec/protobuf.js";
import type { SignedMessage, SignOptions } from "../kit/signer.js";
import type { Actor } from "./actors.js";
import { SOCIAL } from "./actors.js";
import type { ScriptedComet } from "./comet/comet.js";
import type { SeededRandom } from "./random.js";
import type { Replica } from "./replica.js";
import { QueryRefused } from "./replica.js";
import { DENOM } from "./denoms.js";
import { CHAIN_ID } from "./genesis.js";

export interface PastTx {
  readonly bytes: Uint8Array;
  readonly isUnordered: boolean;
}

/** What operations see: the chain as any client sees it, by queries of the last committed block, and the actors' keys. */
export class World {
  readonly actors: readonly Actor[];
  readonly comet: ScriptedComet;
  readonly #replica: Replica;
  /** Answers of queries about the last block. */
  readonly #answers = new Map<string, unknown>();
  /** Actors whose sequence is known since the last block. */
  readonly #known = new Set<Actor>();
  /** Transactions that succeeded, some of which are sent again. */
  past: PastTx[] = [];

  constructor(parts: { readonly actors: readonly Actor[]; readonly comet: ScriptedComet; readonly replica: Replica }) {
    this.actors = parts.actors;
    this.comet = parts.comet;
    this.#replica = parts.replica;
  }

  /** A block was committed: all has to be asked anew. */
  turnPage(): void {
    this.#answers.clear();
    this.#known.clear();
  }

  get timeSeconds(): bigint {
    return this.comet.timeNanos / 1_000_000_000n;
  }

  /** Asks a query service. Throws {@link QueryRefused}. */
  async ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>> {
    const data = Buffer.from(toBinary(method.input, create(method.input, request))).toString("hex");
    const key = `${method.parent.typeName}/${method.name}/${data}`;
    if (!this.#answers.has(key)) this.#answers.set(key, await this.#replica.ask(method, request));
    return this.#answers.get(key) as MessageShape<O>;
  }

  /** {@link ask}, undefined where the answer is that there is none. */
  async find<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O> | undefined> {
    try {
      return await this.ask(method, request);
    } catch (error) {
      if (error instanceof QueryRefused) return undefined;
      throw error;
    }
  }

  async balance(address: string, denom = DENOM): Promise<bigint> {
    const { balance } = await this.ask(BankQuery.method.balance, { address, denom });
    return BigInt(balance?.amount ?? "0");
  }

  /** What an account may send. */
  async spendable(address: string, denom = DENOM): Promise<bigint> {
    const { balance } = await this.ask(BankQuery.method.spendableBalanceByDenom, { address, denom });
    return BigInt(balance?.amount ?? "0");
  }

  /** An actor who can pay for a transaction. */
  async someone(random: SeededRandom): Promise<Actor | undefined> {
    for (let tries = 0; tries < 4; tries++) {
      const actor = random.pick(this.actors);
      if ((await this.spendable(actor.address)) >= 10n * FEE) return actor;
    }
    return undefined;
  }

  /** Another actor, who may not be an account yet. */
  anyoneBut(random: SeededRandom, { index }: Actor): Actor {
    const other = random.below(SOCIAL - 1);
    return this.actors[other < index ? other : other + 1]!;
  }

  /** Somebody who has no account and gets none by a transfer; undefined when there is none left. */
  async latecomer(random: SeededRandom): Promise<Actor | undefined> {
    const actor = this.actors[SOCIAL + random.below(this.actors.length - SOCIAL)]!;
    const account = await this.find(AuthQuery.method.accountInfo, { address: actor.address });
    return account === undefined ? actor : undefined;
  }

  actorAt(address: string): Actor | undefined {
    return this.actors.find((actor) => actor.address === address || actor.valoper === address);
  }

  /** A signed transaction; the next one of the actor in this block follows it. */
  async sign(
    actor: Actor,
    messages: readonly (SignedMessage | undefined)[],
    options: SignOptions = {},
  ): Promise<Uint8Array> {
    const { signer } = actor;
    await this.learnSequence(actor);
    const fee = [{ denom: DENOM, amount: FEE.toString() }];
    return signer.sign(
      messages.filter((message) => message !== undefined),
      { chainId: CHAIN_ID, gas: GAS, fee, ...options },
    );
  }

  /** What the last block left as the sequence of an actor, unless he has signed since. */
  async learnSequence(actor: Actor): Promise<void> {
    if (this.#known.has(actor)) return;
    this.#known.add(actor);
    const answer = await this.find(AuthQuery.method.accountInfo, { address: actor.address });
    actor.signer.accountNumber = answer?.info?.accountNumber ?? 0n;
    actor.signer.sequence = answer?.info?.sequence ?? 0n;
  }
}

/** Below what is executed ahead of a block (abci-app/driver/ahead.ts). */
export const GAS = 900_000n;
export const FEE = 5_000n;
