// Tier: test. Budget: 8 s. Allowances for fees: what they cover, how they renew themselves, and that they never pay more.
import { describe, expect, it } from "@jest/globals";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { CoinSchema } from "@computronium/proto/cosmos/base/v1beta1/coin_pb.js";
import type { PeriodicAllowance } from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import {
  AllowedMsgAllowanceSchema,
  BasicAllowanceSchema,
  PeriodicAllowanceSchema,
} from "@computronium/proto/cosmos/feegrant/v1beta1/feegrant_pb.js";
import type {
  QueryAllowanceResponse,
  QueryAllowancesResponse,
} from "@computronium/proto/cosmos/feegrant/v1beta1/query_pb.js";
import {
  MsgGrantAllowanceSchema,
  MsgPruneAllowancesSchema,
  MsgRevokeAllowanceSchema,
} from "@computronium/proto/cosmos/feegrant/v1beta1/tx_pb.js";
import fc from "fast-check";

import { unpackAny } from "../../core/codec/registry.js";
import { RegisteredError } from "../../core/errors.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { any, coins, eventTexts, NOW, PlatformChain } from "./chain.js";

const SEND = "/cosmos.bank.v1beta1.MsgSend";
const at = (seconds: bigint) => ({ seconds, nanos: 0 });

function setUp() {
  const chain = new PlatformChain();
  const { feegrants } = chain.wiring;
  const allow = (allowance: Any, granter = 1, grantee = 2) => ({
    granter: chain.text(granter),
    grantee: chain.text(grantee),
    allowance,
  });
  const grant = (allowance: Any, granter = 1, grantee = 2) =>
    chain.run(MsgGrantAllowanceSchema, allow(allowance, granter, grantee));
  const use = (fee: bigint | number, messages = [SEND], gas?: GasMeter) => {
    const { context, commit } = chain.context(gas).branch();
    const list = fee === 0 ? [] : [{ denom: "ucptm", amount: BigInt(fee) }];
    feegrants.use(context, { granter: chain.address(1), grantee: chain.address(2), fee: list, messages });
    commit();
    return eventTexts(context.events.list());
  };
  const refusal = (...arguments_: Parameters<typeof use>) => {
    try {
      use(...arguments_);
      return "";
    } catch (error) {
      if (error instanceof RegisteredError) return `${error.codespace}/${error.code}`;
      throw error;
    }
  };
  const left = () => {
    const { allowance } = chain.query<QueryAllowanceResponse>("/cosmos.feegrant.v1beta1.Query/Allowance", {
      granter: chain.text(1),
      grantee: chain.text(2),
    });
    return unpackAny(allowance!.allowance!).value;
  };
  const parties = `{granter=${chain.text(1)},grantee=${chain.text(2)}}`;
  return { chain, allow, grant, use, refusal, left, parties };
}

const basic = (fields: MessageInitShape<typeof BasicAllowanceSchema> = {}) => any(BasicAllowanceSchema, fields);
const periodic = (fields: MessageInitShape<typeof PeriodicAllowanceSchema>) => any(PeriodicAllowanceSchema, fields);

describe("a basic allowance", () => {
  it("is used up, and says so as the SDK does", () => {
    const { grant, use, refusal, left, parties } = setUp();
    expect(eventTexts(grant(basic({ spendLimit: coins(10) })).events)).toEqual([`set_feegrant${parties}`]);
    expect(use(4)).toEqual([`use_feegrant${parties}`, `update_feegrant${parties}`]);
    expect(left()).toMatchObject({ spendLimit: coins(6) });
    expect(refusal(7)).toBe("feegrant/2");
    expect(use(6)).toEqual([`revoke_feegrant${parties}`, `use_feegrant${parties}`]);
    expect(refusal(1)).toBe("sdk/38");
  });

  it("without a limit pays any fee, to its last moment", () => {
    const { chain, grant, refusal } = setUp();
    grant(basic({ expiration: at(NOW + 10n) }));
    expect(refusal(1_000_000_000)).toBe("");
    chain.now = NOW + 10n;
    expect(refusal(1)).toBe("");
    chain.block(0n);
    expect(refusal(1)).toBe("");
    chain.now = NOW + 11n;
    expect(refusal(1)).toBe("feegrant/3");
    chain.block(0n);
    expect(refusal(1)).toBe("sdk/38");
    expect(chain.broken()).toEqual([]);
  });

  it("is refused to oneself, a second time, when it is over, and of limits that are none", () => {
    const { chain, allow, grant } = setUp();
    const refusal = (allowance: Any, grantee = 2) =>
      chain.refusal(MsgGrantAllowanceSchema, allow(allowance, 1, grantee));
    expect(refusal(basic(), 1)).toBe("sdk/7");
    expect(refusal(basic({ expiration: at(NOW - 1n) }))).toBe("sdk/18");
    expect(refusal(basic({ expiration: at(-1n) }))).toBe("feegrant/4");
    expect(refusal(basic({ spendLimit: coins(0) }))).toBe("sdk/10");
    expect(refusal(basic({ spendLimit: coins(-5) }))).toBe("sdk/10");
    expect(refusal(any(MsgPruneAllowancesSchema, {}))).toBe("feegrant/5");
    grant(basic({ expiration: at(NOW + 1n) }));
    expect(refusal(basic())).toBe("sdk/18");
    // One that is over does not stand in the way, cleared away or not.
    chain.now = NOW + 2n;
    expect(refusal(basic())).toBe("");
    expect(chain.broken()).toEqual([]);
  });

  it("is taken back", () => {
    const { chain, grant, parties, refusal } = setUp();
    grant(basic());
    const revoke = { granter: chain.text(1), grantee: chain.text(2) };
    expect(eventTexts(chain.run(MsgRevokeAllowanceSchema, revoke).events)).toEqual([`revoke_feegrant${parties}`]);
    expect(chain.refusal(MsgRevokeAllowanceSchema, revoke)).toBe("sdk/38");
    expect(refusal(1)).toBe("sdk/38");
  });
});

