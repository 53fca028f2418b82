// Tier: test. Budget: 10 s. Who may act for whom: every kind of authorization, messages in messages, and nothing beyond what was granted.
import { describe, expect, it } from "@jest/globals";
import { MsgExecSchema, MsgGrantSchema, MsgRevokeSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import type { MsgExecResponse } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { GenericAuthorizationSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import type {
  QueryGranterGrantsResponse,
  QueryGrantsResponse,
} from "@computronium/proto/cosmos/authz/v1beta1/query_pb.js";
import { SendAuthorizationSchema } from "@computronium/proto/cosmos/bank/v1beta1/authz_pb.js";
import { MsgMultiSendSchema, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { AuthorizationType, StakeAuthorizationSchema } from "@computronium/proto/cosmos/staking/v1beta1/authz_pb.js";
import { MsgDelegateSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import type { Any } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";

import { unpackAny } from "../../core/codec/registry.js";
import { GasMeter } from "../../core/runtime/gas.js";
import { stakeAuthorization } from "../../modules/authz/authorizations/stake.js";
import { any, coins, eventTexts, FUNDS, NOW, PlatformChain } from "./chain.js";

const SEND = "/cosmos.bank.v1beta1.MsgSend";
const EXEC = "/cosmos.authz.v1beta1.MsgExec";

function setUp() {
  const chain = new PlatformChain();
  const send = (from: number, to: number, amount: bigint | number) =>
    any(MsgSendSchema, { fromAddress: chain.text(from), toAddress: chain.text(to), amount: coins(amount) });
  const grant = (authorization: Any, seconds?: bigint, granter = 1, grantee = 2) => ({
    granter: chain.text(granter),
    grantee: chain.text(grantee),
    grant: { authorization, ...(seconds === undefined ? {} : { expiration: { seconds, nanos: 0 } }) },
  });
  const exec = (...msgs: Any[]) => ({ grantee: chain.text(2), msgs });
  const generic = (msg: string) => any(GenericAuthorizationSchema, { msg });
  return { chain, send, grant, exec, generic };
}

describe("a grant", () => {
  it("lets the grantee act for the granter, says so as the SDK does, and marks events of what was done", () => {
    const { chain, send, grant, exec, generic } = setUp();
    const [granter, grantee] = [chain.text(1), chain.text(2)];
    expect(eventTexts(chain.run(MsgGrantSchema, grant(generic(SEND))).events)).toEqual([
      `cosmos.authz.v1beta1.EventGrant{grantee="${grantee}",granter="${granter}",msg_type_url="${SEND}"}`,
    ]);
    const { response, events } = chain.run(MsgExecSchema, exec(send(1, 3, 5), send(2, 3, 7)));
    expect((response as MsgExecResponse).results).toEqual([new Uint8Array(0), new Uint8Array(0)]);
    expect(eventTexts(events)).toEqual([
      `coin_spent{spender=${granter},amount=5ucptm,authz_msg_index=0}`,
      `coin_received{receiver=${chain.text(3)},amount=5ucptm,authz_msg_index=0}`,
      `transfer{recipient=${chain.text(3)},sender=${granter},amount=5ucptm,authz_msg_index=0}`,
      `message{sender=${granter},authz_msg_index=0}`,
      `coin_spent{spender=${grantee},amount=7ucptm,authz_msg_index=1}`,
      `coin_received{receiver=${chain.text(3)},amount=7ucptm,authz_msg_index=1}`,
      `transfer{recipient=${chain.text(3)},sender=${grantee},amount=7ucptm,authz_msg_index=1}`,
      `message{sender=${grantee},authz_msg_index=1}`,
    ]);
    expect(chain.balance(3)).toBe(FUNDS + 12n);
    expect(chain.broken()).toEqual([]);
  });

  it("makes the account of a grantee that has none, never of a module", () => {
    const { chain, grant, generic } = setUp();
    chain.run(MsgGrantSchema, grant(generic(SEND), undefined, 1, 9));
    expect(chain.wiring.accounts.has(chain.context(), chain.address(9))).toBe(true);
  });

  it("is refused to oneself, for messages that nobody handles, without an authorization, with an end that is over", () => {
    const { chain, grant, generic } = setUp();
    expect(chain.refusal(MsgGrantSchema, grant(generic(SEND), undefined, 1, 1))).toBe("authz/7");
    expect(chain.refusal(MsgGrantSchema, grant(generic("/no.such.Msg")))).toBe("sdk/29");
    expect(chain.refusal(MsgGrantSchema, grant(generic("")))).toBe("sdk/18");
    expect(chain.refusal(MsgGrantSchema, { ...grant(generic(SEND)), grant: {} })).toBe("sdk/29");
    expect(chain.refusal(MsgGrantSchema, grant(any(MsgRevokeSchema, {})))).toBe("sdk/29");
    expect(() => chain.run(MsgGrantSchema, grant(generic(SEND), NOW))).toThrow(
      "expiration must be after the current block time (2027-01-15T08:00:00Z), got 2027-01-15T08:00:00Z: expiration time of authorization should be more than current time",
    );
  });

  it("ends with its revocation, and by its expiration, whenever that is cleared away", () => {
    const { chain, send, grant, exec, generic } = setUp();
    const revoke = { granter: chain.text(1), grantee: chain.text(2), msgTypeUrl: SEND };
    chain.run(MsgGrantSchema, grant(generic(SEND)));
    expect(eventTexts(chain.run(MsgRevokeSchema, revoke).events)).toEqual([
      `cosmos.authz.v1beta1.EventRevoke{grantee="${chain.text(2)}",granter="${chain.text(1)}",msg_type_url="${SEND}"}`,
    ]);
    expect(chain.refusal(MsgRevokeSchema, revoke)).toBe("authz/2");
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 5)))).toBe("authz/2");

    chain.run(MsgGrantSchema, grant(generic(SEND), NOW + 10n));
    chain.now = NOW + 9n;
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 5)))).toBe("");
    chain.now = NOW + 10n;
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 5)))).toBe("authz/6");
    const { grants } = chain.query<QueryGranterGrantsResponse>("/cosmos.authz.v1beta1.Query/GranterGrants", {
      granter: chain.text(1),
    });
    expect(grants).toEqual([]);
    chain.block(0n);
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 5)))).toBe("authz/2");
    expect(chain.broken()).toEqual([]);
  });

  it("in the place of another one counts alone, in the queue too", () => {
    const { chain, send, grant, exec, generic } = setUp();
    chain.run(MsgGrantSchema, grant(generic(SEND), NOW + 10n));
    chain.run(MsgGrantSchema, grant(any(SendAuthorizationSchema, { spendLimit: coins(5) }), NOW + 100n));
    chain.block(50n);
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 6)))).toBe("sdk/5");
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 5)))).toBe("");
    expect(chain.broken()).toEqual([]);
  });

  it("of a thousand that end at one moment, a block clears a bounded number away", () => {
    const { chain, grant, generic } = setUp();
    for (let who = 300; who < 1300; who++) {
      const hex = who.toString(16).padStart(4, "0").repeat(10);
      const grantee = chain.wiring.addresses.account.encode(Buffer.from(hex, "hex").toString("latin1") as never);
      chain.run(MsgGrantSchema, { ...grant(generic(SEND), NOW + 5n), grantee });
    }
    const left = () => (chain.exported()["authz"] as { authorization: unknown[] }).authorization.length;
    chain.block(10n);
    expect(left()).toBe(800);
    for (let i = 0; i < 4; i++) chain.block();
    expect(left()).toBe(0);
    expect(chain.broken()).toEqual([]);
  });
});

