// Tier: test. Budget: 3 s. JSON of the REST gateway: what is null, what is zero and what is left out, as gogoproto's jsonpb.
import { describe, expect, it } from "@jest/globals";
import { QueryAccountResponseSchema } from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import { BaseAccountSchema, ModuleAccountSchema } from "@computronium/proto/cosmos/auth/v1beta1/auth_pb.js";
import { PageResponseSchema } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";
import { GetBlockWithTxsResponseSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { RedelegationResponseSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { ModeInfoSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { HeaderSchema } from "@computronium/proto/tendermint/types/types_pb.js";

import { gatewayJson } from "./gateway-json.js";
import { create } from "./protobuf.js";
import { packAny } from "./registry.js";

describe("JSON of the gateway", () => {
  it("has null for bytes and messages that are not there", () => {
    expect(gatewayJson(PageResponseSchema, create(PageResponseSchema))).toEqual({ next_key: null, total: "0" });
    expect(gatewayJson(GetBlockWithTxsResponseSchema, create(GetBlockWithTxsResponseSchema))).toEqual({
      txs: [],
      block_id: null,
      block: null,
      pagination: null,
    });
  });

  it("has the zeros of what Go holds as a value", () => {
    expect(gatewayJson(HeaderSchema, create(HeaderSchema, { height: 3n }))).toMatchObject({
      version: { block: "0", app: "0" },
      height: "3",
      time: "0001-01-01T00:00:00Z",
      last_block_id: { hash: null, part_set_header: { total: 0, hash: null } },
      proposer_address: null,
    });
  });

  it("does the same within `Any`, whose type comes first", () => {
    const account = create(ModuleAccountSchema, {
      name: "gov",
      baseAccount: create(BaseAccountSchema, { sequence: 1n }),
    });
    const json = gatewayJson(
      QueryAccountResponseSchema,
      create(QueryAccountResponseSchema, { account: packAny(ModuleAccountSchema, account) }),
    );
    expect(json).toEqual({
      account: {
        "@type": "/cosmos.auth.v1beta1.ModuleAccount",
        base_account: { address: "", pub_key: null, account_number: "0", sequence: "1" },
        name: "gov",
        permissions: [],
      },
    });
    expect(JSON.stringify(json)).toMatch(/^\{"account":\{"@type"/);
  });

  it("leaves out the cases of a oneof that are not set", () => {
    const single = create(ModeInfoSchema, { sum: { case: "single", value: { mode: 1 } } });
    expect(gatewayJson(ModeInfoSchema, single)).toEqual({ single: { mode: "SIGN_MODE_DIRECT" } });
    expect(gatewayJson(ModeInfoSchema, create(ModeInfoSchema))).toEqual({});
  });

  it("writes what marshals itself in Go as Go does: numbers as numbers, nothing for zero, null for an empty list", () => {
    const completionTime = { seconds: 1n, nanos: 946_306_420 };
    const entry = {
      creationHeight: 3n,
      completionTime,
      initialBalance: "4",
      sharesDst: "4000000000000000000",
      unbondingId: 5n,
    };
    const response = create(RedelegationResponseSchema, {
      redelegation: { delegatorAddress: "a", validatorSrcAddress: "b", validatorDstAddress: "c", entries: [] },
      entries: [{ redelegationEntry: entry, balance: "4" }],
    });
    expect(gatewayJson(RedelegationResponseSchema, response)).toEqual({
      redelegation: { delegator_address: "a", validator_src_address: "b", validator_dst_address: "c", entries: null },
      entries: [
        {
          redelegation_entry: {
            creation_height: 3,
            completion_time: "1970-01-01T00:00:01.94630642Z",
            initial_balance: "4",
            shares_dst: "4.000000000000000000",
            unbonding_id: 5,
          },
          balance: "4",
        },
      ],
    });
  });
});
