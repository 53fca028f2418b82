// Tier: test. Budget: 15 s. Distribution's genesis: exported midway it makes the same future; a wrong one is refused with its places.
import { describe, expect, it } from "@jest/globals";
import type { JsonObject } from "@bufbuild/protobuf";

import { wireChain } from "../../abci-app/app.js";
import { exportGenesis, initGenesis, parseAppState } from "../../core/runtime/genesis.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { StakeWorld } from "../kit/stake-world.js";

function worldWithHistory(): StakeWorld {
  const stores = memoryStores();
  const world = new StakeWorld(() => stores, { validators: 3 });
  world.block({
    fees: 1_000n,
    between(ctx) {
      for (let i = 0; i < 5; i++) world.addDelegator(ctx, i, i % 2);
    },
  });
  world.block({
    fees: 77_777n,
    between(ctx) {
      const { staking } = world.wiring;
      const { consAddress, tokens } = staking.validator(ctx, world.operator(0))!;
      const power = tokens / staking.powerReduction;
      const fraction = (10n ** 16n) as never;
      staking.slash(ctx, {
        validator: consAddress,
        infractionHeight: ctx.block.height,
        power,
        fraction,
        reason: "downtime",
      });
    },
  });
  world.block({ fees: 5_555n });
  return world;
}

describe("Genesis of distribution", () => {
  it("is exported as it is imported", () => {
    const world = worldWithHistory();
    const exported = exportGenesis(world.wiring.chain, world.context());
    const distribution = exported["distribution"] as Record<string, unknown[]>;
    expect(distribution["validator_slash_events"]).toHaveLength(1);
    expect(distribution["delegator_starting_infos"]).toHaveLength(8);

    const again = wireChain();
    const ctx = memoryContext(memoryStores(), { mode: "genesis" });
    initGenesis(again.chain, ctx, parseAppState(again.chain, exported));
    const second = exportGenesis(again.chain, ctx)["distribution"] as JsonObject;
    // Of the block, no state.
    expect({ ...second, previous_proposer: "" }).toEqual({
      ...(exported["distribution"] as JsonObject),
      previous_proposer: "",
    });
    for (const { invariants = [] } of again.chain.modules) {
      for (const { check } of invariants) expect(check(ctx)).toBeUndefined();
    }
  });

  it("that cannot be is refused, with its places", () => {
    const world = worldWithHistory();
    const exported = exportGenesis(world.wiring.chain, world.context());
    const distribution = exported["distribution"] as Record<string, JsonObject[]>;
    const parse = (changes: JsonObject) => () =>
      parseAppState(wireChain().chain, { ...exported, distribution: { ...distribution, ...changes } });
    expect(parse({})).not.toThrow();
    const [info, ...others] = distribution["delegator_starting_infos"]!;
    expect(parse({ delegator_starting_infos: others })).toThrow("reference counts are 12 together");
    expect(parse({ delegator_starting_infos: [info!, info!, ...others.slice(1)] })).toThrow(
      "delegator_starting_infos[1].validator_address: a second starting info of",
    );
    expect(parse({ fee_pool: { community_pool: [{ denom: "ucptm", amount: "-1.0" }] } })).toThrow(
      "fee_pool.community_pool[0].amount: coin ucptm amount is not positive",
    );
    expect(parse({ params: { ...(distribution["params"] as unknown as JsonObject), community_tax: "1.5" } })).toThrow(
      "params: community tax too large: 1.500000000000000000",
    );
    const [slash] = distribution["validator_slash_events"]!;
    expect(parse({ validator_slash_events: [{ ...slash!, period: "99" }] })).toThrow(
      "validator_historical_rewards has no period 99",
    );
  });

  it("whose coins the bank does not have is refused", () => {
    const world = worldWithHistory();
    const exported = exportGenesis(world.wiring.chain, world.context());
    const distribution = exported["distribution"] as JsonObject;
    const again = wireChain();
    const state = { ...exported, distribution: { ...distribution, fee_pool: { community_pool: [] } } };
    const ctx = memoryContext(memoryStores(), { mode: "genesis" });
    expect(() => initGenesis(again.chain, ctx, parseAppState(again.chain, state))).toThrow(
      /distribution module balance does not match the module holdings: "\d+ucptm" of cptm1/,
    );
  });
});
