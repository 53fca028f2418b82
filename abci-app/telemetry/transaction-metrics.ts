import type { Registry } from "prom-client";
import { Counter } from "prom-client";

import type { Verdicts } from "../../core/crypto/verdicts.js";
import type { DecodedTx } from "../../core/codec/tx.js";
import type { Chain } from "../../core/runtime/chain.js";
import type { Context, ExecMode } from "../../core/runtime/context.js";
import type { MsgRoute } from "../../core/runtime/router.js";
import { RouteTable } from "../../core/runtime/router.js";
import type { AheadEnvironment } from "../driver/ahead.js";
import type { TxEnvironment } from "../driver/execute-tx.js";
import type { WorkTotals } from "./timing.js";
import { addTotals, measure, WorkCounters } from "./timing.js";

/** Sums of one kind of work by the labels that it is shown with; made when first asked for. */
type TotalsOf = (mode: ExecMode, type: string) => WorkTotals;

/**
 * Watches around the ante chain and around each message. They are outside of what runs in a block: they see when a call
 * begins and ends, and nothing that the call could see. What is done ahead of a block counts as work of the block if
 * the block takes it over; all of it is counted under a name of its own besides.
 */
export class TransactionMetrics {
  readonly #ante: TotalsOf;
  readonly #messages: TotalsOf;
  readonly #aheadAnte: TotalsOf;
  readonly #aheadMessages: TotalsOf;
  readonly #outcomes = { executed: 0, taken: 0 };

  constructor(registry: Registry) {
    const ante = new WorkCounters(registry, {
      name: "computronium_ante",
      what: "Runs of the ante chain, by mode and type of the first message",
      labelNames: ["mode", "type"],
    });
    const byType = (name: string, what: string): WorkCounters =>
      new WorkCounters(registry, { name: `computronium_${name}`, what, labelNames: ["type"] });
    const messages = byType("messages", "Messages carried out in blocks, by type");
    const simulated = byType("simulated_messages", "Messages carried out on trial, by type");
    const aheadAnte = byType("ahead_ante", "Runs of the ante chain ahead of a block, by type of the first message");
    const aheadMessages = byType("ahead_messages", "Messages carried out ahead of a block, by type");
    this.#ante = kept((mode, type) => ante.of({ mode, type }));
    this.#messages = kept((mode, type) => (mode === "simulate" ? simulated : messages).of({ type }));
    this.#aheadAnte = kept((_mode, type) => aheadAnte.of({ type }));
    this.#aheadMessages = kept((_mode, type) => aheadMessages.of({ type }));
    this.#showOutcomes(registry);
  }

  /** The same environment, watched: blocks, checks and simulations. */
  watch(env: TxEnvironment): TxEnvironment {
    return watched(env, {
      ante: (mode, type, run) => measure(this.#ante(mode, type), run),
      message: (mode, type, run) => measure(this.#messages(mode, type), run),
    });
  }

  /** The same environment, watched, for what is executed ahead of a block. */
  watchAhead(env: TxEnvironment): AheadEnvironment {
    let notes: { readonly block: WorkTotals; readonly own: WorkTotals }[] = [];
    const noted = <T>(block: WorkTotals, ahead: WorkTotals, run: () => T): T => {
      const own = { count: 0, failed: 0, milliseconds: 0 };
      notes.push({ block, own });
      try {
        return measure(own, run);
      } finally {
        addTotals(ahead, own);
      }
    };
    return {
      ...watched(env, {
        ante: (mode, type, run) => noted(this.#ante("finalize", type), this.#aheadAnte(mode, type), run),
        message: (mode, type, run) => noted(this.#messages(mode, type), this.#aheadMessages(mode, type), run),
      }),
      executed: () => {
        const done = notes;
        notes = [];
        this.#outcomes.executed++;
        return () => {
          this.#outcomes.taken++;
          for (const { block, own } of done) addTotals(block, own);
        };
      },
    };
  }

  #showOutcomes(registry: Registry): void {
    const outcomes = this.#outcomes;
    new Counter({
      name: "computronium_ahead_txs_total",
      help: "Transactions executed ahead of a block, and those of them whose results a block took over",
      labelNames: ["what"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [what, count] of Object.entries(outcomes)) this.inc({ what }, count);
      },
    });
  }
}

function kept(make: TotalsOf): TotalsOf {
  const known = new Map<string, WorkTotals>();
  return (mode, type) => {
    const key = `${mode} ${type}`;
    let totals = known.get(key);
    if (totals === undefined) known.set(key, (totals = make(mode, type)));
    return totals;
  };
}

type Watch = <T>(mode: ExecMode, type: string, run: () => T) => T;

function watched(env: TxEnvironment, { ante, message }: { readonly ante: Watch; readonly message: Watch }) {
  const messages = new RouteTable<MsgRoute>();
  for (const typeUrl of env.chain.messages.keys()) {
    const route = env.chain.messages.get(typeUrl)!;
    messages.add(typeUrl, {
      ...route,
      execute: (ctx, msg) => message(ctx.mode, typeUrl, () => route.execute(ctx, msg)),
    });
  }
  const { modules, queries, storeNames } = env.chain;
  return {
    ...env,
    chain: {
      modules,
      messages,
      queries,
      storeNames,
      requireHandlers: (inputs: Parameters<Chain["requireHandlers"]>[0]) => env.chain.requireHandlers(inputs),
    },
    // The type is one of the chain's own: others are refused before.
    ante: (ctx: Context, tx: DecodedTx) => ante(ctx.mode, tx.messages[0]?.typeUrl ?? "", () => env.ante(ctx, tx)),
  };
}

/** How often a signature had to be verified, and how often its verdict was known. */
export function observeSignatures({ counts }: Verdicts, registry: Registry): void {
  new Counter({
    name: "computronium_signature_checks_total",
    help: "Signatures judged in checks, in blocks and ahead of them: remembered, verified here, verified by the thread beside, or refused",
    labelNames: ["result"],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ result: "remembered" }, counts.remembered);
      this.inc({ result: "verified" }, counts.verified);
      this.inc({ result: "thread" }, counts.fromElsewhere);
      this.inc({ result: "refused" }, counts.refused);
    },
  });
}
