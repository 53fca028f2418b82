// Tier: test. Budget: 40 s. Stock cosmjs against one node: vesting accounts, authz and feegrant, signed DIRECT and in amino JSON.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Secp256k1Wallet } from "@cosmjs/amino";
import { sha256 } from "@cosmjs/crypto";
import { toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet, Registry } from "@cosmjs/proto-signing";
import type { AminoConverters } from "@cosmjs/stargate";
import {
  AminoTypes,
  coins,
  createDefaultAminoConverters,
  defaultRegistryTypes,
  QueryClient,
  setupAuthzExtension,
  setupFeegrantExtension,
  SigningStargateClient,
  StargateClient,
} from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";
import { GenericAuthorization } from "cosmjs-types/cosmos/authz/v1beta1/authz";
import { MsgExec, MsgExecResponse, MsgGrant, MsgRevoke } from "cosmjs-types/cosmos/authz/v1beta1/tx";
import { SendAuthorization } from "cosmjs-types/cosmos/bank/v1beta1/authz";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { BasicAllowance } from "cosmjs-types/cosmos/feegrant/v1beta1/feegrant";
import { MsgGrantAllowance, MsgRevokeAllowance } from "cosmjs-types/cosmos/feegrant/v1beta1/tx";
import {
  MsgCreatePeriodicVestingAccount,
  MsgCreatePermanentLockedAccount,
} from "cosmjs-types/cosmos/vesting/v1beta1/tx";

import type { AppState } from "../../core/runtime/genesis.js";
import { appStateWith } from "../kit/app-state.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const CHAIN_ID = "computronium-test-1";
const FEE = { amount: coins(2_000, "ucptm"), gas: "300000" };
const SEND = "/cosmos.bank.v1beta1.MsgSend";
const GRANT = "/cosmos.authz.v1beta1.MsgGrant";
const EXEC = "/cosmos.authz.v1beta1.MsgExec";
const ALLOW = "/cosmos.feegrant.v1beta1.MsgGrantAllowance";

enum Actor {
  Owner,
  Agent,
  Team,
  Vault,
  Nobody,
}

const keyOf = (actor: Actor) => sha256(toUtf8(`platform actor ${actor}`));
const direct = async (actor: Actor) => DirectSecp256k1Wallet.fromKey(keyOf(actor), "cptm");
const amino = async (actor: Actor) => Secp256k1Wallet.fromKey(keyOf(actor), "cptm");

/** cosmjs 0.39 has no converters of these messages; the JSON is what the SDK's encoder makes (golden vectors show it). */
const converters: AminoConverters = {
  [GRANT]: {
    aminoType: "cosmos-sdk/MsgGrant",
    toAmino({ granter, grantee, grant }: MsgGrant) {
      const { spendLimit, allowList } = SendAuthorization.decode(grant.authorization!.value);
      const value = { spend_limit: spendLimit, ...(allowList.length === 0 ? {} : { allow_list: allowList }) };
      return { granter, grantee, grant: { authorization: { type: "cosmos-sdk/SendAuthorization", value } } };
    },
    fromAmino: ({ granter, grantee, grant }: { granter: string; grantee: string; grant: AminoGrant }) =>
      grantMessage(granter, grantee, sendAuthorization(grant.authorization.value)).value as MsgGrant,
  },
  [EXEC]: {
    aminoType: "cosmos-sdk/MsgExec",
    toAmino({ grantee, msgs }: MsgExec) {
      const inner = msgs.map(({ value }) => {
        const { fromAddress, toAddress, amount } = MsgSend.decode(value);
        return { type: "cosmos-sdk/MsgSend", value: { from_address: fromAddress, to_address: toAddress, amount } };
      });
      return { grantee, msgs: inner };
    },
    fromAmino: ({ grantee, msgs }: { grantee: string; msgs: { value: AminoSend }[] }) =>
      MsgExec.fromPartial({
        grantee,
        msgs: msgs.map(({ value }) => sendAny(value.from_address, value.to_address, Number(value.amount[0]!.amount))),
      }),
  },
  [ALLOW]: {
    aminoType: "cosmos-sdk/MsgGrantAllowance",
    toAmino({ granter, grantee, allowance }: MsgGrantAllowance) {
      const { spendLimit } = BasicAllowance.decode(allowance!.value);
      return { granter, grantee, allowance: { type: "cosmos-sdk/BasicAllowance", value: { spend_limit: spendLimit } } };
    },
    fromAmino: ({ granter, grantee, allowance }: { granter: string; grantee: string; allowance: AminoAllowance }) =>
      allowMessage(granter, grantee, allowance.value.spend_limit).value as MsgGrantAllowance,
  },
};

