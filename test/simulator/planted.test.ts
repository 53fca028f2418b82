// Tier: test. Budget: 40 s. That the simulator can fail: faults are planted in the chain, found, and shrunk to a few steps.
import { describe, expect, it } from "@jest/globals";

import type { Wiring } from "../../abci-app/app.js";
import { DEEDS } from "./deeds.js";
import { authOperations } from "./operations/auth.js";
import { bankOperations } from "./operations/bank.js";
import { formatPlan, makePlan, parsePlan } from "./plan.js";
import { enoughFor, shrink } from "./shrink.js";
import { simulate } from "./simulation.js";

/** Few, so that the runs do not change with every module that is added. */
const OPERATIONS = [...bankOperations, ...authOperations];

/** Breaks the chain in a way of its own. */
type Plant = (wiring: Wiring) => void;

/** A transfer to a user whose amount ends in a certain digit gives him one unit that nobody had. */
const givesTooMuch: Plant = ({ accounts, bank }) => {
  const modules = new Set([...accounts.moduleAccounts.values()].map(({ address }) => address));
  const send = bank.send.bind(bank);
  bank.send = (ctx, from, to, coins) => {
    send(ctx, from, to, coins);
    const [{ denom, amount } = { denom: "", amount: 0n }] = coins;
    if (amount % 10n !== 7n || modules.has(to)) return;
    const before = bank.balance(ctx, to, denom);
    bank.setBalance(ctx, { address: to, denom, before, after: before + 1n });
  };
};

/** Coins move without an event, which only the accounts show. */
const movesSilently: Plant = ({ bank }) => {
  const multiSend = bank.multiSend.bind(bank);
  bank.multiSend = (ctx, from, coins, outputs) => {
    const told = ctx.events.list().slice();
    multiSend(ctx, from, coins, outputs);
    if (outputs.length === 2) ctx.events.replace(told);
  };
};

let processes = 0;
/** Something that differs between two nodes: which process it is. */
const dependsOnTheProcess: Plant = ({ bank }) => {
  const number = processes++;
  const multiSend = bank.multiSend.bind(bank);
  bank.multiSend = (ctx, from, coins, outputs) => {
    multiSend(ctx, from, coins, outputs);
    bank.setSendEnabled(ctx, `unever${number}`, true);
  };
};

const PLANTED: readonly (readonly [string, Plant, string | RegExp, number])[] = [
  ["a transfer that makes a coin", givesTooMuch, "invariant bank/total-supply", 4],
  ["a transfer without an event", movesSilently, "unexplained balance", 4],
  ["state that depends on the process", dependsOnTheProcess, "disturbed node", 20],
];

describe("The simulator", () => {
  it.each(PLANTED)("finds %s, and shrinks the run to a few steps that show it", async (_, plant, kind, most) => {
    const plan = makePlan({ seed: 11, blocks: 16 }, { operations: OPERATIONS, deeds: DEEDS });
    const { failure } = await simulate(plan, { plant });
    expect(failure?.kind).toBe(kind);
    const shrunk = await shrink(plan, failure!, {
      run: (tried) => simulate(tried, { plant, ...enoughFor(failure!) }),
      maxRuns: 40,
    });
    expect(shrunk.plan.steps.length).toBeLessThanOrEqual(most);
    // What is left is all that somebody else needs, as a file too.
    const read = parsePlan(formatPlan(shrunk.plan, shrunk.failure.message));
    expect(read).toEqual(shrunk.plan);
    expect((await simulate(read, { plant })).failure?.kind).toBe(kind);
    expect((await simulate(read)).failure).toBeUndefined();
  });
});
