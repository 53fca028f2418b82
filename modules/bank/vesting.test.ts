/** Tier: test. Budget: 6 s. Vesting accounts: what they lock, for whom, and what a send costs that meets none of them. */
import { describe, expect, it } from "@jest/globals";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { GenesisStateSchema } from "@computronium/proto/cosmos/bank/v1beta1/genesis_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import type { QuerySpendableBalancesResponse } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { QuerySpendableBalancesRequestSchema } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import {
  MsgCreatePeriodicVestingAccountSchema,
  MsgCreatePermanentLockedAccountSchema,
  MsgCreateVestingAccountSchema,
} from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";
import fc from "fast-check";

import type { AccAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import { hexToByteString } from "../../core/bytes.js";
import type { Context } from "../../core/runtime/context.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { AccountKeeper, authModule } from "../auth/index.js";
import type { VestingSchedule } from "../auth/types.js";
import { MAX_VESTING_PERIODS } from "../auth/types.js";
import { BankKeeper, bankModule } from "./index.js";

const NOW = 1_800_000_000n;
const FUNDS = 1_000_000n;
const addresses = new Addresses("cptm");
const addressOf = (byte: number) => hexToByteString(byte.toString(16).padStart(2, "0").repeat(20)) as AccAddress;
const text = (byte: number) => addresses.account.encode(addressOf(byte));
const amount = (value: bigint | number | string) => [{ denom: "ucptm", amount: value.toString() }];
const ucptm = (value: bigint | number) => ({ denom: "ucptm", amount: BigInt(value) });

/** Account 1 has coins; account 9 gets a schedule. */
function setUp() {
  const accounts = new AccountKeeper({
    addresses,
    moduleAccounts: [
      { name: "pool", permissions: ["burner", "staking"] },
      { name: "market", permissions: [] },
    ],
  });
  const bank = new BankKeeper({ accounts });
  const pool = bank.openStakingPurse("pool");
  const market = bank.openPurse("market");
  const modules = [authModule(accounts), bankModule(bank)];
  const stores = memoryStores();
  const at = (seconds: bigint) => memoryContext(stores, { block: { timeNanos: seconds * 1_000_000_000n } });
  const start = at(NOW);
  const auth = modules[0]!.genesis!;
  auth.init(start, auth.defaults());
  modules[1]!.genesis!.init(
    start,
    create(GenesisStateSchema, {
      params: { defaultSendEnabled: true },
      balances: [{ address: text(1), coins: amount(FUNDS) }],
    }),
  );
  accounts.create(start, addressOf(1));
  const run = <D extends DescMessage>(ctx: Context, schema: D, fields: MessageInitShape<D>) => {
    const route = modules[1]!.msgRoutes!.find(({ typeUrl }) => typeUrl === `/${schema.typeName}`)!;
    const msg = create(schema, fields);
    route.check(msg);
    const { context, commit } = ctx.branch();
    route.execute(context, msg);
    commit();
    return context.events.list();
  };
  const send = (ctx: Context, from: number, to: number, value: bigint | number) =>
    run(ctx, MsgSendSchema, { fromAddress: text(from), toAddress: text(to), amount: amount(value) });
  const spendable = (ctx: Context, byte: number) => bank.spendable(ctx, addressOf(byte), "ucptm");
  const broken = () =>
    modules
      .flatMap(({ invariants }) => invariants!.map(({ check }) => check(at(NOW))))
      .filter((found) => found !== undefined);
  const queried = (ctx: Context, byte: number) => {
    const route = modules[1]!.queryRoutes!.find(({ path }) => path.endsWith("/SpendableBalances"))!;
    const request = create(QuerySpendableBalancesRequestSchema, { address: text(byte) });
    return (route.answer(ctx, request) as QuerySpendableBalancesResponse).balances;
  };
  return { accounts, bank, pool, market, at, run, send, spendable, broken, queried };
}

type Chain = ReturnType<typeof setUp>;
const parties = { fromAddress: text(1), toAddress: text(9) };

function delayed({ run, at }: Chain, value: bigint | number, endTime = NOW + 100n) {
  return run(at(NOW), MsgCreateVestingAccountSchema, { ...parties, amount: amount(value), endTime, delayed: true });
}

describe("a vesting account", () => {
  it("is made with its coins, in the words of the bank's events, and gets an account number", () => {
    const chain = setUp();
    const events = delayed(chain, 1000);
    expect(events.map(({ type }) => type)).toEqual(["coin_spent", "coin_received", "transfer", "message"]);
    expect(chain.accounts.get(chain.at(NOW), addressOf(9))).toMatchObject({
      accountNumber: 3n,
      sequence: 0n,
      vesting: { schedule: { kind: "delayed" }, original: [ucptm(1000)], endTime: NOW + 100n },
    });
    expect(chain.bank.balance(chain.at(NOW), addressOf(9), "ucptm")).toBe(1000n);
    expect(chain.broken()).toEqual([]);
  });

  it("of a delayed schedule spends nothing before its end, all from then on", () => {
    const chain = setUp();
    delayed(chain, 1000);
    expect(() => chain.send(chain.at(NOW + 99n), 9, 1, 1)).toThrow(
      "spendable balance 0ucptm is smaller than 1ucptm: insufficient funds",
    );
    chain.send(chain.at(NOW + 100n), 9, 1, 1000);
    expect(chain.broken()).toEqual([]);
  });

  it("of a continuous schedule is set free second by second, and what others send it is free at once", () => {
    const chain = setUp();
    chain.run(chain.at(NOW), MsgCreateVestingAccountSchema, { ...parties, amount: amount(1000), endTime: NOW + 1000n });
    expect([0n, 1n, 250n, 999n, 1000n].map((after) => chain.spendable(chain.at(NOW + after), 9))).toEqual([
      0n,
      1n,
      250n,
      999n,
      1000n,
    ]);
    chain.send(chain.at(NOW), 1, 9, 7);
    expect(chain.spendable(chain.at(NOW + 10n), 9)).toBe(17n);
    expect(() => chain.send(chain.at(NOW + 10n), 9, 1, 18)).toThrow(
      "spendable balance 17ucptm is smaller than 18ucptm",
    );
    chain.send(chain.at(NOW + 10n), 9, 1, 17);
    expect(chain.queried(chain.at(NOW + 10n), 9)).toMatchObject(amount(0));
    expect(chain.queried(chain.at(NOW + 12n), 9)).toMatchObject(amount(2));
  });

  it("of a periodic schedule is set free period by period", () => {
    const chain = setUp();
    chain.run(chain.at(NOW), MsgCreatePeriodicVestingAccountSchema, {
      ...parties,
      startTime: NOW + 10n,
      vestingPeriods: [
        { length: 10n, amount: amount(5) },
        { length: 20n, amount: amount(30) },
      ],
    });
    expect([0n, 19n, 20n, 39n, 40n].map((after) => chain.spendable(chain.at(NOW + after), 9))).toEqual([
      0n,
      0n,
      5n,
      5n,
      35n,
    ]);
  });

  it("that is locked permanently never spends, but stakes; what comes back is locked again", () => {
    const chain = setUp();
    chain.run(chain.at(NOW), MsgCreatePermanentLockedAccountSchema, { ...parties, amount: amount(500) });
    const late = chain.at(NOW * 4n);
    expect(() => chain.send(late, 9, 1, 1)).toThrow(/spendable balance 0ucptm/);
    chain.pool.delegate(late, addressOf(9), ucptm(400));
    expect(chain.accounts.get(late, addressOf(9))!.vesting).toMatchObject({
      delegatedVesting: [ucptm(400)],
      delegatedFree: [],
    });
    chain.pool.undelegate(late, addressOf(9), ucptm(400));
    expect(chain.accounts.get(late, addressOf(9))!.vesting).toMatchObject({ delegatedVesting: [], delegatedFree: [] });
    expect(() => chain.send(late, 9, 1, 1)).toThrow(/spendable balance 0ucptm/);
    expect(chain.broken()).toEqual([]);
  });

  it("cannot pay into escrow, nor any fee, with what is locked", () => {
    const chain = setUp();
    delayed(chain, 1000);
    expect(() => chain.market.collect(chain.at(NOW), addressOf(9), ucptm(1))).toThrow(/spendable balance 0ucptm/);
  });

  it("whose stake was slashed is still locked for what came back, and free for what others send", () => {
    const chain = setUp();
    delayed(chain, 1000);
    const ctx = chain.at(NOW);
    chain.pool.delegate(ctx, addressOf(9), ucptm(1000));
    chain.pool.burn(ctx, ucptm(500));
    chain.pool.undelegate(ctx, addressOf(9), ucptm(500));
    expect(chain.accounts.get(ctx, addressOf(9))!.vesting).toMatchObject({ delegatedVesting: [ucptm(500)] });
    chain.send(ctx, 1, 9, 3);
    expect(chain.spendable(ctx, 9)).toBe(3n);
    expect(chain.broken()).toEqual([]);
  });

  it("delegates no more than it has, in the SDK's words", () => {
    const chain = setUp();
    delayed(chain, 1000);
    expect(() => chain.pool.delegate(chain.at(NOW), addressOf(9), ucptm(1001))).toThrow(
      "failed to delegate; 1000ucptm is smaller than 1001ucptm: insufficient funds",
    );
  });
});

describe("the messages that make vesting accounts", () => {
  const refused = (schema: DescMessage, fields: Record<string, unknown>) => {
    const chain = setUp();
    const before = chain.bank.balance(chain.at(NOW), addressOf(1), "ucptm");
    expect(() => chain.run(chain.at(NOW), schema, { ...parties, ...fields } as never)).toThrow();
    expect(chain.accounts.get(chain.at(NOW), addressOf(9))).toBeUndefined();
    expect(chain.bank.balance(chain.at(NOW), addressOf(1), "ucptm")).toBe(before);
  };
  const good = { amount: amount(5), endTime: NOW + 1n };
  const period = (length: bigint, value: bigint | number | string = 5) => ({ length, amount: amount(value) });

  it.each(["0", "-5", "", "1.5", (2n ** 256n).toString()])("refuse an amount of %j", (value) => {
    refused(MsgCreateVestingAccountSchema, { ...good, amount: amount(value) });
    refused(MsgCreatePermanentLockedAccountSchema, { amount: amount(value) });
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: NOW, vestingPeriods: [period(1n, value)] });
  });

  it("refuse no coins, no periods, and times that are none", () => {
    refused(MsgCreateVestingAccountSchema, { ...good, amount: [] });
    refused(MsgCreateVestingAccountSchema, { ...good, endTime: 0n });
    refused(MsgCreateVestingAccountSchema, { ...good, endTime: -1n });
    refused(MsgCreatePermanentLockedAccountSchema, { amount: [] });
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: NOW, vestingPeriods: [] });
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: 0n, vestingPeriods: [period(1n)] });
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: NOW, vestingPeriods: [period(0n)] });
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: NOW, vestingPeriods: [period(-1n)] });
  });

  it("refuse sums that overflow: of lengths, of amounts", () => {
    const most = 2n ** 63n - 1n;
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: most, vestingPeriods: [period(1n)] });
    refused(MsgCreatePeriodicVestingAccountSchema, {
      startTime: NOW,
      vestingPeriods: [period(most), period(most), period(5n)],
    });
    const half = (2n ** 255n).toString();
    refused(MsgCreatePeriodicVestingAccountSchema, {
      startTime: NOW,
      vestingPeriods: [period(1n, half), period(1n, half)],
    });
  });

  it("refuse more periods than are walked over", () => {
    const vestingPeriods = Array.from({ length: MAX_VESTING_PERIODS + 1 }, () => period(1n, 1));
    refused(MsgCreatePeriodicVestingAccountSchema, { startTime: NOW, vestingPeriods });
  });

  it("refuse more than the sender can spend", () => {
    refused(MsgCreateVestingAccountSchema, { ...good, amount: amount(FUNDS + 1n) });
  });

  it("refuse accounts of modules, accounts that are there, and addresses that are none", () => {
    const chain = setUp();
    const make = (toAddress: string) =>
      chain.run(chain.at(NOW), MsgCreateVestingAccountSchema, { ...parties, ...good, toAddress });
    expect(() => make(addresses.account.encode(moduleAddress("pool")))).toThrow(
      "is not allowed to receive funds: unauthorized",
    );
    expect(() => make(text(1))).toThrow(`account ${text(1)} already exists: invalid request`);
    delayed(chain, 5);
    expect(() => make(text(9))).toThrow(`account ${text(9)} already exists: invalid request`);
    expect(() => make("cptm1nonsense")).toThrow(/invalid 'to' address/);
  });
});