describe("messages within MsgExec", () => {
  it("fail together", () => {
    const { chain, send, grant, exec, generic } = setUp();
    chain.run(MsgGrantSchema, grant(generic(SEND)));
    expect(() => chain.run(MsgExecSchema, exec(send(1, 3, 5), send(1, 3, FUNDS)))).toThrow(
      /^failed to execute message; message \/cosmos.bank.v1beta1.MsgSend: spendable balance 99999995ucptm is smaller than/,
    );
    expect(chain.balance(1)).toBe(FUNDS);
  });

  it("are asked what they would be asked outside, before anything is done", () => {
    const { chain, send, grant, exec, generic } = setUp();
    chain.run(MsgGrantSchema, grant(generic(SEND)));
    const negative = any(MsgSendSchema, { fromAddress: chain.text(1), toAddress: chain.text(3), amount: coins(-5) });
    const route = chain.wiring.chain.messages.get(EXEC)!;
    const check =
      (...msgs: Any[]) =>
      () =>
        route.check(unpackAny(any(MsgExecSchema, exec(...msgs))).value);
    expect(check(send(1, 3, 5))).not.toThrow();
    expect(check(negative)).toThrow(/^msg 0: -5ucptm: invalid coins/);
    expect(check(any(MsgDelegateSchemaOfNobody(), {}))).toThrow(/unable to resolve|no message handler/);
    expect(check()).toThrow("messages cannot be empty");
    expect(check(any(MsgExecSchema, exec(any(MsgExecSchema, exec(negative)))))).toThrow(/invalid coins/);
    // Module accounts do not receive coins, by whatever way.
    const gov = chain.wiring.addresses.account.encode(chain.wiring.accounts.moduleAccountSpec("gov").address);
    const toModule = any(MsgSendSchema, { fromAddress: chain.text(1), toAddress: gov, amount: coins(5) });
    expect(chain.refusal(MsgExecSchema, exec(toModule))).toBe("sdk/4");
  });

  it("need the grant of whoever they ask to sign, however deep they stand", () => {
    const { chain, send, grant, exec, generic } = setUp();
    const inner = any(MsgExecSchema, exec(send(1, 3, 5)));
    expect(chain.refusal(MsgExecSchema, exec(inner))).toBe("authz/2");
    // As 3, to whom 1 has granted sends; 3 lets 2 execute.
    chain.run(MsgGrantSchema, grant(generic(SEND), undefined, 1, 3));
    const as3 = any(MsgExecSchema, { grantee: chain.text(3), msgs: [send(1, 3, 5)] });
    expect(chain.refusal(MsgExecSchema, exec(as3))).toBe("authz/2");
    chain.run(MsgGrantSchema, grant(generic(EXEC), undefined, 3, 2));
    expect(chain.refusal(MsgExecSchema, exec(as3))).toBe("");
    expect(chain.balance(1)).toBe(FUNDS - 5n);
    expect(chain.refusal(MsgExecSchema, exec(any(MsgExecSchema, exec(send(2, 3, 5)))))).toBe("");
  });

  it("stand in one another at most four deep, and are at most a hundred", () => {
    const { chain, send, exec } = setUp();
    let message = send(2, 3, 1);
    for (let depth = 1; depth <= 4; depth++) {
      expect(chain.refusal(MsgExecSchema, exec(message))).toBe("");
      message = any(MsgExecSchema, exec(message));
    }
    expect(chain.refusal(MsgExecSchema, exec(message))).toBe("authz/101");
    const many = Array.from({ length: 60 }, () => send(2, 3, 1));
    const twice = exec(any(MsgExecSchema, exec(...many)), any(MsgExecSchema, exec(...many)));
    expect(chain.refusal(MsgExecSchema, twice)).toBe("sdk/18");
  });

  it("cost gas as they do outside, and more", () => {
    const { chain, send, grant, exec, generic } = setUp();
    const [outside, inside] = [GasMeter.unlimited(), GasMeter.unlimited()];
    const fields = { fromAddress: chain.text(1), toAddress: chain.text(3), amount: coins(1) };
    setUp().chain.run(MsgSendSchema, fields, outside);
    chain.run(MsgGrantSchema, grant(generic(SEND)));
    chain.run(MsgExecSchema, exec(send(1, 3, 1)), inside);
    expect(inside.used).toBeGreaterThan(outside.used + 1000);
    expect(() => chain.run(MsgExecSchema, exec(send(2, 3, 1)), GasMeter.limited(1000n))).toThrow(/out of gas/);
  });

  it("with more than one signer are not for authz", () => {
    const { chain, exec } = setUp();
    const side = (who: number) => ({ address: chain.text(who), coins: coins(1) });
    const multi = any(MsgMultiSendSchema, { inputs: [side(1), side(3)], outputs: [{ ...side(2), coins: coins(2) }] });
    expect(chain.refusal(MsgExecSchema, exec(multi))).toMatch(/^(authz\/9|bank\/9)$/);
  });
});

