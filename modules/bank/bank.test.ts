/** Tier: test. Budget: 8 s, of which 3 for a genesis of 100,000 balances. */
import { describe, expect, it } from "@jest/globals";
import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { GenesisStateSchema } from "@computronium/proto/cosmos/bank/v1beta1/genesis_pb.js";
import type { GenesisState } from "@computronium/proto/cosmos/bank/v1beta1/genesis_pb.js";
import {
  QueryAllBalancesRequestSchema,
  QueryDenomOwnersRequestSchema,
  QueryTotalSupplyRequestSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import type {
  QueryAllBalancesResponse,
  QueryDenomOwnersResponse,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import {
  MsgMultiSendSchema,
  MsgSendSchema,
  MsgSetSendEnabledSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import fc from "fast-check";

import type { AccAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import { byteStringToHex, hexToByteString } from "../../core/bytes.js";
import { RegisteredError } from "../../core/errors.js";
import { MAX_AMOUNT } from "../../core/math/amount.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { UnevenTallyError } from "../../core/runtime/tally.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { AccountKeeper, authModule } from "../auth/index.js";
import { BankKeeper, bankModule } from "./index.js";

const addresses = new Addresses("cptm");
const addressOf = (byte: number) => hexToByteString(byte.toString(16).padStart(2, "0").repeat(20)) as AccAddress;
const text = (byte: number) => addresses.account.encode(addressOf(byte));
const ucptm = (amount: bigint | number) => ({ denom: "ucptm", amount: BigInt(amount) });
const message = (amount: bigint | number | string, denom = "ucptm") => ({ denom, amount: amount.toString() });

function setUp(balances: Record<number, bigint> = { 1: 1000n }) {
  const accounts = new AccountKeeper({
    addresses,
    moduleAccounts: [
      { name: "fee_collector", permissions: [] },
      { name: "mint", permissions: ["minter", "burner"] },
      { name: "market", permissions: ["burner"] },
    ],
  });
  const bank = new BankKeeper({ accounts });
  const module = bankModule(bank);
  const stores = memoryStores();
  const ctx = memoryContext(stores);
  const auth = authModule(accounts).genesis!;
  auth.init(ctx, auth.defaults());
  const genesis = module.genesis!;
  genesis.init(
    ctx,
    create(GenesisStateSchema, {
      params: { defaultSendEnabled: true },
      balances: Object.entries(balances).map(([byte, amount]) => ({
        address: text(Number(byte)),
        coins: [message(amount)],
      })),
    }),
  );
  for (const byte of Object.keys(balances)) accounts.create(ctx, addressOf(Number(byte)));
  const run = (name: string, msg: Message) => {
    const route = module.msgRoutes!.find(({ typeUrl }) => typeUrl.endsWith(`.${name}`))!;
    route.check(msg);
    const branch = ctx.branch();
    route.execute(branch.context, msg);
    branch.commit();
    return branch.context.events.list();
  };
  const send = (amount: Parameters<typeof message>[0], from = 1, to = 2) =>
    run("MsgSend", create(MsgSendSchema, { fromAddress: text(from), toAddress: text(to), amount: [message(amount)] }));
  const balance = (byte: number) => bank.balance(ctx, addressOf(byte), "ucptm");
  const broken = () => module.invariants!.map(({ check }) => check(ctx)).filter((problem) => problem !== undefined);
  const query = <T>(name: string, request: Message) =>
    module.queryRoutes!.find(({ path }) => path.endsWith(`/${name}`))!.answer(ctx, request) as T;
  return { accounts, bank, module, stores, ctx, genesis, run, send, balance, broken, query };
}

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof RegisteredError) return `${error.codespace}/${error.code}`;
    throw error;
  }
  return "none";
};

describe("a send", () => {
  it("moves coins, makes the receiver's account, and says so as the SDK does", () => {
    const { send, balance, accounts, ctx, broken } = setUp();
    const events = send(400);
    expect([balance(1), balance(2)]).toEqual([600n, 400n]);
    expect(accounts.get(ctx, addressOf(2))).toMatchObject({ accountNumber: 4n, sequence: 0n });
    expect(
      events.map(({ type, attributes }) => [type, ...attributes.map(({ key, value }) => `${key}=${value}`)]),
    ).toEqual([
      ["coin_spent", `spender=${text(1)}`, "amount=400ucptm"],
      ["coin_received", `receiver=${text(2)}`, "amount=400ucptm"],
      ["transfer", `recipient=${text(2)}`, `sender=${text(1)}`, "amount=400ucptm"],
      ["message", `sender=${text(1)}`],
    ]);
    expect(broken()).toEqual([]);
  });

  it("of more than there is fails in the words of the SDK", () => {
    const { send } = setUp({ 1: 5n });
    expect(() => send(10)).toThrow("spendable balance 5ucptm is smaller than 10ucptm: insufficient funds");
    expect(() => send(10, 3, 1)).toThrow("spendable balance 0ucptm is smaller than 10ucptm: insufficient funds");
  });

  it.each(["0", "-1", "1.5", "", (1n << 256n).toString(), "abc"])("of %s is no send", (amount) => {
    const { send } = setUp();
    expect(codeOf(() => send(amount))).toBe("sdk/10");
  });

  it.each([2n ** 53n - 1n, 2n ** 53n + 1n, 1n << 63n, 1n << 64n, MAX_AMOUNT])("of %s is exact", (amount) => {
    const { send, balance, broken } = setUp({ 1: amount });
    expect(codeOf(() => setUp({ 1: amount - 1n }).send(amount))).toBe("sdk/5");
    send(amount);
    expect([balance(1), balance(2)]).toEqual([0n, amount]);
    expect(broken()).toEqual([]);
  });

  it("to itself leaves everything as it was", () => {
    const { send, balance, broken } = setUp();
    send(1000, 1, 1);
    expect(balance(1)).toBe(1000n);
    expect(broken()).toEqual([]);
  });

  it("to an address of 255 bytes is as good as any, and to one of 256 is none", () => {
    const { bank, ctx, run } = setUp();
    const long = addresses.account.encode(hexToByteString("ab".repeat(255)) as AccAddress);
    run("MsgSend", create(MsgSendSchema, { fromAddress: text(1), toAddress: long, amount: [message(1)] }));
    expect(bank.balance(ctx, addresses.account.decode(long), "ucptm")).toBe(1n);
    const longer = addresses.account.encode(hexToByteString("ab".repeat(256)) as AccAddress);
    expect(
      codeOf(() =>
        run("MsgSend", create(MsgSendSchema, { fromAddress: text(1), toAddress: longer, amount: [message(1)] })),
      ),
    ).toBe("sdk/7");
  });

  it("to a module account is refused: its module alone moves its coins", () => {
    const { run } = setUp();
    const toAddress = addresses.account.encode(moduleAddress("market"));
    const msg = create(MsgSendSchema, { fromAddress: text(1), toAddress, amount: [message(1)] });
    expect(() => run("MsgSend", msg)).toThrow(`${toAddress} is not allowed to receive funds: unauthorized`);
  });

  it("of a denom that is switched off is refused", () => {
    const { run, send } = setUp();
    const authority = addresses.account.encode(moduleAddress("gov"));
    run(
      "MsgSetSendEnabled",
      create(MsgSetSendEnabledSchema, { authority, sendEnabled: [{ denom: "ucptm", enabled: false }] }),
    );
    expect(() => send(1)).toThrow("ucptm transfers are currently disabled: send transactions are disabled");
    run("MsgSetSendEnabled", create(MsgSetSendEnabledSchema, { authority, useDefaultFor: ["ucptm"] }));
    send(1);
  });

  it("costs gas near the SDK's, the same in check and in a block", () => {
    const { bank, stores } = setUp({ 1: 1000n, 2: 1n });
    const gas = GasMeter.unlimited();
    bank.send(memoryContext(stores, { gas }), addressOf(1), addressOf(2), [ucptm(1)]);
    expect(gas.used).toBeGreaterThan(8000);
    expect(gas.used).toBeLessThan(20_000);
  });
});

describe("a multi-send", () => {
  const multi = (total: number | string, ...parts: (number | string)[]) =>
    create(MsgMultiSendSchema, {
      inputs: [{ address: text(1), coins: [message(total)] }],
      outputs: parts.map((part, i) => ({ address: text(i + 2), coins: [message(part)] })),
    });

  it("goes from one to many", () => {
    const { run, balance, broken } = setUp();
    const events = run("MsgMultiSend", multi(30, 10, 20));
    expect([1, 2, 3].map(balance)).toEqual([970n, 10n, 20n]);
    expect(events.map(({ type }) => type)).toEqual([
      "message",
      "coin_spent",
      "coin_received",
      "transfer",
      "coin_received",
      "transfer",
    ]);
    expect(broken()).toEqual([]);
  });

  it("comes out even, from one sender, or not at all", () => {
    const { run } = setUp();
    expect(codeOf(() => run("MsgMultiSend", multi(31, 10, 20)))).toBe("bank/4");
    expect(codeOf(() => run("MsgMultiSend", multi(30)))).toBe("bank/3");
    expect(codeOf(() => run("MsgMultiSend", create(MsgMultiSendSchema, {})))).toBe("bank/2");
    const two = multi(30, 30);
    expect(
      codeOf(() =>
        run("MsgMultiSend", create(MsgMultiSendSchema, { ...two, inputs: [...two.inputs, ...two.inputs] } as never)),
      ),
    ).toBe("bank/9");
    expect(codeOf(() => run("MsgMultiSend", multi(5, MAX_AMOUNT.toString(), "5")))).toBe("sdk/10");
  });
});

describe("conservation", () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("send" as const),
      from: fc.integer({ min: 1, max: 5 }),
      to: fc.integer({ min: 1, max: 5 }),
      amount: fc.bigInt(1n, 800n),
    }),
    fc.record({
      kind: fc.constantFrom("mint" as const, "burn" as const, "pay" as const, "collect" as const),
      from: fc.integer({ min: 1, max: 5 }),
      to: fc.constant(0),
      amount: fc.bigInt(1n, 800n),
    }),
  );

  it("holds through any sequence of sends, mints, burns and payments", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { bank, ctx, broken } = setUp({ 1: 1000n, 2: 500n });
        const purse = bank.openMintingPurse("mint");
        let supply = 1500n;
        for (const { kind, from, to, amount } of steps) {
          const branch = ctx.branch();
          try {
            if (kind === "send") bank.send(branch.context, addressOf(from), addressOf(to), [ucptm(amount)]);
            else if (kind === "pay") purse.pay(branch.context, addressOf(from), ucptm(amount));
            else if (kind === "collect") purse.collect(branch.context, addressOf(from), ucptm(amount));
            else purse[kind](branch.context, ucptm(amount));
          } catch (error) {
            if (!(error instanceof RegisteredError)) throw error;
            continue;
          }
          branch.commit();
          if (kind === "mint") supply += amount;
          if (kind === "burn") supply -= amount;
        }
        expect(bank.supplyOf(ctx, "ucptm")).toBe(supply);
        expect(broken()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("stops a branch in which coins came from nowhere", () => {
    const { ctx } = setUp();
    const branch = ctx.branch();
    branch.context.tally.add("ucptm", 1n);
    expect(branch.commit).toThrow(UnevenTallyError);
  });

  it("is found broken by the invariant when a balance is written past the keeper's moves", () => {
    const { bank, ctx, broken } = setUp();
    bank.setBalance(ctx, { address: addressOf(1), denom: "ucptm", before: 1000n, after: 1001n });
    expect(broken()).toEqual(["the supply is above the sum of the balances by -1ucptm"]);
  });
});

