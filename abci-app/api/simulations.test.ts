// Tier: test. Budget: 2 s. Simulations run one by one, in order, with turns for others between them; too many are refused.
import { describe, expect, it } from "@jest/globals";

import { SimulationOverload, Simulations } from "./simulations.js";

const result = (gasUsed: number) => ({
  code: 0,
  codespace: "",
  log: "",
  data: new Uint8Array(0),
  gasWanted: 0,
  gasUsed,
  events: [],
  credits: [],
  anteGasUsed: gasUsed,
});

describe("simulations", () => {
  it("run in order, and leave turns to others between them", async () => {
    const order: string[] = [];
    const simulations = new Simulations(([number = 0]) => {
      order.push(`simulation ${number}`);
      return result(number);
    });
    const all = [1, 2, 3].map((number) => simulations.simulate(Uint8Array.of(number)));
    expect(order).toEqual([]);
    await all[0];
    order.push("others");
    expect((await Promise.all(all)).map(({ gasUsed }) => gasUsed)).toEqual([1, 2, 3]);
    expect(order).toEqual(["simulation 1", "others", "simulation 2", "simulation 3"]);
  });

  it("hand on what went wrong, and go on", async () => {
    const simulations = new Simulations(([number]) => {
      if (number === 1) throw new Error("a fault");
      return result(7);
    });
    const [bad, good] = [simulations.simulate(Uint8Array.of(1)), simulations.simulate(Uint8Array.of(2))];
    await expect(bad).rejects.toThrow("a fault");
    expect((await good).gasUsed).toBe(7);
  });

  it("are refused when a thousand wait, and when the node stops", async () => {
    const simulations = new Simulations(() => result(0));
    const waiting = Array.from({ length: 1000 }, () => simulations.simulate(new Uint8Array(0)).catch((error) => error));
    await expect(simulations.simulate(new Uint8Array(0))).rejects.toThrow(SimulationOverload);
    simulations.close();
    expect((await Promise.all(waiting)).every((error) => error instanceof SimulationOverload)).toBe(true);
  });
});
