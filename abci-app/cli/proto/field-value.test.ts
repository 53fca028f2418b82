// Tier: test. Budget: 5 s. What is written on a command line becomes the JSON of a field, or an error that says what is expected.
import { describe, expect, it } from "@jest/globals";
import type { DescField } from "@bufbuild/protobuf";

import { registry } from "../../../core/codec/registry.js";
import { nanosOfDuration } from "./duration.js";
import { fieldHint, fieldValue } from "./field-value.js";
import { enumNames, kebabOfPascal } from "./names.js";

function field(type: string, name: string): DescField {
  const found = registry.getMessage(type)?.fields.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${type} has no ${name}`);
  return found;
}

describe("a field on the command line", () => {
  const amount = field("cosmos.bank.v1beta1.MsgSend", "amount");
  const bond = field("computronium.marketplace.v1.MsgRegisterProvider", "bond");
  const hash = field("computronium.marketplace.v1.MsgPostOrder", "manifest_hash");
  const jobClass = field("computronium.marketplace.v1.MsgPostOrder", "job_class");
  const orderId = field("computronium.marketplace.v1.MsgPlaceBid", "order_id");
  const endpoints = field("computronium.marketplace.v1.MsgRegisterProvider", "endpoints");
  const price = field("computronium.marketplace.v1.MsgPlaceBid", "price");

  it("takes coins, numbers, enums, bytes, lists and JSON", () => {
    expect(fieldValue(amount, ["5ucptm,3atoken"])).toEqual([
      { denom: "atoken", amount: "3" },
      { denom: "ucptm", amount: "5" },
    ]);
    expect(fieldValue(amount, ["5ucptm", "3zzz"])).toEqual([
      { denom: "ucptm", amount: "5" },
      { denom: "zzz", amount: "3" },
    ]);
    expect(fieldValue(amount, ['[{"denom":"ucptm","amount":"5"}]'])).toEqual([{ denom: "ucptm", amount: "5" }]);
    expect(fieldValue(bond, ["5ucptm"])).toEqual({ denom: "ucptm", amount: "5" });
    expect(fieldValue(orderId, ["18446744073709551615"])).toBe("18446744073709551615");
    expect(fieldValue(jobClass, ["wasm"])).toBe("JOB_CLASS_WASM");
    expect(fieldValue(jobClass, ["JOB_CLASS_WASM"])).toBe("JOB_CLASS_WASM");
    expect(fieldValue(jobClass, ["1"])).toBe("JOB_CLASS_WASM");
    expect(fieldValue(hash, ["0xff00"])).toBe("/wA=");
    expect(fieldValue(hash, ["/wA="])).toBe("/wA=");
    expect(fieldValue(endpoints, ["https://a", "https://b,https://c"])).toEqual([
      "https://a",
      "https://b",
      "https://c",
    ]);
    expect(fieldValue(price, ['{"per":"RATE_UNIT_HOUR"}'])).toEqual({ per: "RATE_UNIT_HOUR" });
  });

  it("says what it expects instead of anything else", () => {
    const wrong: readonly (readonly [DescField, readonly string[], string])[] = [
      [amount, ["five"], 'amount: "five" is no coin'],
      [bond, ["5ucptm,3atoken"], "expected one coin such as 5ucptm"],
      [orderId, ["x"], 'order-id is "x": expected a whole number'],
      [orderId, ["1", "2"], "order-id is given 2 times"],
      [jobClass, ["quantum"], "expected unspecified, wasm, container, inference"],
      [hash, ["!"], "expected hexadecimal or base64"],
      [price, ["{"], 'expected JSON or @file: {"amount":{"denom":"","amount":""},"per":"'],
    ];
    for (const [one, texts, message] of wrong) expect(() => fieldValue(one, texts)).toThrow(message);
    expect(fieldHint(amount)).toBe("such as 5ucptm,3other");
  });

  it("has names as people write them", () => {
    expect(["AllBalances", "AccountAddressByID", "Send", "IBCDenom"].map(kebabOfPascal)).toEqual([
      "all-balances",
      "account-address-by-id",
      "send",
      "ibc-denom",
    ]);
    expect(enumNames(jobClass.enum!).map(({ written }) => written)).toEqual([
      "unspecified",
      "wasm",
      "container",
      "inference",
    ]);
  });
});

describe("a duration", () => {
  it("is read as Go writes it", () => {
    const known = {
      "1h30m": 5_400_000_000_000n,
      "1.5s": 1_500_000_000n,
      "90s": 90_000_000_000n,
      "0": 0n,
      "1m0.000000001s": 60_000_000_001n,
    };
    for (const [text, nanos] of Object.entries(known)) expect(nanosOfDuration(text)).toBe(nanos);
    for (const text of ["", "1", "1d", "-1s", "1h 30m", "s", "1".repeat(80)])
      expect(nanosOfDuration(text)).toBeUndefined();
  });
});