describe("a purse", () => {
  it("is handed over once, and only with the rights of its account", () => {
    const { bank } = setUp();
    bank.openBurningPurse("market");
    expect(() => bank.openPurse("market")).toThrow("handed over already");
    expect(() => bank.openMintingPurse("fee_collector")).toThrow("is no burner");
    expect(() => bank.openPurse("nobody")).toThrow("no module account is named nobody");
  });

  it("mints and burns with the SDK's events, and never past 256 bits", () => {
    const { bank, ctx } = setUp();
    const purse = bank.openMintingPurse("mint");
    const at = ctx.branch();
    purse.mint(at.context, ucptm(7));
    purse.burn(at.context, ucptm(7));
    at.commit();
    expect(at.context.events.list().map(({ type }) => type)).toEqual([
      "coin_received",
      "coinbase",
      "coin_spent",
      "burn",
    ]);
    expect(codeOf(() => purse.mint(ctx.branch().context, ucptm(MAX_AMOUNT)))).toBe("sdk/10");
    expect(codeOf(() => purse.pay(ctx.branch().context, addressOf(1), ucptm(0)))).toBe("sdk/10");
    expect(codeOf(() => purse.burn(ctx.branch().context, ucptm(1)))).toBe("sdk/5");
  });
});

describe("state of the bank", () => {
  it("has the keys of the SDK's x/bank", () => {
    const { ctx } = setUp({ 0xab: 12n });
    const entries = [...ctx.store("bank").iterate({})].map(([key, value]) => [
      byteStringToHex(key),
      Buffer.from(value).toString("hex"),
    ]);
    const ucptmHex = Buffer.from("ucptm").toString("hex");
    const address = "ab".repeat(20);
    expect(entries).toEqual([
      [`00${ucptmHex}`, Buffer.from("12").toString("hex")],
      [`0214${address}${ucptmHex}`, Buffer.from("12").toString("hex")],
      [`03${ucptmHex}0014${address}`, ""],
      ["05", "1001"],
    ]);
  });
});

