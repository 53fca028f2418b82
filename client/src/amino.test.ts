// Tier: test. Budget: 3 s.
import { describe, expect, it } from "@jest/globals";
import { create } from "@bufbuild/protobuf";
import { AminoTypes, createDefaultAminoConverters } from "@cosmjs/stargate";
import { Msg as MarketplaceMsg, MsgPostOrderSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { Comparison, JobClass, NumberAttribute } from "@computronium/proto/computronium/marketplace/v1/types_pb.js";
import { Msg as BankMsg } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { Msg as DistributionMsg } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import { Msg as StakingMsg } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { Msg as VestingMsg } from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";
import { Msg as GovMsg } from "@computronium/proto/cosmos/gov/v1beta1/tx_pb.js";

import { createAminoConverters } from "./amino.js";
import { rate, parseCoin } from "./money.js";

const SERVICES = [BankMsg, DistributionMsg, GovMsg, MarketplaceMsg, StakingMsg, VestingMsg];
const ours = new AminoTypes(createAminoConverters(SERVICES));
const cosmjs = new AminoTypes(createDefaultAminoConverters());

const coin = { denom: "ucptm", amount: "1234567" };

/** Values in the form that cosmjs-types and protobuf-es share. */
const SHARED: readonly [string, object][] = [
  ["/cosmos.bank.v1beta1.MsgSend", { fromAddress: "cptm1a", toAddress: "cptm1b", amount: [coin] }],
  ["/cosmos.bank.v1beta1.MsgSend", { fromAddress: "cptm1a", toAddress: "cptm1b", amount: [] }],
  [
    "/cosmos.bank.v1beta1.MsgMultiSend",
    { inputs: [{ address: "cptm1a", coins: [coin] }], outputs: [{ address: "cptm1b", coins: [coin] }] },
  ],
  ["/cosmos.staking.v1beta1.MsgDelegate", { delegatorAddress: "cptm1a", validatorAddress: "v", amount: coin }],
  ["/cosmos.staking.v1beta1.MsgUndelegate", { delegatorAddress: "cptm1a", validatorAddress: "v", amount: coin }],
  [
    "/cosmos.staking.v1beta1.MsgBeginRedelegate",
    { delegatorAddress: "cptm1a", validatorSrcAddress: "v", validatorDstAddress: "w", amount: coin },
  ],
  [
    "/cosmos.staking.v1beta1.MsgEditValidator",
    {
      description: { moniker: "m", identity: "i", website: "w", securityContact: "s", details: "d" },
      validatorAddress: "v",
      commissionRate: "50000000000000000",
      minSelfDelegation: "17",
    },
  ],
  ["/cosmos.distribution.v1beta1.MsgSetWithdrawAddress", { delegatorAddress: "cptm1a", withdrawAddress: "cptm1b" }],
  ["/cosmos.distribution.v1beta1.MsgFundCommunityPool", { depositor: "cptm1a", amount: [coin] }],
  ["/cosmos.gov.v1beta1.MsgVote", { proposalId: 7n, voter: "cptm1a", option: 3 }],
  [
    "/cosmos.gov.v1beta1.MsgVoteWeighted",
    { proposalId: 7n, voter: "cptm1a", options: [{ option: 1, weight: "700000000000000000" }] },
  ],
  ["/cosmos.gov.v1beta1.MsgDeposit", { proposalId: 7n, depositor: "cptm1a", amount: [coin] }],
  [
    "/cosmos.vesting.v1beta1.MsgCreateVestingAccount",
    { fromAddress: "cptm1a", toAddress: "cptm1b", amount: [coin], endTime: 1800000000n, delayed: true },
  ],
];

describe("amino JSON from descriptors", () => {
  it.each(SHARED)("says of %s what cosmjs's hand-written converter says", (typeUrl, value) => {
    expect(ours.toAmino({ typeUrl, value })).toEqual(cosmjs.toAmino({ typeUrl, value }));
  });

  it.each(SHARED)("reads %s back to what it was", (typeUrl, value) => {
    const amino = ours.toAmino({ typeUrl, value });
    const back = ours.fromAmino(amino);
    expect(back.typeUrl).toBe(typeUrl);
    expect(ours.toAmino(back)).toEqual(amino);
  });

  it("has a name for every message of the marketplace, so that a Ledger can sign all of them", () => {
    const converters = createAminoConverters([MarketplaceMsg]);
    expect(Object.keys(converters).sort()).toEqual(
      MarketplaceMsg.methods.map(({ input }) => `/${input.typeName}`).sort(),
    );
    for (const converter of Object.values(converters)) expect(converter?.aminoType).toMatch(/^computronium\//);
    const names = Object.values(converters).map((converter) => converter.aminoType);
    expect(new Set(names).size).toBe(names.length);
    // Ledger's app refuses names of 40 characters and more (cosmos-sdk/types/msgservice/validate.go).
    for (const name of names) expect(name.length).toBeLessThan(40);
  });

  it("leaves out what is empty, writes 64-bit integers as texts, enums as numbers and bytes as base64", () => {
    const value = create(MsgPostOrderSchema, {
      owner: "cptm1owner",
      requirements: {
        numbers: [{ attribute: NumberAttribute.CPU_CORES, comparison: Comparison.AT_LEAST, value: 2n }],
        minTrustBps: 0,
      },
      jobClass: JobClass.WASM,
      manifestHash: new Uint8Array([0xff, 0, 1]),
      maxPrice: rate("5ucptm", "second"),
      budget: parseCoin("600ucptm"),
      durationSeconds: 120n,
    });
    expect(ours.toAmino({ typeUrl: `/${MsgPostOrderSchema.typeName}`, value })).toEqual({
      type: "computronium/MsgPostOrder",
      value: {
        owner: "cptm1owner",
        requirements: { numbers: [{ attribute: 3, comparison: 1, value: "2" }] },
        job_class: 1,
        manifest_hash: "/wAB",
        max_price: { amount: { denom: "ucptm", amount: "5" }, per: 1 },
        budget: { denom: "ucptm", amount: "600" },
        duration_seconds: "120",
      },
    });
  });

  it.each(["a\u2028b", "\u2029", "\ud800", "\udc00\ud800"])(
    "refuses %j, which no wallet writes as the chain does",
    (text) => {
      const value = create(MsgPostOrderSchema, {
        requirements: { texts: [{ values: [text] }] },
        maxPrice: rate("5ucptm", "second"),
        budget: parseCoin("600ucptm"),
      });
      expect(() => ours.toAmino({ typeUrl: `/${MsgPostOrderSchema.typeName}`, value })).toThrow(
        /cannot be signed as amino/,
      );
    },
  );

  it("keeps an empty message where the chain keeps it", () => {
    const value = create(MsgPostOrderSchema, {
      requirements: {},
      maxPrice: { amount: {} },
      budget: { denom: "ucptm", amount: "0" },
    });
    expect(ours.toAmino({ typeUrl: `/${MsgPostOrderSchema.typeName}`, value }).value).toEqual({
      requirements: {},
      max_price: { amount: { amount: "0" } },
      budget: { denom: "ucptm", amount: "0" },
    });
  });
});