interface AminoCoin {
  readonly denom: string;
  readonly amount: string;
}
interface AminoGrant {
  readonly authorization: { readonly value: { readonly spend_limit: AminoCoin[]; readonly allow_list?: string[] } };
}
interface AminoSend {
  readonly from_address: string;
  readonly to_address: string;
  readonly amount: AminoCoin[];
}
interface AminoAllowance {
  readonly value: { readonly spend_limit: AminoCoin[] };
}

const sendAuthorization = (limit: { readonly spend_limit: AminoCoin[]; readonly allow_list?: string[] }) => ({
  typeUrl: "/cosmos.bank.v1beta1.SendAuthorization",
  value: SendAuthorization.encode(
    SendAuthorization.fromPartial({ spendLimit: limit.spend_limit, allowList: limit.allow_list ?? [] }),
  ).finish(),
});
const grantMessage = (
  granter: string,
  grantee: string,
  authorization: { typeUrl: string; value: Uint8Array },
): EncodeObject => ({ typeUrl: GRANT, value: MsgGrant.fromPartial({ granter, grantee, grant: { authorization } }) });
const allowMessage = (granter: string, grantee: string, spendLimit: AminoCoin[]): EncodeObject => ({
  typeUrl: ALLOW,
  value: MsgGrantAllowance.fromPartial({
    granter,
    grantee,
    allowance: {
      typeUrl: "/cosmos.feegrant.v1beta1.BasicAllowance",
      value: BasicAllowance.encode(BasicAllowance.fromPartial({ spendLimit })).finish(),
    },
  }),
});
const send = (fromAddress: string, toAddress: string, amount: number) =>
  MsgSend.fromPartial({ fromAddress, toAddress, amount: coins(amount, "ucptm") });
const sendAny = (from: string, to: string, amount: number) => ({
  typeUrl: SEND,
  value: MsgSend.encode(send(from, to, amount)).finish(),
});

