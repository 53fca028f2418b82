/** Tier: test. Budget: 3 s. */
import { describe, expect, it } from "@jest/globals";
import { create } from "@bufbuild/protobuf";
import { BaseAccountSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/auth/v1beta1/genesis_pb.js";
import {
  QueryAccountRequestSchema,
  QueryAccountResponseSchema,
} from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import { MsgUpdateParamsSchema } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";
import type { Message } from "@bufbuild/protobuf";

import type { AccAddress } from "../../core/address.js";
import { Addresses, moduleAddress } from "../../core/address.js";
import { byteStringToHex, hexToByteString } from "../../core/bytes.js";
import { StatusError } from "../../core/runtime/status.js";
import { memoryContext, memoryStores } from "../../core/testing/memory.js";
import { AccountKeeper, authModule } from "./index.js";
import type { Account } from "./types.js";

const addresses = new Addresses("cptm");
const addressOf = (byte: number) => hexToByteString(byte.toString(16).padStart(2, "0").repeat(20)) as AccAddress;
const text = (byte: number) => addresses.account.encode(addressOf(byte));

function setUp() {
  const moduleAccounts = [
    { name: "mint", permissions: ["minter"] },
    { name: "fee_collector", permissions: [] },
  ] as const;
  const keeper = new AccountKeeper({ addresses, moduleAccounts });
  const module = authModule(keeper);
  const ctx = memoryContext(memoryStores());
  const genesis = module.genesis!;
  const query = (name: string, request: Message) =>
    module.queryRoutes!.find(({ path }) => path.endsWith(`/${name}`))!.answer(ctx, request);
  return { keeper, module, ctx, genesis, query };
}

const account = (byte: number, accountNumber: bigint, extra: Partial<Account> = {}): Account => ({
  address: addressOf(byte),
  pubKey: undefined,
  accountNumber,
  sequence: 0n,
  ...extra,
});

describe("genesis of auth", () => {
  it("gives accounts that share a number numbers of their own, and module accounts the next ones", () => {
    const { keeper, ctx, genesis, module } = setUp();
    const accounts = [account(1, 0n), account(2, 0n), account(3, 5n), account(4, 0n)].map((a) => keeper.codec.toAny(a));
    const state = create(GenesisStateSchema, { ...genesis.defaults(), accounts } as never);
    expect(genesis.validate(state)).toEqual([]);
    genesis.init(ctx, state);
    expect([1, 2, 3, 4].map((byte) => keeper.get(ctx, addressOf(byte))?.accountNumber)).toEqual([0n, 1n, 5n, 2n]);
    expect(keeper.get(ctx, moduleAddress("fee_collector"))).toMatchObject({
      accountNumber: 6n,
      module: { permissions: [] },
    });
    expect(keeper.get(ctx, moduleAddress("mint"))).toMatchObject({
      accountNumber: 7n,
      module: { permissions: ["minter"] },
    });
    expect(keeper.create(ctx, addressOf(9)).accountNumber).toBe(8n);
    expect(module.invariants!.map(({ check }) => check(ctx))).toEqual([undefined]);
  });

  it("is the same again when it is exported and read", () => {
    const { keeper, ctx, genesis } = setUp();
    genesis.init(ctx, genesis.defaults());
    keeper.create(ctx, addressOf(7));
    const exported = genesis.export(ctx);
    expect(genesis.validate(exported)).toEqual([]);
    const other = setUp();
    other.genesis.init(other.ctx, exported);
    expect(other.genesis.export(other.ctx)).toEqual(exported);
  });

  it("says where it is wrong, and what", () => {
    const { keeper, genesis } = setUp();
    const good = keeper.codec.toAny(account(1, 0n));
    const broken = keeper.codec.toAny(account(1, 1n, { pubKey: { typeUrl: "/x.Key", value: Uint8Array.of(1) } }));
    const module = keeper.codec.toAny(account(2, 2n, { module: { name: "mint", permissions: [] } }));
    const vesting = { typeUrl: "/cosmos.vesting.v1beta1.DelayedVestingAccount", value: new Uint8Array(0) };
    const params = {
      txSigLimit: 7n,
      txSizeCostPerByte: 10n,
      sigVerifyCostEd25519: 1n << 63n,
      sigVerifyCostSecp256k1: 1n,
    };
    const state = create(GenesisStateSchema, {
      params,
      accounts: [good, broken, module, vesting, { typeUrl: good.typeUrl, value: Uint8Array.of(10, 1, 65) }],
    });
    const problems = genesis.validate(state);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "params.sig_verify_cost_ed25519",
      "params.max_memo_characters",
      "accounts[1].address",
      "accounts[1].pub_key",
      "accounts[2].base_account.address",
      "accounts[3]",
      "accounts[4]",
    ]);
    expect(problems[1]).toContain("invalid max memo characters: 0");
  });
});

