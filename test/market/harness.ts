import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

import type { AccAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import type { ByteString } from "../../core/bytes.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { RegisteredError } from "../../core/errors.js";
import type { Context, ReadContext } from "../../core/runtime/context.js";
import { Context as StateContext, NANOS_PER_SECOND, readContext } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppModule, GenesisPart } from "../../core/runtime/module.js";
import type { MsgRoute, QueryRoute } from "../../core/runtime/router.js";
import { RouteTable } from "../../core/runtime/router.js";
import { CacheMultiStore } from "../../core/store/branch.js";
import type { ReadonlyKvStore, ReadonlyMultiStore } from "../../core/store/kv.js";
import type { StateStore } from "../../core/store/state-store.js";
import { AccountKeeper, authModule } from "../../modules/auth/index.js";
import type { MintingPurse } from "../../modules/bank/index.js";
import { BankKeeper, bankModule } from "../../modules/bank/index.js";
import { BOND_ACCOUNT, ESCROW_ACCOUNT, MarketplaceKeeper, marketplaceModule } from "../../modules/marketplace/index.js";
import { ReputationKeeper, reputationModule } from "../../modules/reputation/index.js";

export const DENOM = "ucptm";
const TREASURY = "treasury";
const FAUCET = "faucet";
const MODULE_ACCOUNTS = [
  { name: TREASURY, permissions: [] },
  { name: ESCROW_ACCOUNT, permissions: ["burner"] },
  { name: BOND_ACCOUNT, permissions: [] },
  { name: FAUCET, permissions: ["minter", "burner"] },
] as const;
export const START_TIME = 1_800_000_000n;

const emptyStore: ReadonlyKvStore = {
  get: () => undefined,
  has: () => false,
  iterate: () => [][Symbol.iterator]() as IterableIterator<never>,
};

/** The bank of the chain, and a faucet of which only tests know. */
export class Ledger {
  readonly #bank: BankKeeper;
  readonly #faucet: MintingPurse;

  constructor(bank: BankKeeper) {
    this.#bank = bank;
    this.#faucet = bank.openMintingPurse(FAUCET);
  }

  balance(ctx: ReadContext, address: AccAddress, denom: string): bigint {
    return this.#bank.balance(ctx, address, denom);
  }

  supply(ctx: ReadContext, denom: string): bigint {
    return this.#bank.supplyOf(ctx, denom);
  }

  add(ctx: Context, address: AccAddress, denom: string, amount: bigint): void {
    if (amount === 0n) return;
    this.#faucet.mint(ctx, { denom, amount });
    this.#faucet.pay(ctx, address, { denom, amount });
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
export const STORES = ["acc", "bank", "marketplace", "reputation"];

/** Accounts, bank, market and reputation in one process, driven by messages and blocks with a clock that the test turns. */
export class MarketChain {
  readonly addresses = new Addresses("cptm");
  readonly accounts = new AccountKeeper({ addresses: this.addresses, moduleAccounts: MODULE_ACCOUNTS });
  readonly bank = new BankKeeper({ accounts: this.accounts });
  readonly ledger = new Ledger(this.bank);
  readonly escrowAccount = moduleAddress(ESCROW_ACCOUNT);
  readonly bondAccount = moduleAddress(BOND_ACCOUNT);
  readonly treasury = moduleAddress(TREASURY);
  readonly authority = moduleAddress("gov");
  readonly reputation = new ReputationKeeper({ addresses: this.addresses, authority: this.authority });
  readonly keeper = new MarketplaceKeeper({
    addresses: this.addresses,
    escrowPurse: this.bank.openBurningPurse(ESCROW_ACCOUNT),
    bondPurse: this.bank.openPurse(BOND_ACCOUNT),
    treasury: this.treasury,
    authority: this.authority,
    reputation: this.reputation,
  });
  readonly modules: readonly AppModule[] = [
    authModule(this.accounts),
    bankModule(this.bank),
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
    for (const { name, genesis } of this.modules) {
      if (name === "reputation") options.balances?.(this, ctx); // after those of the bank's genesis
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

  /** The part of a module in genesis files. */
  genesisOf(name: string): GenesisPart {
    return this.modules.find((module) => module.name === name)!.genesis!;
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

/** Types of our own events, without the package; those of the bank are left out. */
export function eventNames(events: readonly ChainEvent[]): readonly string[] {
  return events
    .filter(({ type }) => type.startsWith("computronium."))
    .map(({ type }) => type.slice(type.lastIndexOf(".") + 1));
}