describe("a periodic allowance", () => {
  const day = create(PeriodicAllowanceSchema, {
    basic: { spendLimit: coins(100) },
    period: { seconds: 100n, nanos: 0 },
    periodSpendLimit: coins(10),
    periodCanSpend: coins(10),
    periodReset: at(NOW + 100n),
  });
  const daily = (changes: Partial<PeriodicAllowance> = {}) => periodic({ ...day, ...changes });
  const basicOf = (amount: number) => create(BasicAllowanceSchema, { spendLimit: coins(amount) });
  const coinsOf = (amount: number, denom = "ucptm") => [create(CoinSchema, { denom, amount: String(amount) })];

  it("renews itself with every period, never beyond what is left in all", () => {
    const { chain, grant, refusal, left } = setUp();
    grant(daily({ basic: basicOf(15) }));
    expect(refusal(11)).toBe("feegrant/2");
    expect(refusal(8)).toBe("");
    expect(left()).toMatchObject({ periodCanSpend: coins(2), basic: { spendLimit: coins(7) } });
    chain.now = NOW + 100n;
    // Less is left in all than a period has: that is what may be spent.
    expect(refusal(8)).toBe("feegrant/2");
    expect(refusal(3)).toBe("");
    expect(left()).toMatchObject({
      periodCanSpend: coins(4),
      periodReset: at(NOW + 200n),
      basic: { spendLimit: coins(4) },
    });
    expect(refusal(4)).toBe("");
    expect(refusal(1)).toBe("sdk/38");
  });

  it("begins the next period with its use after a pause", () => {
    const { chain, grant, refusal, left } = setUp();
    grant(daily());
    chain.now = NOW + 1_000n;
    expect(refusal(1)).toBe("");
    expect(left()).toMatchObject({ periodReset: at(NOW + 1_100n) });
  });

  it("that never was reset begins with its first use, and its ends stay times", () => {
    const { chain, grant, use, left } = setUp();
    const value = { period: { seconds: 315_576_000_000n, nanos: 0 }, periodSpendLimit: coins(10) };
    grant(periodic(value));
    use(1);
    expect(left()).toMatchObject({ periodReset: { seconds: 253_402_300_799n } });
    expect(() => chain.exported()).not.toThrow();
  });

  it("of limits that do not fit is none", () => {
    const { chain, allow } = setUp();
    const refusal = (changes: Partial<PeriodicAllowance>) =>
      chain.refusal(MsgGrantAllowanceSchema, allow(daily(changes)));
    expect(refusal({ periodSpendLimit: [] })).toBe("sdk/10");
    expect(refusal({ periodSpendLimit: coinsOf(1, "uother") })).toBe("sdk/10");
    expect(refusal({ period: create(DurationSchema, { seconds: -1n }) })).toBe("feegrant/4");
    expect(refusal({ periodCanSpend: coinsOf(-1) })).toBe("sdk/10");
  });
});

