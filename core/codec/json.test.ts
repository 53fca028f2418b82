// Tier: make test. Budget: 10 s.
import { describe, expect, it } from "@jest/globals";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { MsgExecSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { ParamsSchema as SlashingParamsSchema } from "@computronium/proto/cosmos/slashing/v1beta1/slashing_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/staking/v1beta1/genesis_pb.js";
import { CommissionRatesSchema, ParamsSchema } from "@computronium/proto/cosmos/staking/v1beta1/staking_pb.js";
import { MsgEditValidatorSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import fc from "fast-check";

import { messageFromJson, messageToJson, parseJson } from "./json.js";
import { create, equals } from "./protobuf.js";
import { packAny } from "./registry.js";

describe("proto3 JSON as Cosmos writes it", () => {
  it("has names as in the files, defaults, text for 64 bits, and seconds with an s", () => {
    const params = create(ParamsSchema, { unbondingTime: { seconds: 1_209_600n }, maxValidators: 100, bondDenom: "u" });
    expect(messageToJson(ParamsSchema, params)).toEqual({
      unbonding_time: "1209600s",
      max_validators: 100,
      max_entries: 0,
      historical_entries: 0,
      bond_denom: "u",
      min_commission_rate: "0.000000000000000000",
    });
  });

  it("shows decimals with their point, of text and of bytes, and reads them back", () => {
    const rates = create(CommissionRatesSchema, { rate: "50000000000000000", maxRate: "-1", maxChangeRate: "0" });
    const json = messageToJson(CommissionRatesSchema, rates);
    expect(json).toEqual({
      rate: "0.050000000000000000",
      max_rate: "-0.000000000000000001",
      max_change_rate: "0.000000000000000000",
    });
    expect(equals(CommissionRatesSchema, messageFromJson(CommissionRatesSchema, json), rates)).toBe(true);
    const slashing = messageFromJson(SlashingParamsSchema, { slash_fraction_downtime: "0.01" });
    expect(Buffer.from(slashing.slashFractionDowntime).toString()).toBe("10000000000000000");
  });

  it("shows whole numbers that are bytes on the wire as text, and reads them back", () => {
    const state = messageFromJson(GenesisStateSchema, { last_total_power: "310" });
    expect(Buffer.from(state.lastTotalPower).toString()).toBe("310");
    expect(messageToJson(GenesisStateSchema, state)).toMatchObject({ last_total_power: "310" });
    expect(messageToJson(GenesisStateSchema, create(GenesisStateSchema))).toMatchObject({ last_total_power: "0" });
    expect(() => messageFromJson(GenesisStateSchema, { last_total_power: "a" })).toThrow(/expected a whole number/);
  });

  it("expands Any, and finds the decimals in it", () => {
    const edit = create(MsgEditValidatorSchema, { validatorAddress: "v", commissionRate: "1000000000000000000" });
    const exec = create(MsgExecSchema, { grantee: "g", msgs: [packAny(MsgEditValidatorSchema, edit)] });
    const json = messageToJson(MsgExecSchema, exec);
    expect(JSON.stringify(json)).toContain('"commission_rate":"1.000000000000000000"');
    expect(json).toMatchObject({ msgs: [{ "@type": "/cosmos.staking.v1beta1.MsgEditValidator" }] });
    expect(equals(MsgExecSchema, messageFromJson(MsgExecSchema, json), exec)).toBe(true);
  });

  it("refuses unknown fields, wrong kinds and decimals that are none", () => {
    expect(() => messageFromJson(MsgSendSchema, { from_addres: "x" })).toThrow(/from_addres/);
    expect(() => messageFromJson(MsgSendSchema, { from_address: 5 })).toThrow();
    expect(() => messageFromJson(CommissionRatesSchema, { rate: "1e3" })).toThrow(/rate/);
    expect(() => messageFromJson(CommissionRatesSchema, { rate: 0.5 })).toThrow(/rate/);
    expect(() => messageFromJson(CommissionRatesSchema, { rate: "0.0000000000000000001" })).toThrow(/rate/);
  });

  it("refuses __proto__ as a name, and leaves prototypes alone", () => {
    expect(() => parseJson('{"a":{"__proto__":{"x":1}}}')).toThrow(/__proto__/);
    const json = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, never>;
    expect(() => messageFromJson(CommissionRatesSchema, json)).toThrow();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("refuses an Any of an unknown type, and one nested without end", () => {
    expect(() => messageFromJson(MsgExecSchema, { msgs: [{ "@type": "/no.such.Type" }] })).toThrow();
    let json: Record<string, never> = {};
    for (let i = 0; i < 400; i++) {
      json = { "@type": "/cosmos.authz.v1beta1.MsgExec", msgs: [json] } as unknown as typeof json;
    }
    expect(() => messageFromJson(MsgExecSchema, { msgs: [json] })).toThrow(/deep/);
  });

  it("either reads any JSON or throws an Error, and what it reads it writes the same again", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const shaped = fc.record(
      { "@type": fc.constantFrom("/cosmos.bank.v1beta1.MsgSend", "", "/x"), from_address: value, amount: value },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(value, fc.record({ grantee: value, msgs: fc.array(shaped) })), (json) => {
        let message;
        try {
          message = messageFromJson(MsgExecSchema, json as never);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(error).not.toBeInstanceOf(TypeError);
          return;
        }
        const again = messageFromJson(MsgExecSchema, messageToJson(MsgExecSchema, message));
        expect(equals(MsgExecSchema, again, message)).toBe(true);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
