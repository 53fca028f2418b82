import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

import type { AccAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import type { ByteString } from "../../core/bytes.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { brandedBytesKey, pairKey, stringKey } from "../../core/collections/keys.js";
import { Schema } from "../../core/collections/schema.js";
import { amountValue } from "../../core/collections/values.js";
import { ErrInsufficientFunds, RegisteredError } from "../../core/errors.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { Context as StateContext, NANOS_PER_SECOND, readContext } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppModule } from "../../core/runtime/module.js";
import type { MsgRoute, QueryRoute } from "../../core/runtime/router.js";
import { RouteTable } from "../../core/runtime/router.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { ReadonlyKvStore, ReadonlyMultiStore } from "../../core/store/kv.js";
import type { StateStore } from "../../core/store/state-store.js";
import { MarketplaceKeeper, marketplaceModule } from "../../modules/marketplace/index.js";
import type { BurningPurse } from "../../modules/marketplace/index.js";
import { ReputationKeeper, reputationModule } from "../../modules/reputation/index.js";

export const DENOM = "ucptm";
export const START_TIME = 1_800_000_000n;

const emptyStore: ReadonlyKvStore = {
  get: () => undefined,
  has: () => false,
  iterate: () => [][Symbol.iterator]() as IterableIterator<never>,
};

/** Balances of accounts, in the state like everything else, so that failed messages leave no trace in them. */
export class Ledger {
  readonly #schema = new Schema("ledger");
  readonly #key = pairKey(brandedBytesKey<AccAddress>(), stringKey);
  readonly #balances = this.#schema.map(0x01, "balances", this.#key, amountValue);

  balance(ctx: ReadContext, address: AccAddress, denom: string): bigint {
    return this.#balances.get(ctx, [address, denom]) ?? 0n;
  }

  supply(ctx: ReadContext, denom: string): bigint {
    let sum = 0n;
    for (const [[, of], amount] of this.#balances.entries(ctx)) if (of === denom) sum += amount;
    return sum;
  }

  add(ctx: Context, address: AccAddress, denom: string, delta: bigint): void {
    const amount = this.balance(ctx, address, denom) + delta;
    if (amount < 0n) throw ErrInsufficientFunds.with(`${-delta}${denom}`);
    this.#balances.set(ctx, [address, denom], amount);
  }

  purse(account: AccAddress): BurningPurse {
    const move = (ctx: Context, from: AccAddress, to: AccAddress, denom: string, amount: bigint) => {
      if (amount <= 0n) throw new Error(`a transfer of ${amount}`);
      this.add(ctx, from, denom, -amount);
      this.add(ctx, to, denom, amount);
    };
    return {
      collect: (ctx, from, { denom, amount }) => move(ctx, from, account, denom, amount),
      pay: (ctx, to, { denom, amount }) => move(ctx, account, to, denom, amount),
      burn: (ctx, { denom, amount }) => this.add(ctx, account, denom, -amount),
      balance: (ctx, denom) => this.balance(ctx, account, denom),
    };
  }
}

export type Outcome<R> =
  | { readonly ok: true; readonly response: R; readonly events: readonly ChainEvent[] }
  | { readonly ok: false; readonly codespace: string; readonly code: number; readonly message: string };

export interface ChainOptions {
  /** Genesis of modules by name; their defaults where it is left out. */
  readonly genesis?: ReadonlyMap<string, unknown>;
  /** Balances of the beginning. */
  readonly balances?: (chain: MarketChain, ctx: Context) => void;
  /** Where every block is committed to; in memory, in one layer, without it. */
  readonly committed?: StateStore;
}

/** Stores that a {@link ChainOptions.committed} needs. */
export const STORES = ["ledger", "marketplace", "reputation"];

/** Market and reputation in one process, driven by messages and blocks with a clock that the test turns. */
export class MarketChain {
  readonly addresses = new Addresses("cptm");
  readonly ledger = new Ledger();
  readonly escrowAccount = moduleAddress("marketplace_escrow");
  readonly bondAccount = moduleAddress("marketplace_bonds");
  readonly treasury = moduleAddress("marketplace_treasury");
  readonly authority = moduleAddress("gov");
  readonly reputation = new ReputationKeeper({ addresses: this.addresses, authority: this.authority });
  readonly keeper = new MarketplaceKeeper({
    addresses: this.addresses,
    escrowPurse: this.ledger.purse(this.escrowAccount),
    bondPurse: this.ledger.purse(this.bondAccount),
    treasury: this.treasury,
    authority: this.authority,
    reputation: this.reputation,
  });
  readonly modules: readonly AppModule[] = [
    reputationModule({ keeper: this.reputation, defaultDenom: DENOM }),
    marketplaceModule({ keeper: this.keeper, defaultDenom: DENOM }),
  ];
  readonly #stores: CacheMultiStore;
  readonly #committed: StateStore | undefined;
  readonly #msgs = new RouteTable<MsgRoute>();
  readonly #queries = new RouteTable<QueryRoute>();
  #time = START_TIME;
  #height = 1n;

  constructor(options: ChainOptions = {}) {
    this.#committed = options.committed;
    const empty: ReadonlyMultiStore = { store: () => emptyStore };
    this.#stores = new CacheMultiStore(options.committed?.latest() ?? empty);
    for (const module of this.modules) {
      for (const route of module.msgRoutes ?? []) this.#msgs.add(route.typeUrl, route);
      for (const route of module.queryRoutes ?? []) this.#queries.add(route.path, route);
    }
    const ctx = this.context();
    options.balances?.(this, ctx);
    for (const { name, genesis } of this.modules) {
      const state = (options.genesis?.get(name) ?? genesis!.defaults()) as never;
      const problems = genesis!.validate(state);
      if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`);
      genesis!.init(ctx, state);
    }
    this.#commit();
  }

  get time(): bigint {
    return this.#time;
  }

  /** A context that writes into the chain directly. */
  context(gas = GasMeter.unlimited()): Context {
    const block = {
      chainId: "test-1",
      height: this.#height,
      timeNanos: this.#time * NANOS_PER_SECOND,
      proposerAddress: new Uint8Array(0),
    };
    return new StateContext({ block, mode: "finalize", gas, stores: this.#stores });
  }

  reader(): ReadContext {
    const { block } = this.context();
    return readContext({ block, mode: "query", stores: this.#stores });
  }

  /** Account number n. */
  actor(n: number): string {
    return this.addresses.account.encode(String.fromCharCode(n).padStart(20, "a") as ByteString as AccAddress);
  }

  bytes(address: string): AccAddress {
    return this.addresses.account.decode(address);
  }

  fund(address: string, amount: bigint, denom = DENOM): void {
    this.ledger.add(this.context(), this.bytes(address), denom, amount);
  }

  balance(address: string, denom = DENOM): bigint {
    return this.ledger.balance(this.reader(), this.bytes(address), denom);
  }

  /** Sends one message as a transaction of its own: through its bytes, checked, and without a trace if it fails. */
  send<I extends DescMessage, R = Record<string, unknown>>(schema: I, fields: MessageInitShape<I>): Outcome<R> {
    const route = this.#msgs.get(`/${schema.typeName}`);
    if (route === undefined) throw new Error(`${schema.typeName} has no handler`);
    const msg = fromBinary(schema, toBinary(schema, create(schema, fields)));
    const { context, commit } = this.context().branch();
    try {
      route.check(msg);
      const response = route.execute(context, msg) as R;
      commit();
      return { ok: true, response, events: context.events.list() };
    } catch (error) {
      if (!(error instanceof RegisteredError)) throw error;
      return { ok: false, codespace: error.codespace, code: error.code, message: error.message };
    }
  }

  /** Like {@link send}, for what must succeed. */
  must<I extends DescMessage, R = Record<string, unknown>>(
    schema: I,
    fields: MessageInitShape<I>,
  ): { readonly response: R; readonly events: readonly ChainEvent[] } {
    const outcome = this.send<I, R>(schema, fields);
    if (!outcome.ok) throw new Error(`${schema.typeName}: ${outcome.codespace} ${outcome.code}: ${outcome.message}`);
    return outcome;
  }

  query<I extends DescMessage, O extends DescMessage>(
    path: string,
    request: I,
    _response: O,
    fields: MessageInitShape<I>,
  ): MessageShape<O> {
    const route = this.#queries.get(path);
    if (route === undefined) throw new Error(`${path} is no query`);
    const answer = route.answer(this.reader(), create(request, fields));
    return fromBinary(route.method.output, toBinary(route.method.output, answer)) as MessageShape<O>;
  }

  /** Ends the block, and begins the next one so many seconds later. Returns the events of its end. */
  endBlock(secondsToNext = 1n): readonly ChainEvent[] {
    const ctx = this.context();
    for (const module of this.modules) module.endBlock?.(ctx);
    this.#commit();
    this.#height += 1n;
    this.#time += secondsToNext;
    return ctx.events.list();
  }

  #commit(): void {
    if (this.#committed === undefined) return;
    const version = this.#committed.version + 1;
    this.#committed.prepare(this.#stores.takeChanges(), { version, meta: "" });
    this.#committed.commit();
  }

  /** Lets time pass in one step, then handles what is due, block after block, until nothing is. */
  pass(seconds: bigint): readonly ChainEvent[] {
    this.endBlock(seconds);
    const events: ChainEvent[] = [];
    for (;;) {
      const some = this.endBlock(0n);
      events.push(...some);
      if (some.length === 0) return events;
    }
  }

  /** What is broken, by any invariant of any module. */
  broken(): string | undefined {
    for (const module of this.modules) {
      for (const { name, check } of module.invariants ?? []) {
        const problem = check(this.reader());
        if (problem !== undefined) return `${name}: ${problem}`;
      }
    }
    return undefined;
  }
}

/** Types of events, without the package. */
export function eventNames(events: readonly ChainEvent[]): readonly string[] {
  return events.map(({ type }) => type.slice(type.lastIndexOf(".") + 1));
}
