// Tier: test. Budget: 8 s. Vesting accounts that stake what they may not spend, and stake that others move by authz.
import { describe, expect, it } from "@jest/globals";
import { MsgExecSchema, MsgGrantSchema } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { GenericAuthorizationSchema } from "@computronium/proto/cosmos/authz/v1beta1/authz_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { AuthorizationType, StakeAuthorizationSchema } from "@computronium/proto/cosmos/staking/v1beta1/authz_pb.js";
import {
  MsgCreateValidatorSchema,
  MsgDelegateSchema,
  MsgEditValidatorSchema,
  MsgUndelegateSchema,
} from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";
import { MsgCreateVestingAccountSchema } from "@computronium/proto/cosmos/vesting/v1beta1/tx_pb.js";

import type { ValAddress } from "../../core/address.js";
import { any, coins, FUNDS, NOW, PlatformChain } from "./chain.js";

const OWNER = 1;
const AGENT = 2;
const VALIDATOR = 3;
const TEAM = 9;
const UNBONDING_SECONDS = 1_814_400n;
const YEAR = 31_536_000n;

function setUp() {
  const chain = new PlatformChain([OWNER, AGENT, VALIDATOR]);
  const operator = chain.wiring.addresses.validator.encode(chain.address(VALIDATOR) as string as ValAddress);
  chain.run(MsgCreateValidatorSchema, {
    description: { moniker: "v" },
    commission: { rate: "0", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
    minSelfDelegation: "1",
    delegatorAddress: "",
    validatorAddress: operator,
    pubkey: any(PubKeySchema, { key: new Uint8Array(32).fill(7) }),
    value: coins(10_000_000)[0]!,
  });
  chain.block();
  const stake = (who: number, amount: number) => ({
    delegatorAddress: chain.text(who),
    validatorAddress: operator,
    amount: coins(amount)[0]!,
  });
  return { chain, operator, stake };
}

describe("a vesting account", () => {
  it("delegates what it may not spend; what comes back is locked as it was", () => {
    const { chain, stake } = setUp();
    chain.run(MsgCreateVestingAccountSchema, {
      fromAddress: chain.text(OWNER),
      toAddress: chain.text(TEAM),
      amount: coins(10_000_000),
      endTime: NOW + YEAR,
      delayed: true,
    });
    const send = (amount: number, from = TEAM, to = OWNER) =>
      chain.refusal(MsgSendSchema, { fromAddress: chain.text(from), toAddress: chain.text(to), amount: coins(amount) });
    const vesting = () => chain.wiring.accounts.get(chain.context(), chain.address(TEAM))!.vesting!;
    const tracked = () => [vesting().delegatedVesting, vesting().delegatedFree].map((list) => list[0]?.amount ?? 0n);
    const spendable = () => chain.wiring.bank.spendable(chain.context(), chain.address(TEAM), "ucptm");

    expect(send(1)).toBe("sdk/5");
    expect(chain.refusal(MsgDelegateSchema, stake(TEAM, 6_000_000))).toBe("");
    expect(tracked()).toEqual([6_000_000n, 0n]);
    expect(send(2_000_000, OWNER, TEAM)).toBe("");
    expect(chain.refusal(MsgDelegateSchema, stake(TEAM, 5_000_000))).toBe("");
    expect(tracked()).toEqual([10_000_000n, 1_000_000n]);
    expect(spendable()).toBe(1_000_000n);
    expect(chain.refusal(MsgDelegateSchema, stake(TEAM, 1_000_001))).toBe("sdk/5");
    expect(chain.refusal(MsgUndelegateSchema, stake(TEAM, 3_000_000))).toBe("");
    chain.block(UNBONDING_SECONDS + 1n);
    chain.block();
    // What was free came back first.
    expect(tracked()).toEqual([8_000_000n, 0n]);
    expect(chain.balance(TEAM)).toBe(4_000_000n);
    expect(spendable()).toBe(2_000_000n);
    expect(send(2_000_001)).toBe("sdk/5");
    expect(send(2_000_000)).toBe("");
    chain.block(YEAR);
    expect(spendable()).toBe(2_000_000n);
    expect(chain.broken()).toEqual([]);
  });
});

describe("stake that others move", () => {
  it("goes to the validators that were allowed, up to the limit", () => {
    const { chain, operator, stake } = setUp();
    const grant = (validators: { case: "allowList" | "denyList"; value: { address: string[] } }) => ({
      granter: chain.text(OWNER),
      grantee: chain.text(AGENT),
      grant: {
        authorization: any(StakeAuthorizationSchema, {
          authorizationType: AuthorizationType.DELEGATE,
          maxTokens: coins(5_000_000)[0]!,
          validators,
        }),
      },
    });
    const exec = (amount: number) =>
      chain.refusal(MsgExecSchema, {
        grantee: chain.text(AGENT),
        msgs: [any(MsgDelegateSchema, stake(OWNER, amount))],
      });
    chain.run(MsgGrantSchema, grant({ case: "denyList", value: { address: [operator] } }));
    expect(exec(1)).toBe("sdk/4");
    chain.run(MsgGrantSchema, grant({ case: "allowList", value: { address: [operator] } }));
    expect(exec(5_000_001)).toBe("sdk/18");
    expect(exec(2_000_000)).toBe("");
    expect(exec(3_000_001)).toBe("sdk/18");
    expect(exec(3_000_000)).toBe("");
    expect(exec(1)).toBe("authz/2");
    expect(chain.balance(OWNER)).toBe(FUNDS - 5_000_000n);
    expect(chain.broken()).toEqual([]);
  });

  it("of a validator is its operator's account's to grant", () => {
    const { chain, operator } = setUp();
    const edit = any(MsgEditValidatorSchema, {
      description: { moniker: "renamed" },
      validatorAddress: operator,
      commissionRate: "",
      minSelfDelegation: "",
    });
    const exec = () => chain.refusal(MsgExecSchema, { grantee: chain.text(AGENT), msgs: [edit] });
    expect(exec()).toBe("authz/2");
    chain.run(MsgGrantSchema, {
      granter: chain.text(VALIDATOR),
      grantee: chain.text(AGENT),
      grant: {
        authorization: any(GenericAuthorizationSchema, { msg: "/cosmos.staking.v1beta1.MsgEditValidator" }),
      },
    });
    expect(exec()).toBe("");
  });
});