describe("queries of the bank", () => {
  it("walk balances page by page, forwards and back", () => {
    const { bank, ctx, query } = setUp();
    for (const denom of ["aaa", "bbb", "ccc"])
      bank.setBalance(ctx, { address: addressOf(1), denom, before: 0n, after: 1n });
    const page = (key: Uint8Array, reverse = false) =>
      query<QueryAllBalancesResponse>(
        "AllBalances",
        create(QueryAllBalancesRequestSchema, { address: text(1), pagination: { key, limit: 3n, reverse } }),
      );
    const first = page(new Uint8Array(0));
    expect(first.balances.map(({ denom }) => denom)).toEqual(["aaa", "bbb", "ccc"]);
    expect(page(first.pagination!.nextKey).balances.map(({ denom }) => denom)).toEqual(["ucptm"]);
    expect(page(new Uint8Array(0), true).balances.map(({ denom }) => denom)).toEqual(["ucptm", "ccc", "bbb"]);
  });

  it("find the owners of a denom, and no longer who has none of it", () => {
    const { send, query } = setUp();
    send(1000);
    const { denomOwners } = query<QueryDenomOwnersResponse>(
      "DenomOwners",
      create(QueryDenomOwnersRequestSchema, { denom: "ucptm" }),
    );
    expect(denomOwners.map(({ address, balance }) => [address, balance?.amount])).toEqual([[text(2), "1000"]]);
  });

  it("tell the supply", () => {
    const { query } = setUp();
    expect(query<{ supply: unknown[] }>("TotalSupply", create(QueryTotalSupplyRequestSchema, {})).supply).toMatchObject(
      [message(1000)],
    );
  });
});

