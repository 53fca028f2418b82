// Tier: test. Budget: 2 s. What the flags of `tx authz grant` and `tx feegrant grant` make.
import { describe, expect, it } from "@jest/globals";
import { InvalidArgumentError } from "commander";

import { allowanceOf } from "../feegrant/grant.js";
import { FlagError } from "../tx-flags.js";
import { authorizationOf, time } from "./grant.js";

describe("an authorization from flags", () => {
  it("is of the kind that was asked for", () => {
    expect(authorizationOf("generic", { msgType: ["/a.B"] })).toEqual({
      "@type": "/cosmos.authz.v1beta1.GenericAuthorization",
      msg: "/a.B",
    });
    expect(authorizationOf("send", { spendLimit: "5ucptm,3atoken", allowList: ["x"] })).toMatchObject({
      spend_limit: [
        { denom: "atoken", amount: "3" },
        { denom: "ucptm", amount: "5" },
      ],
      allow_list: ["x"],
    });
    expect(authorizationOf("unbond", { denyValidators: ["v"] })).toEqual({
      "@type": "/cosmos.staking.v1beta1.StakeAuthorization",
      deny_list: { address: ["v"] },
      authorization_type: "AUTHORIZATION_TYPE_UNDELEGATE",
    });
    expect(authorizationOf("spend", { spendLimit: "5ucptm" })).toMatchObject({
      allowed_messages: expect.arrayContaining(["/computronium.marketplace.v1.MsgPostOrder"]),
      period_limit: [],
      period_seconds: "0",
    });
  });

  it.each<[string, Parameters<typeof authorizationOf>]>([
    ["a send without a limit", ["send", {}]],
    ["a generic one without a message", ["generic", {}]],
    ["a generic one of two messages", ["generic", { msgType: ["/a.B", "/a.C"] }]],
    ["stake with all validators", ["delegate", {}]],
    ["stake with both lists", ["delegate", { allowedValidators: ["a"], denyValidators: ["b"] }]],
    ["stake of two coins", ["delegate", { allowedValidators: ["a"], spendLimit: "1aaa,1bbb" }]],
    ["spending without a limit", ["spend", {}]],
  ])("is none for %s", (_name, [kind, flags]) => {
    expect(() => authorizationOf(kind, flags)).toThrow(FlagError);
  });
});

describe("an allowance from flags", () => {
  it("is basic, periodic, or for some messages", () => {
    expect(allowanceOf({}, 0n)).toEqual({ "@type": "/cosmos.feegrant.v1beta1.BasicAllowance", spend_limit: [] });
    const periodic = allowanceOf({ period: 60, periodLimit: "5ucptm", allowedMessages: ["/a.B"] }, 1_800_000_000n);
    expect(periodic).toMatchObject({
      "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance",
      allowed_messages: ["/a.B"],
      allowance: { period: "60s", period_reset: "2027-01-15T08:01:00.000Z" },
    });
    expect(() => allowanceOf({ period: 60 }, 0n)).toThrow(FlagError);
    expect(() => allowanceOf({ periodLimit: "5ucptm" }, 0n)).toThrow(FlagError);
  });
});

it("a time is Unix seconds or written out", () => {
  expect(time("1800000000")).toBe("2027-01-15T08:00:00.000Z");
  expect(time("2027-01-15T08:00:00Z")).toBe("2027-01-15T08:00:00.000Z");
  expect(() => time("tomorrow")).toThrow(InvalidArgumentError);
});
