// Tier: test. Budget: 40 s. No vote stops the chain or takes from it the way to the next vote: parameters at and beyond their bounds, of all modules.
import { expect, it } from "@jest/globals";
import type { DescMessage } from "@bufbuild/protobuf";
import { MsgUpdateParamsSchema as MarketParamsSchema } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { MsgUpdateParamsSchema as ReputationParamsSchema } from "@computronium/proto/computronium/reputation/v1/tx_pb.js";
import { MsgUpdateParamsSchema as DaoParamsSchema } from "@computronium/proto/computronium/dao/v1/tx_pb.js";
import { MsgUpdateParamsSchema as AuthParamsSchema } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";
import { MsgUpdateParamsSchema as BankParamsSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { MsgUpdateParamsSchema as DistributionParamsSchema } from "@computronium/proto/cosmos/distribution/v1beta1/tx_pb.js";
import { MsgUpdateParamsSchema as GovParamsSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { ProposalStatus } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { MsgUpdateParamsSchema as StakingParamsSchema } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { DaoChain, MILLION } from "./harness.js";

/** Numbers at which arithmetic goes wrong, beside those at which it does not. */
const NUMBERS = [0n, 1n, 2n, 255n, (1n << 31n) - 1n, (1n << 32n) - 1n, 1n << 53n, (1n << 63n) - 1n];
const TEXTS = ["", "0", "1", "-1", "0.000000000000000001", "1000000000000000000", String(1n << 255n), "9".repeat(90)];

/** The parameters that a module has now, and the message that sets others. */
const MODULES: readonly (readonly [DescMessage, path: string])[] = [
  [AuthParamsSchema, "/cosmos.auth.v1beta1.Query/Params"],
  [BankParamsSchema, "/cosmos.bank.v1beta1.Query/Params"],
  [DistributionParamsSchema, "/cosmos.distribution.v1beta1.Query/Params"],
  [GovParamsSchema, "/cosmos.gov.v1.Query/Params"],
  [StakingParamsSchema, "/cosmos.staking.v1beta1.Query/Params"],
  [MarketParamsSchema, "/computronium.marketplace.v1.Query/Params"],
  [ReputationParamsSchema, "/computronium.reputation.v1.Query/Params"],
  [DaoParamsSchema, "/computronium.dao.v1.Query/Params"],
];

type Fields = Record<string, unknown>;

function paramsOf(chain: DaoChain, path: string): Fields {
  const route = chain.wiring.chain.queries.get(path)!;
  const answer = route.answer(chain.reader(), create(route.method.input)) as unknown as { params: Fields };
  return Object.fromEntries(Object.entries(answer.params).filter(([name]) => name !== "$typeName"));
}

/** The parameters with one field at each of the values that could be a fault. */
function* changes(params: Fields): IterableIterator<Fields> {
  for (const [field, value] of Object.entries(params)) {
    if (typeof value === "bigint") for (const number of NUMBERS) yield { ...params, [field]: number };
    else if (typeof value === "number") {
      for (const number of NUMBERS.filter((n) => n < 1n << 32n)) yield { ...params, [field]: Number(number) };
    } else if (typeof value === "string") for (const text of TEXTS) yield { ...params, [field]: text };
    else if (typeof value === "boolean") yield { ...params, [field]: !value };
    else if (typeof value === "object") {
      yield Object.fromEntries(Object.entries(params).filter(([name]) => name !== field));
    }
  }
}

it.each(MODULES.map(([schema, path]) => ({ name: schema.typeName, schema, path })))(
  "$name of anything leaves the way to the next vote",
  ({ schema, path }) => {
    let taken = 0;
    const reference = new DaoChain();
    for (const params of changes(paramsOf(reference, path))) {
      const probe = reference.context().branch().context;
      const message = create(schema, { authority: reference.authority, params } as never);
      try {
        const route = reference.wiring.chain.messages.get(`/${schema.typeName}`)!;
        route.check(message);
        route.execute(probe, message);
      } catch (error) {
        // Anything but a refusal is a fault.
        expect((error as Error).name).toBe("RegisteredError");
        continue;
      }
      // What is taken leaves a chain on which blocks go on and the next vote passes.
      taken += 1;
      const chain = new DaoChain();
      chain.validator(0, 100n * MILLION);
      chain.block();
      const change = chain.propose([[schema, { authority: chain.authority, params }]]);
      chain.vote(0, change);
      chain.pass(100n);
      for (let i = 0; i < 3; i++) chain.block(1_000n);
      const { minDeposit, votingPeriod } = chain.wiring.dao.gov.params(chain.reader());
      const back = chain.propose([[schema, { authority: chain.authority, params: paramsOf(reference, path) }]], {
        deposit: BigInt(minDeposit[0]!.amount),
      });
      chain.vote(0, back);
      chain.block(votingPeriod!.seconds);
      for (let i = 0; i < 3; i++) chain.block(votingPeriod!.seconds * 2n);
      expect(chain.wiring.dao.gov.proposal(chain.reader(), back)).toMatchObject({
        status: ProposalStatus.PASSED,
        failedReason: "",
      });
      expect(paramsOf(chain, path)).toEqual(paramsOf(reference, path));
    }
    expect(taken).toBeGreaterThan(0);
  },
);