describe("state of auth", () => {
  it("has the keys of the SDK's x/auth", () => {
    const { keeper, ctx } = setUp();
    keeper.setNextAccountNumber(ctx, 0x0102n);
    keeper.create(ctx, addressOf(0xab));
    const keys = [...ctx.store("acc").iterate({})].map(([key]) => byteStringToHex(key));
    const accountNumber = Buffer.from("accountNumber").toString("hex");
    expect(keys).toEqual([`01${"ab".repeat(20)}`, "02", `${accountNumber}0000000000000102`]);
    const value = (key: string) => Buffer.from(ctx.store("acc").get(hexToByteString(key)!)!).toString("hex");
    expect(value("02")).toBe("0000000000000103");
    expect(value(`${accountNumber}0000000000000102`)).toBe("ab".repeat(20));
  });

  it("turns an account at a module's address into the module account", () => {
    const { keeper, ctx } = setUp();
    const early = keeper.create(ctx, moduleAddress("mint"));
    expect(keeper.ensureModuleAccount(ctx, "mint")).toMatchObject({
      accountNumber: early.accountNumber,
      module: { name: "mint" },
    });
    expect(keeper.ensureModuleAccount(ctx, "mint").accountNumber).toBe(early.accountNumber);
  });
});

describe("queries of auth", () => {
  it("answer with the account, and in the words that clients match without one", () => {
    const { keeper, ctx, query } = setUp();
    keeper.create(ctx, addressOf(1));
    const answer = query("Account", create(QueryAccountRequestSchema, { address: text(1) }));
    expect(answer.$typeName).toBe(QueryAccountResponseSchema.typeName);
    const request = create(QueryAccountRequestSchema, { address: text(2) });
    let error: unknown;
    try {
      query("Account", request);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(StatusError);
    const registered = (error as StatusError).toRegistered();
    expect([registered.codespace, registered.code, registered.message]).toEqual([
      "sdk",
      22,
      `rpc error: code = NotFound desc = account ${text(2)} not found: key not found`,
    ]);
  });

  it("are all there", () => {
    const { module } = setUp();
    expect(module.queryRoutes!.map(({ path }) => path.split("/")[2])).toEqual([
      "Accounts",
      "Account",
      "AccountAddressByID",
      "Params",
      "ModuleAccounts",
      "ModuleAccountByName",
      "Bech32Prefix",
      "AddressBytesToString",
      "AddressStringToBytes",
      "AccountInfo",
    ]);
  });
});

describe("parameters of auth", () => {
  it("change by governance alone, inside their bounds", () => {
    const { keeper, ctx, module, genesis } = setUp();
    genesis.init(ctx, genesis.defaults());
    const route = module.msgRoutes![0]!;
    const params = { ...keeper.params(ctx), maxMemoCharacters: 512n };
    const message = (authority: string, maxMemoCharacters: bigint) =>
      create(MsgUpdateParamsSchema, { authority, params: { ...params, maxMemoCharacters } });
    const governance = addresses.account.encode(moduleAddress("gov"));
    expect(() => route.execute(ctx, message(text(1), 512n))).toThrow(
      `invalid authority; expected ${governance}, got ${text(1)}: expected gov account as only signer`,
    );
    for (const amount of [0n, 1n << 63n, (1n << 64n) - 1n]) {
      expect(() => route.check(message(governance, amount))).toThrow("invalid max memo characters");
    }
    route.execute(ctx, message(governance, 512n));
    expect(keeper.params(ctx).maxMemoCharacters).toBe(512n);
  });
});

it("an account of the protobuf runtime is the one in an answer", () => {
  const { keeper } = setUp();
  expect(keeper.codec.toMessage(account(1, 4n))).toEqual(
    create(BaseAccountSchema, { address: text(1), accountNumber: 4n }),
  );
});
