// Tier: test. Budget: 8 s. Spending mandates: an agent's key rents compute for its owner, and does nothing else.
import { describe, expect, it } from "@jest/globals";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { SpendAuthorizationSchema } from "@computronium/proto/computronium/authz/v1/authz_pb.js";
import type { SpendAuthorization } from "@computronium/proto/computronium/authz/v1/authz_pb.js";
import {
  MsgAcceptBidSchema,
  MsgCancelOrderSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgTopUpSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import type { MsgPostOrderResponse } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { JobClass } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import type { QueryGrantsResponse } from "@computronium/proto/cosmos/authz/v1beta1/query_pb.js";
import { MsgExecSchema, MsgGrantSchema, MsgRevokeSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import type { MsgExecResponse } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import fc from "fast-check";

import { fromBinary } from "../../core/codec/protobuf.js";
import { typeUrlOf, unpackAny } from "../../core/codec/registry.js";
import { MsgPostOrderResponseSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { order, perSecond, register } from "../market/actors.js";
import { any, coins, FUNDS, NOW, PlatformChain } from "./chain.js";

const OWNER = 1;
const AGENT = 2;
const PROVIDER = 3;
const OTHER = 4;
const ALL = [MsgPostOrderSchema, MsgAcceptBidSchema, MsgTopUpSchema, MsgCancelOrderSchema].map(typeUrlOf);

function setUp(fields: MessageInitShape<typeof SpendAuthorizationSchema> = {}) {
  const chain = new PlatformChain([OWNER, AGENT, PROVIDER, OTHER]);
  const mandate = (changes: MessageInitShape<typeof SpendAuthorizationSchema>) => ({
    granter: chain.text(OWNER),
    grantee: chain.text(AGENT),
    grant: {
      authorization: any(SpendAuthorizationSchema, { allowedMessages: ALL, totalLimit: coins(10_000), ...changes }),
    },
  });
  chain.run(MsgGrantSchema, mandate(fields));
  const exec = (...msgs: Any[]) => ({ grantee: chain.text(AGENT), msgs });
  const post = (budget: bigint | number, changes: Parameters<typeof order>[1] = {}) =>
    any(MsgPostOrderSchema, order(chain.text(OWNER), { budget: coins(budget)[0]!, ...changes }));
  const left = () => {
    const { grants } = chain.query<QueryGrantsResponse>("/cosmos.authz.v1beta1.Query/Grants", {
      granter: chain.text(OWNER),
      grantee: chain.text(AGENT),
      msgTypeUrl: typeUrlOf(SpendAuthorizationSchema),
    });
    return unpackAny(grants[0]!.authorization!).value as SpendAuthorization;
  };
  const provider = (who: number) => chain.run(MsgRegisterProviderSchema, register(chain.text(who)));
  /** A lease of the owner with a provider, by the agent; its number. */
  const rent = (who: number) => {
    const posted = chain.run(MsgExecSchema, exec(post(2_000))).response as MsgExecResponse;
    const { orderId } = fromBinary(MsgPostOrderResponseSchema, posted.results[0]!) as MsgPostOrderResponse;
    chain.run(MsgPlaceBidSchema, { provider: chain.text(who), orderId, price: perSecond(10n) });
    return any(MsgAcceptBidSchema, {
      owner: chain.text(OWNER),
      orderId,
      provider: chain.text(who),
      price: perSecond(10n),
    });
  };
  return { chain, mandate, exec, post, left, provider, rent };
}

describe("a spending mandate", () => {
  it("rents compute with the owner's coins, all messages out of one budget", () => {
    const { chain, exec, left, provider, rent } = setUp();
    provider(PROVIDER);
    expect(chain.refusal(MsgExecSchema, exec(rent(PROVIDER)))).toBe("");
    const topUp = (amount: number) =>
      any(MsgTopUpSchema, { sender: chain.text(OWNER), leaseId: 1n, amount: coins(amount)[0]! });
    expect(chain.refusal(MsgExecSchema, exec(topUp(8_001)))).toBe("authz/102");
    expect(chain.refusal(MsgExecSchema, exec(topUp(7_000)))).toBe("");
    expect(left().totalLimit).toMatchObject(coins(1_000));
    expect(chain.balance(OWNER)).toBe(FUNDS - 9_000n);
    expect(chain.broken()).toEqual([]);
  });

  it("does nothing else with them", () => {
    const { chain, exec, post } = setUp({ allowedMessages: [typeUrlOf(MsgPostOrderSchema)] });
    const send = any(MsgSendSchema, { fromAddress: chain.text(OWNER), toAddress: chain.text(AGENT), amount: coins(5) });
    expect(chain.refusal(MsgExecSchema, exec(send))).toBe("authz/2");
    expect(chain.refusal(MsgExecSchema, exec(post(2_000)))).toBe("");
    const cancel = any(MsgCancelOrderSchema, { owner: chain.text(OWNER), orderId: 1n });
    expect(chain.refusal(MsgExecSchema, exec(cancel))).toBe("authz/102");
  });

  it("does not become larger by what comes back", () => {
    const { chain, exec, post, left } = setUp();
    chain.run(MsgExecSchema, exec(post(6_000)));
    chain.run(MsgExecSchema, exec(any(MsgCancelOrderSchema, { owner: chain.text(OWNER), orderId: 1n })));
    expect(chain.balance(OWNER)).toBe(FUNDS);
    expect(left().totalLimit).toMatchObject(coins(4_000));
    expect(chain.refusal(MsgExecSchema, exec(post(6_000)))).toBe("authz/102");
  });

  it("keeps to its providers and kinds of job, and to leases of the owner", () => {
    const { chain, exec, post, provider, rent } = setUp({ allowedJobClasses: [JobClass.WASM] });
    expect(chain.refusal(MsgExecSchema, exec(post(2_000, { jobClass: JobClass.CONTAINER })))).toBe("authz/102");
    provider(PROVIDER);
    expect(chain.refusal(MsgExecSchema, exec(rent(PROVIDER)))).toBe("");
    // A lease of somebody else: what is left of its escrow would go there.
    chain.run(MsgPostOrderSchema, order(chain.text(OTHER)));
    chain.run(MsgPlaceBidSchema, { provider: chain.text(PROVIDER), orderId: 2n, price: perSecond(10n) });
    chain.run(MsgAcceptBidSchema, {
      owner: chain.text(OTHER),
      orderId: 2n,
      provider: chain.text(PROVIDER),
      price: perSecond(10n),
    });
    for (const leaseId of [2n, 99n]) {
      const topUp = any(MsgTopUpSchema, { sender: chain.text(OWNER), leaseId, amount: coins(5)[0]! });
      expect(chain.refusal(MsgExecSchema, exec(topUp))).toBe("authz/102");
    }
  });

  it("accepts no bid of others than its providers", () => {
    const { chain, exec, mandate, provider, rent } = setUp();
    chain.run(MsgGrantSchema, mandate({ allowedProviders: [chain.text(PROVIDER)] }));
    provider(PROVIDER);
    provider(OTHER);
    expect(chain.refusal(MsgExecSchema, exec(rent(OTHER)))).toBe("authz/102");
    expect(chain.refusal(MsgExecSchema, exec(rent(PROVIDER)))).toBe("");
  });

  it("has a limit for each period, which begins anew", () => {
    const { chain, exec, post, left } = setUp({ periodLimit: coins(3_000), periodSeconds: 100n });
    expect(left()).toMatchObject({ periodLeft: coins(3_000), periodEndTime: NOW + 100n });
    expect(chain.refusal(MsgExecSchema, exec(post(2_000)))).toBe("");
    expect(chain.refusal(MsgExecSchema, exec(post(2_000)))).toBe("authz/102");
    chain.now += 99n;
    expect(chain.refusal(MsgExecSchema, exec(post(2_000)))).toBe("authz/102");
    chain.now += 1n;
    expect(chain.refusal(MsgExecSchema, exec(post(2_000)))).toBe("");
    expect(left()).toMatchObject({ periodLeft: coins(1_000), periodEndTime: NOW + 200n, totalLimit: coins(6_000) });
    chain.now += 1_000n;
    chain.run(MsgExecSchema, exec(post(3_000)));
    expect(left()).toMatchObject({ periodLeft: [], periodEndTime: NOW + 1_200n, totalLimit: coins(3_000) });
  });

  it("is revoked under its own name", () => {
    const { chain, exec, post } = setUp();
    const msgTypeUrl = typeUrlOf(SpendAuthorizationSchema);
    chain.run(MsgRevokeSchema, { granter: chain.text(OWNER), grantee: chain.text(AGENT), msgTypeUrl });
    expect(chain.refusal(MsgExecSchema, exec(post(2_000)))).toBe("authz/2");
  });

  const NONE: readonly (readonly [string, MessageInitShape<typeof SpendAuthorizationSchema>])[] = [
    ["no messages", { allowedMessages: [] }],
    ["a message that is not the market's", { allowedMessages: ["/cosmos.bank.v1beta1.MsgSend"] }],
    ["a message twice", { allowedMessages: [ALL[0]!, ALL[0]!] }],
    ["a limit below nothing", { totalLimit: coins(-1) }],
    ["a period without a limit", { periodSeconds: 5n }],
    ["a limit without a period", { periodLimit: coins(5) }],
    ["a period of a thousand years", { periodLimit: coins(5), periodSeconds: 31_536_000_000n }],
    ["a count of its own", { periodLimit: coins(5), periodSeconds: 5n, periodLeft: coins(5) }],
    ["a kind of job that does not exist", { allowedJobClasses: [99 as JobClass] }],
    ["a provider that is no address", { allowedProviders: ["nobody"] }],
    ["a long purpose", { purpose: "x".repeat(257) }],
  ];
  it.each(NONE.map(([name]) => name))("with %s is none", (name) => {
    const changes = NONE.find(([known]) => known === name)![1];
    const { chain, mandate } = setUp();
    expect(chain.refusal(MsgGrantSchema, mandate(changes))).not.toBe("");
  });

  it("comes back from an export with what is left of it", () => {
    const { chain, exec, post } = setUp({
      periodLimit: coins(3_000),
      periodSeconds: 100n,
      purpose: "nightly training",
    });
    chain.run(MsgExecSchema, exec(post(2_000)));
    const again = new PlatformChain([], chain.exported());
    expect(again.exported()["authz"]).toEqual(chain.exported()["authz"]);
  });

  it("never spends more than its limits, in all or in any period, whatever is tried", () => {
    const budget = fc.bigInt(1_000n, 4_000n);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.bigInt(0n, 80n), budget), { maxLength: 15 }), (tries) => {
        const { chain, exec, post } = setUp({ periodLimit: coins(4_000), periodSeconds: 100n });
        const spent: { at: bigint; amount: bigint }[] = [];
        for (const [seconds, amount] of tries) {
          chain.now += seconds;
          if (chain.refusal(MsgExecSchema, exec(post(amount))) === "") spent.push({ at: chain.now, amount });
        }
        const total = (list: typeof spent) => list.reduce((sum, { amount }) => sum + amount, 0n);
        expect(total(spent)).toBeLessThanOrEqual(10_000n);
        expect(FUNDS - chain.balance(OWNER)).toBe(total(spent));
        // Periods do not overlap: a window of one period's length touches two of them at most.
        for (const { at } of spent) {
          expect(total(spent.filter((other) => other.at >= at && other.at < at + 100n))).toBeLessThanOrEqual(8_000n);
        }
        expect(chain.broken()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