describe("a send authorization", () => {
  it("is used up to its limit, by sends to those on its list", () => {
    const { chain, send, grant, exec } = setUp();
    const authorization = any(SendAuthorizationSchema, { spendLimit: coins(10), allowList: [chain.text(3)] });
    chain.run(MsgGrantSchema, grant(authorization));
    expect(chain.refusal(MsgExecSchema, exec(send(1, 2, 1)))).toBe("sdk/4");
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 11)))).toBe("sdk/5");
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 4)))).toBe("");
    const left = chain.query<QueryGrantsResponse>("/cosmos.authz.v1beta1.Query/Grants", {
      granter: chain.text(1),
      grantee: chain.text(2),
    });
    expect(unpackAny(left.grants[0]!.authorization!).value).toMatchObject({ spendLimit: coins(6) });
    const { events } = chain.run(MsgExecSchema, exec(send(1, 3, 6)));
    expect(eventTexts(events)[0]).toMatch(/^cosmos.authz.v1beta1.EventRevoke/);
    expect(chain.refusal(MsgExecSchema, exec(send(1, 3, 1)))).toBe("authz/2");
  });

  it("without a limit, of amounts that are none, or with an address twice is none", () => {
    const { chain, grant } = setUp();
    const refusal = (fields: { spendLimit?: ReturnType<typeof coins>; allowList?: string[] }) =>
      chain.refusal(MsgGrantSchema, grant(any(SendAuthorizationSchema, fields)));
    expect(refusal({})).toBe("sdk/10");
    expect(refusal({ spendLimit: coins(0) })).toBe("sdk/10");
    expect(refusal({ spendLimit: coins(-5) })).toBe("sdk/10");
    expect(refusal({ spendLimit: coins(5), allowList: [chain.text(3), chain.text(3)] })).toBe("sdk/18");
  });

  it("never lets more go than was granted, whatever is tried", () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 1_000n),
        fc.array(fc.array(fc.bigInt(-5n, 600n), { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
        (limit, tries) => {
          const { chain, send, grant, exec } = setUp();
          chain.run(MsgGrantSchema, grant(any(SendAuthorizationSchema, { spendLimit: coins(limit) })));
          for (const amounts of tries) {
            const before = chain.balance(1);
            const isDone = chain.refusal(MsgExecSchema, exec(...amounts.map((amount) => send(1, 3, amount)))) === "";
            if (!isDone) expect(chain.balance(1)).toBe(before);
          }
          expect(FUNDS - chain.balance(1)).toBeLessThanOrEqual(limit);
          expect(chain.balance(1)).toBeLessThanOrEqual(FUNDS);
          expect(chain.broken()).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a stake authorization", () => {
  const validators = (...address: string[]) => ({ address });
  const use = (authorization: Any, validatorAddress: string, amount: bigint | number) => {
    const message = unpackAny(any(MsgDelegateSchema, { validatorAddress, amount: coins(amount)[0]! }));
    const { chain } = setUp();
    return stakeAuthorization.accept(chain.context(), unpackAny(authorization).value, {
      message,
      granter: chain.address(1),
    });
  };
  const stake = (fields: object) =>
    any(StakeAuthorizationSchema, { authorizationType: AuthorizationType.DELEGATE, ...fields });

  it("is for validators on the list, or for those that are not, in whatever letters they are written", () => {
    const allowed = stake({ validators: { case: "allowList", value: validators("val1") } });
    const denied = stake({ validators: { case: "denyList", value: validators("val1") } });
    expect(use(allowed, "val1", 5)).toBe("kept");
    expect(() => use(allowed, "val2", 5)).toThrow("cannot delegate/undelegate to val2 validator: unauthorized");
    expect(use(denied, "val2", 5)).toBe("kept");
    expect(() => use(denied, "val1", 5)).toThrow(/unauthorized/);
    expect(() => use(denied, "VAL1", 5)).toThrow(/unauthorized/);
  });

  it("goes down to nothing, and not below", () => {
    const limited = stake({ maxTokens: coins(10)[0]! });
    expect(use(limited, "val1", 4)).toMatchObject({ maxTokens: { amount: "6", denom: "ucptm" } });
    expect(use(limited, "val1", 10)).toBe("used up");
    expect(() => use(limited, "val1", 11)).toThrow("negative coin amount: -1ucptm");
    expect(() => use(limited, "val1", -4)).toThrow(/invalid coins/);
    const other = stake({ maxTokens: { denom: "uother", amount: "5" } });
    expect(() => use(other, "val1", 1)).toThrow("invalid coin denoms: uother, ucptm");
  });

  it("without a kind of message or with less than nothing is none", () => {
    const { chain, grant } = setUp();
    const refusal = (fields: object) => chain.refusal(MsgGrantSchema, grant(stake(fields)));
    expect(refusal({ authorizationType: AuthorizationType.UNSPECIFIED })).toBe("authz/4");
    expect(refusal({ maxTokens: coins(-5)[0]! })).toBe("authz/12");
  });
});

describe("grants in queries and in genesis", () => {
  it("are listed by granter and by grantee, a page after another", () => {
    const { chain, grant, generic } = setUp();
    const types = [SEND, EXEC, "/cosmos.bank.v1beta1.MsgMultiSend", "/cosmos.authz.v1beta1.MsgRevoke"];
    for (const type of types) chain.run(MsgGrantSchema, grant(generic(type), undefined, 1, 2));
    chain.run(MsgGrantSchema, grant(generic(SEND), undefined, 3, 2));
    const list = (path: string, fields: object, limit: bigint) => {
      const seen: unknown[] = [];
      let key = new Uint8Array(0);
      do {
        const page = chain.query<QueryGranterGrantsResponse>(`/cosmos.authz.v1beta1.Query/${path}`, {
          ...fields,
          pagination: { key, limit },
        });
        seen.push(...page.grants);
        key = Uint8Array.from(page.pagination!.nextKey);
      } while (key.length > 0);
      return seen;
    };
    expect(list("GranterGrants", { granter: chain.text(1) }, 3n)).toHaveLength(4);
    expect(list("GranteeGrants", { grantee: chain.text(2) }, 2n)).toHaveLength(5);
    expect(list("Grants", { granter: chain.text(3), grantee: chain.text(2) }, 2n)).toHaveLength(1);
    expect(list("GranteeGrants", { grantee: chain.text(1) }, 2n)).toEqual([]);
    expect(() =>
      chain.query("/cosmos.authz.v1beta1.Query/Grants", {
        granter: chain.text(3),
        grantee: chain.text(2),
        msgTypeUrl: EXEC,
      }),
    ).toThrow(`authorization not found for ${EXEC} type: authorization not found`);
  });

  it("come back from an export as they were", () => {
    const { chain, grant, generic } = setUp();
    chain.run(MsgGrantSchema, grant(generic(EXEC), NOW + 10n));
    chain.run(MsgGrantSchema, grant(any(SendAuthorizationSchema, { spendLimit: coins(5) }), NOW * 5n));
    const again = new PlatformChain([], chain.exported());
    expect(again.exported()).toEqual(chain.exported());
    expect(again.broken()).toEqual([]);
  });
});

/** A message that no module of the chain handles. */
function MsgDelegateSchemaOfNobody() {
  return GenericAuthorizationSchema;
}