describe("genesis of the bank", () => {
  const validate = (state: Parameters<typeof create<typeof GenesisStateSchema>>[1]) =>
    setUp().genesis.validate(create(GenesisStateSchema, state));
  const params = { defaultSendEnabled: true };

  it("says where it is wrong, and what", () => {
    const balance = (byte: number, ...coins: ReturnType<typeof message>[]) => ({ address: text(byte), coins });
    expect(
      validate({
        params,
        balances: [balance(1, message(1)), balance(2), { address: "cosmos1xyz", coins: [] }, balance(1, message(-1))],
        supply: [message(2)],
        denomMetadata: [{ base: "ucptm", display: "cptm", name: "", symbol: "CPTM", denomUnits: [{ denom: "ucptm" }] }],
        sendEnabled: [{ denom: "a" }],
      }),
    ).toEqual([
      "send_enabled[0].denom: invalid denom: a",
      expect.stringContaining("balances[2].address: "),
      `balances[3].address: duplicate balance for address ${text(1)}, as in balances[0]`,
      'balances[3].coins[0].amount: "-1" is no amount: a whole number from 1 to 2^256-1 is needed',
      "supply: genesis supply is incorrect, expected 2ucptm, got 1ucptm",
      "denom_metadata[0].name: name field cannot be blank",
      "denom_metadata[0].denom_units: metadata must contain a denomination unit with display denom 'cptm'",
    ]);
    expect(validate({ params, balances: [balance(1, message(MAX_AMOUNT)), balance(2, message(1))] })).toEqual([
      "balances: of ucptm they add up to more than 2^256-1",
    ]);
    expect(validate({})).toEqual(["params: missing"]);
  });

  it("of 100,000 balances is checked, read, and exported the same", () => {
    const owners = Array.from({ length: 100_000 }, (_, i) => {
      const address = hexToByteString((i + 1).toString(16).padStart(40, "0")) as AccAddress;
      return { address: addresses.account.encode(address), coins: [message(i + 1)] };
    });
    const { genesis } = setUp();
    const ctx = memoryContext(memoryStores());
    const state = create(GenesisStateSchema, { params, balances: owners });
    expect(genesis.validate(state)).toEqual([]);
    genesis.init(ctx, state);
    const exported = genesis.export(ctx) as GenesisState;
    expect(exported.balances).toHaveLength(100_000);
    expect(exported.balances[99_999]).toMatchObject(owners[99_999]!);
    expect(exported.supply).toMatchObject([message(5_000_050_000n)]);
    expect(genesis.validate(exported)).toEqual([]);
  });
});