describe("cosmjs and the platform modules", () => {
  let node: TestNode;
  let client: StargateClient;
  let comet: Awaited<ReturnType<typeof connectComet>>;
  let query: ReturnType<typeof extended>;
  const address = new Map<Actor, string>();
  const of = (actor: Actor) => address.get(actor)!;
  const extended = (base: typeof comet) =>
    QueryClient.withExtensions(base, setupAuthzExtension, setupFeegrantExtension);

  beforeAll(async () => {
    for (const actor of [Actor.Owner, Actor.Agent, Actor.Team, Actor.Vault, Actor.Nobody]) {
      address.set(actor, (await (await direct(actor)).getAccounts())[0]!.address);
    }
    const rich = [Actor.Owner, Actor.Agent].map((actor) => ({ address: of(actor), amount: 1_000_000_000n }));
    node = await TestNode.start({
      chainId: CHAIN_ID,
      genesis: (genesis) => {
        const { auth, bank } = appStateWith(rich) as Record<string, object>;
        const state = genesis.app_state as AppState;
        genesis.app_state = {
          ...state,
          auth: { ...(state["auth"] as object), ...auth },
          bank: { ...(state["bank"] as object), ...bank },
        };
      },
    });
    client = await StargateClient.connect(node.rpc.url);
    comet = await connectComet(node.rpc.url);
    query = extended(comet);
  });
  afterAll(async () => {
    client.disconnect();
    comet.disconnect();
    await removeAllNodes();
  });

  const registry = new Registry([
    ...defaultRegistryTypes,
    ["/cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount", MsgCreatePermanentLockedAccount],
    ["/cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount", MsgCreatePeriodicVestingAccount],
  ]);
  const aminoTypes = new AminoTypes({ ...createDefaultAminoConverters(), ...converters });
  async function run(signer: OfflineSigner, messages: readonly EncodeObject[], granter?: string) {
    const signing = await SigningStargateClient.connectWithSigner(node.rpc.url, signer, {
      registry,
      aminoTypes,
      broadcastPollIntervalMs: 50,
    });
    const [account] = await signer.getAccounts();
    const fee = granter === undefined ? FEE : { ...FEE, granter };
    try {
      return await signing.signAndBroadcast(account!.address, messages, fee);
    } finally {
      signing.disconnect();
    }
  }
  const balance = async (actor: Actor) => BigInt((await client.getBalance(of(actor), "ucptm")).amount);
  it("makes vesting accounts, signed DIRECT and amino, and reads them", async () => {
    const { time } = (await client.getBlock()).header;
    const endTime = BigInt(Math.floor(Date.parse(time) / 1000)) + 86_400n;
    const vesting = (toAddress: string, delayed: boolean): EncodeObject => ({
      typeUrl: "/cosmos.vesting.v1beta1.MsgCreateVestingAccount",
      value: { fromAddress: of(Actor.Owner), toAddress, amount: coins(5_000_000, "ucptm"), endTime, delayed },
    });
    // In amino JSON cosmjs writes "delayed":false, which the SDK leaves out: such a signature holds on no chain.
    expect(await run(await amino(Actor.Owner), [vesting(of(Actor.Team), true)])).toMatchObject({ code: 0 });
    expect(await run(await direct(Actor.Owner), [vesting(of(Actor.Vault), false)])).toMatchObject({ code: 0 });
    expect(await client.getAccount(of(Actor.Team))).toMatchObject({ address: of(Actor.Team), sequence: 0 });
    expect(await client.getAccount(of(Actor.Vault))).toMatchObject({ address: of(Actor.Vault), sequence: 0 });
    expect(await run(await direct(Actor.Owner), [vesting(of(Actor.Team), true)])).toMatchObject({ code: 18 });
    const others: EncodeObject[] = [
      {
        typeUrl: "/cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount",
        value: { fromAddress: of(Actor.Owner), toAddress: of(Actor.Nobody), amount: coins(7, "ucptm") },
      },
    ];
    expect(await run(await direct(Actor.Owner), others)).toMatchObject({ code: 0 });
  });

  it("cannot spend what is locked, not even for a fee; what is free, it can", async () => {
    const attempt = async (amount: number) =>
      run(await direct(Actor.Team), [{ typeUrl: SEND, value: send(of(Actor.Team), of(Actor.Owner), amount) }]);
    await expect(attempt(1)).rejects.toThrow(/spendable balance 0ucptm is smaller than 2000ucptm/);
    const free = [{ typeUrl: SEND, value: send(of(Actor.Owner), of(Actor.Team), 10_000) }];
    expect(await run(await direct(Actor.Owner), free)).toMatchObject({ code: 0 });
    const refused = await attempt(9_000);
    expect(refused).toMatchObject({ code: 5 });
    expect(refused.rawLog).toMatch(/spendable balance 8000ucptm is smaller than 9000ucptm/);
    expect(await attempt(4_000)).toMatchObject({ code: 0 });
    expect(await balance(Actor.Team)).toBe(5_002_000n);
  });

  it("grants sends, signed amino, executes them DIRECT and amino, asks for grants, and revokes", async () => {
    const [owner, agent] = [of(Actor.Owner), of(Actor.Agent)];
    const authorization = sendAuthorization({ spend_limit: coins(100, "ucptm"), allow_list: [of(Actor.Vault)] });
    expect(await run(await amino(Actor.Owner), [grantMessage(owner, agent, authorization)])).toMatchObject({ code: 0 });
    const exec = (amount: number, to = of(Actor.Vault)): EncodeObject => ({
      typeUrl: EXEC,
      value: MsgExec.fromPartial({ grantee: agent, msgs: [sendAny(owner, to, amount)] }),
    });
    const before = await balance(Actor.Vault);
    const done = await run(await direct(Actor.Agent), [exec(30)]);
    expect(done).toMatchObject({ code: 0 });
    expect(MsgExecResponse.decode(done.msgResponses[0]!.value).results).toHaveLength(1);
    const transfer = done.events.find(
      ({ type, attributes }) => type === "transfer" && attributes.some(({ key }) => key === "authz_msg_index"),
    )!;
    expect(transfer.attributes.map(({ key, value }) => `${key}=${value}`)).toEqual([
      `recipient=${of(Actor.Vault)}`,
      `sender=${owner}`,
      "amount=30ucptm",
      "authz_msg_index=0",
      "msg_index=0",
    ]);
    expect(await run(await amino(Actor.Agent), [exec(40)])).toMatchObject({ code: 0 });
    expect(await balance(Actor.Vault)).toBe(before + 70n);
    expect(await run(await direct(Actor.Agent), [exec(31)])).toMatchObject({ code: 5 });
    expect(await run(await direct(Actor.Agent), [exec(1, agent)])).toMatchObject({ code: 4 });

    const { grants } = await query.authz.grants(owner, agent, SEND);
    expect(SendAuthorization.decode(grants[0]!.authorization!.value).spendLimit).toEqual(coins(30, "ucptm"));
    expect((await query.authz.granterGrants(owner)).grants).toMatchObject([{ granter: owner, grantee: agent }]);
    expect((await query.authz.granteeGrants(agent)).grants).toHaveLength(1);
    expect((await query.authz.granteeGrants(owner)).grants).toEqual([]);

    const revoke = MsgRevoke.fromPartial({ granter: owner, grantee: agent, msgTypeUrl: SEND });
    const revoked = await run(await direct(Actor.Owner), [
      { typeUrl: "/cosmos.authz.v1beta1.MsgRevoke", value: revoke },
    ]);
    expect(revoked).toMatchObject({ code: 0 });
    expect(await run(await direct(Actor.Agent), [exec(1)])).toMatchObject({ code: 2 });
    await expect(query.authz.grants(owner, agent, SEND)).rejects.toThrow(/authorization not found/);
  });

  it("finds no way around the ante chain in messages within messages", async () => {
    const [owner, agent] = [of(Actor.Owner), of(Actor.Agent)];
    const generic = {
      typeUrl: "/cosmos.authz.v1beta1.GenericAuthorization",
      value: GenericAuthorization.encode({ msg: SEND }).finish(),
    };
    expect(await run(await direct(Actor.Owner), [grantMessage(owner, agent, generic)])).toMatchObject({ code: 0 });
    const nest = (depth: number, any: { typeUrl: string; value: Uint8Array }): EncodeObject => {
      const value = MsgExec.fromPartial({ grantee: agent, msgs: [any] });
      return depth === 1
        ? { typeUrl: EXEC, value }
        : nest(depth - 1, { typeUrl: EXEC, value: MsgExec.encode(value).finish() });
    };
    expect(await run(await direct(Actor.Agent), [nest(3, sendAny(owner, of(Actor.Vault), 5))])).toMatchObject({
      code: 0,
    });
    // Refused by CheckTx, before any fee: too deep, no coins, someone who has granted nothing inside of a good one.
    await expect(run(await direct(Actor.Agent), [nest(5, sendAny(owner, of(Actor.Vault), 5))])).rejects.toThrow(
      /too deep/,
    );
    const nothing = { typeUrl: SEND, value: MsgSend.encode({ ...send(owner, agent, 1), amount: [] }).finish() };
    await expect(run(await direct(Actor.Agent), [nest(2, nothing)])).rejects.toThrow(/invalid coins/);
    expect(await run(await direct(Actor.Agent), [nest(2, sendAny(of(Actor.Vault), agent, 5))])).toMatchObject({
      code: 2,
    });
  });

  it("lets the granter pay, shows allowances, and ends with them", async () => {
    const [owner, team] = [of(Actor.Owner), of(Actor.Team)];
    const allow = allowMessage(owner, team, coins(5_000, "ucptm"));
    expect(await run(await amino(Actor.Owner), [allow])).toMatchObject({ code: 0 });
    const before = { owner: await balance(Actor.Owner), team: await balance(Actor.Team) };
    const pay = async () => run(await direct(Actor.Team), [{ typeUrl: SEND, value: send(team, team, 1) }], owner);
    const paid = await pay();
    expect(paid).toMatchObject({ code: 0 });
    expect(paid.events.filter(({ type }) => type.endsWith("_feegrant")).map(({ type }) => type)).toEqual([
      "use_feegrant",
      "update_feegrant",
    ]);
    expect(await balance(Actor.Owner)).toBe(before.owner - 2_000n);
    expect(await balance(Actor.Team)).toBe(before.team);
    const { allowance } = await query.feegrant.allowance(owner, team);
    expect(BasicAllowance.decode(allowance!.allowance!.value).spendLimit).toEqual(coins(3_000, "ucptm"));
    expect((await query.feegrant.allowances(team)).allowances).toHaveLength(1);
    await pay();
    await expect(pay()).rejects.toThrow(/does not allow to pay fees for .*: basic allowance: fee limit exceeded/);
    const revoke = MsgRevokeAllowance.fromPartial({ granter: owner, grantee: team });
    const revoked = { typeUrl: "/cosmos.feegrant.v1beta1.MsgRevokeAllowance", value: revoke };
    expect(await run(await direct(Actor.Owner), [revoked])).toMatchObject({ code: 0 });
    await expect(query.feegrant.allowance(owner, team)).rejects.toThrow(/fee-grant not found/);
  });
});
