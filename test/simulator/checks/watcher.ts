import type { Wiring } from "../../../abci-app/app.js";
import type { AbciBlockResult, AbciEvent } from "../../../abci-app/abci/application.js";
import type { TxEnvironment } from "../../../abci-app/driver/execute-tx.js";
import { moduleAddress } from "../../../core/address.js";
import { parseCoinsText } from "../../../core/math/coins.js";
import type { ReadContext } from "../../../core/runtime/context.js";
import { GasMeter } from "../../../core/runtime/gas.js";
import { FEE_COLLECTOR } from "../../../modules/auth/types.js";
import { balances, supply } from "../../../modules/bank/state.js";
import { BrokenPromise } from "../failure.js";

/** Address and denom → base units. */
type Balances = ReadonlyMap<string, bigint>;

interface Look {
  /** The transaction that is about to be executed, or undefined at the end of the block. */
  readonly before: Uint8Array | undefined;
  readonly balances: Balances;
  /** Denom → what the supply is above the sum of all balances: what accounts get at the end of the block. */
  readonly credited: ReadonlyMap<string, bigint>;
}

/** Holds between transactions only with what is credited at the end of the block, which is checked apart. */
const SUPPLY_INVARIANT = "bank/total-supply";

/**
 * Looks at the state before each transaction of a block and at its end: all invariants of all modules, and what every account
 * owns. When the block is done, each difference must be what the events between two looks say.
 */
export class Watcher {
  #wiring: Wiring | undefined;
  #looks: Look[] = [];
  #atEndOfLast: Balances = new Map();
  /** Whether all invariants are checked before each transaction, too. */
  readonly #everyTransaction: boolean;

  constructor({ everyTransaction }: { readonly everyTransaction: boolean }) {
    this.#everyTransaction = everyTransaction;
  }

  /** Looks at the end of every block of a chain, behind its last module. A module more would be a part of the state. */
  watch(wiring: Wiring): void {
    this.#wiring = wiring;
    const last = wiring.chain.modules.at(-1)!;
    const own = last.checkBlock?.bind(last);
    last.checkBlock = (ctx) => {
      this.#look(ctx, undefined);
      return own?.(ctx);
    };
  }

  /** For {@link NodeApplicationOptions.around}. */
  readonly around = (env: TxEnvironment): TxEnvironment => ({
    ...env,
    ante: (ctx, tx) => {
      // With a meter of its own, so that nobody pays for it.
      if (ctx.mode === "finalize") this.#look(ctx.branch({ gas: GasMeter.unlimited() }).context, tx.raw);
      env.ante(ctx, tx);
    },
  });

  #look(ctx: ReadContext, before: Uint8Array | undefined): void {
    const wiring = this.#wiring!;
    const isEnd = before === undefined;
    if (isEnd || this.#everyTransaction) this.#checkInvariants(ctx, wiring, isEnd);
    const found = new Map<string, bigint>();
    const credited = new Map<string, bigint>(supply.entries(ctx));
    for (const [[address, denom], amount] of balances.entries(ctx)) {
      if (amount < 0n) throw new BrokenPromise("negative balance", `${amount}${denom}`);
      found.set(`${wiring.addresses.account.encode(address)} ${denom}`, amount);
      credited.set(denom, (credited.get(denom) ?? 0n) - amount);
    }
    if (ctx.mode === "genesis") this.#atEndOfLast = found;
    else this.#looks.push({ before, balances: found, credited });
  }

  #checkInvariants(ctx: ReadContext, { chain }: Wiring, isEnd: boolean): void {
    for (const module of chain.modules) {
      for (const { name, check } of module.invariants ?? []) {
        if (!isEnd && name === SUPPLY_INVARIANT) continue;
        const broken = check(ctx);
        if (broken !== undefined) throw new BrokenPromise(`invariant ${name}`, broken);
      }
    }
  }

  /** Compares what was seen with what a block tells. Throws {@link BrokenPromise}. */
  explain(txs: readonly Uint8Array[], { events = [], txResults }: AbciBlockResult): void {
    const looks = this.#looks;
    this.#looks = [];
    const collector = this.#wiring!.addresses.account.encode(moduleAddress(FEE_COLLECTOR));
    let known = this.#atEndOfLast;
    this.#atEndOfLast = looks.at(-1)!.balances;
    let untold: AbciEvent[] = events.filter((event) => isIn(event, "BeginBlock"));
    // Fees are told of at once, and reach their collector behind the last transaction.
    const fees: AbciEvent[] = [];
    let next = 0;
    for (const [i, tx] of txs.entries()) {
      const look = looks[next]!;
      // A transaction that cannot be decoded, or exceeds the block, is not executed.
      if (look.before !== undefined && Buffer.from(look.before).equals(tx)) {
        requireExplained(known, look.balances, untold);
        requireCredited(look.credited, fees);
        known = look.balances;
        untold = [];
        next++;
      }
      for (const event of txResults[i]!.events ?? []) {
        const isFee = event.type === "coin_received" && event.attributes[0]?.value === collector;
        (isFee ? fees : untold).push(event);
      }
    }
    untold.push(...fees, ...events.filter((event) => isIn(event, "EndBlock")));
    requireExplained(known, looks[next]!.balances, untold);
    if (looks.length !== next + 1) throw new Error("the watcher lost count of the transactions");
  }
}

function isIn(event: AbciEvent, mode: string): boolean {
  return event.attributes.some(({ key, value }) => key === "mode" && value === mode);
}

/** What is in no balance between two transactions must be the fees so far. */
function requireCredited(credited: ReadonlyMap<string, bigint>, fees: readonly AbciEvent[]): void {
  const left = new Map(credited);
  for (const { attributes } of fees) {
    for (const { denom, amount } of parseCoinsText(attributes[1]!.value)) {
      left.set(denom, (left.get(denom) ?? 0n) - amount);
    }
  }
  for (const [denom, amount] of left) {
    if (amount !== 0n) throw new BrokenPromise(`invariant ${SUPPLY_INVARIANT}`, `${amount}${denom} are in no balance`);
  }
}

function requireExplained(before: Balances, after: Balances, events: readonly AbciEvent[]): void {
  const expected = new Map(before);
  const change = (account: string, amounts: string, sign: bigint) => {
    if (amounts === "") return;
    for (const { denom, amount } of parseCoinsText(amounts)) {
      const name = `${account} ${denom}`;
      expected.set(name, (expected.get(name) ?? 0n) + sign * amount);
    }
  };
  for (const { type, attributes } of events) {
    const [who, what] = attributes;
    if (type === "coin_spent") change(who!.value, what!.value, -1n);
    if (type === "coin_received") change(who!.value, what!.value, 1n);
  }
  for (const name of new Set([...expected.keys(), ...after.keys()])) {
    const [told, is] = [expected.get(name) ?? 0n, after.get(name) ?? 0n];
    if (told !== is) throw new BrokenPromise("unexplained balance", `${name} is ${is}, its events say ${told}`);
  }
}
