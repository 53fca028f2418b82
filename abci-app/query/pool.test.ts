// Tier: test. Budget: 5 s. The threads that answer queries.
import { expect, it } from "@jest/globals";
import { QueryTotalSupplyRequestSchema } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { join } from "node:path";
import { pino } from "pino";

import { create, toBinary } from "../../core/codec/protobuf.js";
import { appStateWith } from "../../test/kit/app-state.js";
import { ScriptedChain } from "../../test/kit/scripted-chain.js";
import { TestSigner } from "../../test/kit/signer.js";
import type { QueryWorkerData } from "./environment.js";
import { QueryPool } from "./pool.js";

it("A thread that is slow to start answers what waited for it: the time of a query begins when its turn comes", async () => {
  const { address } = await TestSigner.named("ann", { accountNumber: 0n });
  const chain = await ScriptedChain.start({ appState: appStateWith([{ address, amount: 1n }]) });
  await chain.block();
  const workerData: QueryWorkerData = {
    path: join(chain.home, "application.db"),
    version: "test",
    gasLimit: undefined,
  };
  const log = pino({ level: "silent" });
  // Loading the chain's code takes about as long, and far longer where other processes want the processor.
  const pool = new QueryPool({ workers: 1, workerData, maxWaiting: 40, timeoutMilliseconds: 400, log });
  try {
    const request = {
      path: "/cosmos.bank.v1beta1.Query/TotalSupply",
      data: toBinary(QueryTotalSupplyRequestSchema, create(QueryTotalSupplyRequestSchema, {})),
      height: 0n,
      prove: false,
    };
    const answers = await Promise.all(Array.from({ length: 50 }, async () => pool.answer(request)));
    // And no more wait than may.
    expect(answers.filter(({ code = 0 }) => code === 0)).toHaveLength(40);
    for (const { code, log } of answers.slice(40))
      expect([code, log]).toEqual([39, expect.stringContaining("40 queries")]);
  } finally {
    await pool.close();
    await chain.close();
  }
});
