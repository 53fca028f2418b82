import type { DescMessage, Message, MessageInitShape } from "@bufbuild/protobuf";

import type { Wiring } from "../../abci-app/app.js";
import { wireChain } from "../../abci-app/app.js";
import type { AccAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { hexToByteString } from "../../core/bytes.js";
import { create } from "../../core/codec/protobuf.js";
import { packAny, typeUrlOf } from "../../core/codec/registry.js";
import { RegisteredError } from "../../core/errors.js";
import type { Context } from "../../core/runtime/context.js";
import { NANOS_PER_SECOND } from "../../core/runtime/context.js";
import type { ChainEvent } from "../../core/runtime/events.js";
import { GasMeter } from "../../core/runtime/gas.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { defaultAppState, exportGenesis, initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";

export const NOW = 1_800_000_000n;
export const FUNDS = 100_000_000n;
export const DENOM = "ucptm";
const ADDRESSES = new Addresses("cptm");

/** The whole chain in memory, without signatures: accounts are called by a number, and blocks come when a test asks. */
export class PlatformChain {
  readonly wiring: Wiring;
  readonly #stores = memoryStores();
  /** Unix seconds. */
  now = NOW;

  /** @param rich accounts with {@link FUNDS} each. */
  constructor(rich: readonly number[] = [1, 2, 3], changed: AppState = {}) {
    this.wiring = wireChain();
    const state = {
      ...defaultAppState(this.wiring.chain),
      auth: {
        accounts: rich.map((who, i) => ({
          "@type": "/cosmos.auth.v1beta1.BaseAccount",
          address: this.text(who),
          account_number: String(i),
        })),
      },
      bank: {
        balances: rich.map((who) => ({ address: this.text(who), coins: [{ denom: DENOM, amount: String(FUNDS) }] })),
      },
      ...changed,
    };
    initGenesis(this.wiring.chain, this.context(), parseAppState(this.wiring.chain, state));
  }

  address(who: number): AccAddress {
    return hexToByteString(who.toString(16).padStart(2, "0").repeat(20)) as AccAddress;
  }

  text(who: number): string {
    return ADDRESSES.account.encode(this.address(who));
  }

  context(gas: GasMeter = GasMeter.unlimited()): Context {
    return memoryContext(this.#stores, { block: { timeNanos: this.now * NANOS_PER_SECOND }, gas });
  }

  /** Carries out a message as a transaction does, without its ante chain; all or nothing. */
  run<D extends DescMessage>(schema: D, fields: MessageInitShape<D>, gas?: GasMeter) {
    const route = this.wiring.chain.messages.get(typeUrlOf(schema))!;
    const message = create(schema, fields);
    route.check(message);
    const { context, commit } = this.context(gas).branch();
    const response = route.execute(context, message);
    commit();
    return { response, events: context.events.list() };
  }

  /** `codespace/code` of why a message fails; the empty text when it does not. */
  refusal<D extends DescMessage>(schema: D, fields: MessageInitShape<D>): string {
    try {
      this.run(schema, fields);
      return "";
    } catch (error) {
      if (error instanceof RegisteredError) return `${error.codespace}/${error.code}`;
      throw error;
    }
  }

  query<T extends Message>(path: string, fields: Record<string, unknown>): T {
    const route = this.wiring.chain.queries.get(path)!;
    return route.answer(this.context(), create(route.method.input, fields)) as T;
  }

  /** Begins and ends a block that comes so many seconds later. */
  block(seconds = 1n): void {
    this.now += seconds;
    for (const module of this.wiring.chain.modules) module.beginBlock?.(this.context());
    for (const module of this.wiring.chain.modules) module.endBlock?.(this.context());
  }

  balance(who: number): bigint {
    return this.wiring.bank.balance(this.context(), this.address(who), DENOM);
  }

  exported(): AppState {
    return exportGenesis(this.wiring.chain, this.context());
  }

  /** What every module says must hold and does not. */
  broken(): readonly string[] {
    const invariants = this.wiring.chain.modules.flatMap(({ invariants }) => invariants ?? []);
    return invariants.flatMap(({ name, check }) => {
      const problem = check(this.context());
      return problem === undefined ? [] : [`${name}: ${problem}`];
    });
  }
}

export function coins(amount: bigint | number) {
  return [{ denom: DENOM, amount: String(amount) }];
}

/** A message within an `Any`. */
export function any<D extends DescMessage>(schema: D, fields: MessageInitShape<D>) {
  return packAny(schema, create(schema, fields));
}

/** Events as `type{key=value,…}`. */
export function eventTexts(events: readonly ChainEvent[]): readonly string[] {
  return events.map(
    ({ type, attributes }) => `${type}{${attributes.map(({ key, value }) => `${key}=${value}`).join(",")}}`,
  );
}
