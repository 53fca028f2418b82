import type { Registry } from "prom-client";
import { Counter } from "prom-client";

import type { Verdicts } from "../../core/crypto/verdicts.js";
import type { Chain } from "../../core/runtime/chain.js";
import type { MsgRoute } from "../../core/runtime/router.js";
import { RouteTable } from "../../core/runtime/router.js";
import type { TxEnvironment } from "../driver/execute-tx.js";
import type { WorkTotals } from "./timing.js";
import { measure, WorkCounters } from "./timing.js";

/**
 * The same environment with a watch around the ante chain and around each message. The watch is outside of what runs in a
 * block: it sees when a call begins and ends, and nothing that the call could see.
 */
export function timedTransactions(env: TxEnvironment, registry: Registry): TxEnvironment {
  const ante = new WorkCounters(registry, {
    name: "computronium_ante",
    what: "Runs of the ante chain, by mode and type of the first message",
    labelNames: ["mode", "type"],
  });
  const anteTotals = new Map<string, WorkTotals>();
  return {
    ...env,
    chain: timedMessages(env.chain, registry),
    ante: (ctx, tx) => {
      // Its type is one of the chain's own: others are refused before.
      const type = tx.messages[0]?.typeUrl ?? "";
      const key = `${ctx.mode} ${type}`;
      let totals = anteTotals.get(key);
      if (totals === undefined) {
        totals = ante.of({ mode: ctx.mode, type });
        anteTotals.set(key, totals);
      }
      return measure(totals, () => env.ante(ctx, tx));
    },
  };
}

function timedMessages(chain: Chain, registry: Registry): Chain {
  const counters = new WorkCounters(registry, {
    name: "computronium_messages",
    what: "Messages carried out in blocks, ahead of them (some twice) and in simulations, by type",
    labelNames: ["type"],
  });
  const messages = new RouteTable<MsgRoute>();
  for (const typeUrl of chain.messages.keys()) {
    const route = chain.messages.get(typeUrl)!;
    const totals = counters.of({ type: typeUrl });
    messages.add(typeUrl, { ...route, execute: (ctx, msg) => measure(totals, () => route.execute(ctx, msg)) });
  }
  const { modules, queries, storeNames } = chain;
  return { modules, messages, queries, storeNames, requireHandlers: (inputs) => chain.requireHandlers(inputs) };
}

/** How often a signature had to be verified, and how often its verdict was known. */
export function observeSignatures({ counts }: Verdicts, registry: Registry): void {
  new Counter({
    name: "computronium_signature_checks_total",
    help: "Signatures by how they were judged: remembered, verified here, verified by the thread beside, or refused",
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