describe("an allowance for some messages", () => {
  it("covers transactions of these alone, and costs gas for the comparison", () => {
    const allowance = any(AllowedMsgAllowanceSchema, {
      allowance: basic({ spendLimit: coins(10) }),
      allowedMessages: [SEND],
    });
    const gasOf = (messages: string[]) => {
      const gas = GasMeter.unlimited();
      const { grant, use } = setUp();
      grant(allowance);
      use(1, messages, gas);
      return gas.used;
    };
    expect(gasOf([SEND, SEND]) - gasOf([SEND])).toBe(10);
    const { grant, refusal, left } = setUp();
    grant(allowance);
    expect(refusal(1, [SEND, "/cosmos.authz.v1beta1.MsgExec"])).toBe("feegrant/7");
    expect(refusal(2, [SEND])).toBe("");
    expect(unpackAny((left() as unknown as { allowance: Any }).allowance).value).toMatchObject({
      spendLimit: coins(8),
    });
  });

  it("without messages, without an allowance, or nested too deep is none", () => {
    const { chain, allow } = setUp();
    const within = (allowance: Any, allowedMessages = [SEND]) =>
      any(AllowedMsgAllowanceSchema, { allowance, allowedMessages });
    const refusal = (allowance: Any) => chain.refusal(MsgGrantAllowanceSchema, allow(allowance));
    expect(refusal(within(basic(), []))).toBe("feegrant/6");
    expect(refusal(any(AllowedMsgAllowanceSchema, { allowedMessages: [SEND] }))).toBe("feegrant/5");
    expect(refusal(within(within(within(within(basic())))))).toBe("feegrant/5");
    expect(refusal(within(within(basic())))).toBe("");
  });
});

describe("allowances", () => {
  it("never pay more than was granted, in all or in a period, whatever is asked of them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt(0n, 60n), fc.bigInt(1n, 30n)), { maxLength: 25 }),
        fc.bigInt(20n, 200n),
        (tries, limit) => {
          const { chain, grant, refusal } = setUp();
          const period = { seconds: 50n, nanos: 0 };
          grant(
            periodic({
              basic: { spendLimit: coins(limit) },
              period,
              periodSpendLimit: coins(20),
              periodCanSpend: coins(20),
              periodReset: at(NOW + 50n),
            }),
          );
          const spent: { at: bigint; fee: bigint }[] = [];
          for (const [seconds, fee] of tries) {
            chain.now += seconds;
            if (refusal(fee) === "") spent.push({ at: chain.now, fee });
          }
          const total = (list: typeof spent) => list.reduce((sum, { fee }) => sum + fee, 0n);
          expect(total(spent)).toBeLessThanOrEqual(limit);
          for (const { at: start } of spent) {
            expect(total(spent.filter(({ at: time }) => time >= start && time < start + 50n))).toBeLessThanOrEqual(40n);
          }
          expect(chain.broken()).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("that are over are cleared away in bounded slices, by blocks and by whoever asks", () => {
    const { chain, grant } = setUp();
    const { account } = chain.wiring.addresses;
    const allowance = basic({ expiration: at(NOW + 5n) });
    for (let who = 1000; who < 1500; who++) {
      const bytes = Buffer.from(who.toString(16).padStart(4, "0").repeat(10), "hex");
      const grantee = account.encode(bytes.toString("latin1") as never);
      chain.run(MsgGrantAllowanceSchema, { granter: chain.text(1), grantee, allowance });
    }
    grant(basic());
    const left = () => (chain.exported()["feegrant"] as { allowances: unknown[] }).allowances.length;
    chain.now = NOW + 6n;
    const { events } = chain.run(MsgPruneAllowancesSchema, { pruner: chain.text(3) });
    expect(eventTexts(events)).toEqual([`prune_feegrant{pruner=${chain.text(3)}}`]);
    expect(left()).toBe(426);
    chain.block();
    expect(left()).toBe(226);
    chain.block();
    chain.block();
    expect(left()).toBe(1);
    expect(chain.broken()).toEqual([]);
  });

  it("are listed by grantee and by granter, and come back from an export", () => {
    const { chain, grant } = setUp();
    grant(basic({ spendLimit: coins(5) }), 1, 2);
    grant(basic({ expiration: at(NOW + 5n) }), 3, 2);
    grant(basic(), 1, 3);
    const list = (path: string, fields: Record<string, unknown>) =>
      chain
        .query<QueryAllowancesResponse>(`/cosmos.feegrant.v1beta1.Query/${path}`, fields)
        .allowances.map(({ granter, grantee }) => [granter, grantee]);
    expect(list("Allowances", { grantee: chain.text(2) })).toEqual([
      [chain.text(1), chain.text(2)],
      [chain.text(3), chain.text(2)],
    ]);
    expect(list("AllowancesByGranter", { granter: chain.text(1) })).toHaveLength(2);
    const again = new PlatformChain([], chain.exported());
    expect(again.exported()).toEqual(chain.exported());
    chain.now = NOW + 6n;
    expect(list("Allowances", { grantee: chain.text(2) })).toHaveLength(1);
  });
});