describe("for any schedule and time", () => {
  const coins = fc.bigInt(1n, 10_000n).map((value) => [ucptm(value)]);
  const time = fc.bigInt(NOW - 50n, NOW + 2_000n);
  const schedule: fc.Arbitrary<{
    schedule: VestingSchedule;
    endTime: bigint;
    original: { denom: string; amount: bigint }[];
  }> = fc.oneof(
    fc.record({ original: coins, endTime: time, schedule: fc.constant({ kind: "delayed" as const }) }),
    fc.record({ original: coins, endTime: fc.constant(0n), schedule: fc.constant({ kind: "permanent" as const }) }),
    fc.record({
      original: coins,
      endTime: time,
      schedule: time.map((startTime) => ({ kind: "continuous" as const, startTime })),
    }),
    fc
      .tuple(time, fc.array(fc.tuple(fc.bigInt(1n, 300n), coins), { minLength: 1, maxLength: 6 }))
      .map(([startTime, list]) => ({
        schedule: {
          kind: "periodic" as const,
          startTime,
          periods: list.map(([length, part]) => ({ length, amount: part })),
        },
        original: [ucptm(list.reduce((sum, [, part]) => sum + part[0]!.amount, 0n))],
        endTime: list.reduce((end, [length]) => end + length, startTime),
      })),
  );

  it("spendable and locked add up to the balance, and delegations come back as they were", () => {
    fc.assert(
      fc.property(
        schedule,
        fc.array(fc.tuple(time, fc.bigInt(1n, 5_000n), fc.boolean()), { maxLength: 12 }),
        fc.bigInt(0n, 5_000n),
        (vesting, operations, free) => {
          const chain = setUp();
          const start = chain.at(NOW - 60n);
          const nothing = { delegatedFree: [], delegatedVesting: [] };
          chain.bank.sendVesting(start, addressOf(1), addressOf(9), { ...vesting, ...nothing });
          if (free > 0n) chain.send(start, 1, 9, free);
          const whole = vesting.original[0]!.amount + free;
          let delegated = 0n;
          const sorted = [...operations].sort(([a], [b]) => (a < b ? -1 : 1));
          for (const [seconds, value, gives] of sorted) {
            const ctx = chain.at(seconds);
            const balance = chain.bank.balance(ctx, addressOf(9), "ucptm");
            if (gives && value <= balance) {
              chain.pool.delegate(ctx, addressOf(9), ucptm(value));
              delegated += value;
            } else if (!gives && value <= delegated) {
              chain.pool.undelegate(ctx, addressOf(9), ucptm(value));
              delegated -= value;
            }
            const after = chain.bank.balance(ctx, addressOf(9), "ucptm");
            expect(after + delegated).toBe(whole);
            const locked = chain.bank.locked(ctx, addressOf(9))[0]?.amount ?? 0n;
            expect(chain.spendable(ctx, 9) + locked).toBe(after);
          }
          const end = chain.at(NOW + 4_000n);
          if (delegated > 0n) chain.pool.undelegate(end, addressOf(9), ucptm(delegated));
          const { delegatedFree, delegatedVesting } = chain.accounts.get(end, addressOf(9))!.vesting!;
          expect([delegatedFree, delegatedVesting]).toEqual([[], []]);
          expect(chain.broken()).toEqual([]);
          if (vesting.schedule.kind !== "permanent") expect(chain.spendable(end, 9)).toBe(whole);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("a send from an account without a schedule", () => {
  const gasOf = (chain: Chain, isKnown: boolean) => {
    const gas = GasMeter.unlimited();
    const { context, commit } = chain.at(NOW).branch({ gas });
    const used = () => gas.used;
    if (isKnown) chain.accounts.get(context, addressOf(1));
    const before = used();
    chain.send(context, 1, 3, 1);
    commit();
    return used() - before;
  };

  it("reads no account again that the ante chain read", () => {
    const chain = setUp();
    chain.send(chain.at(NOW), 1, 3, 1);
    const [known, unknown] = [gasOf(chain, true), gasOf(chain, false)];
    expect(unknown - known).toBeGreaterThanOrEqual(1000);
    expect(gasOf(chain, true)).toBe(known);
  });

  it("does not go on knowing what was learned in a branch that was dropped", () => {
    const chain = setUp();
    const ctx = chain.at(NOW);
    const dropped = ctx.branch();
    chain.send(dropped.context, 1, 9, 5);
    chain.accounts.get(dropped.context, addressOf(9));
    chain.run(ctx, MsgCreatePermanentLockedAccountSchema, { ...parties, amount: amount(5) });
    expect(() => chain.send(ctx, 9, 1, 1)).toThrow(/spendable balance 0ucptm/);
  });
});
