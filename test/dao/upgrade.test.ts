// Tier: test. Budget: 30 s. A vote upgrades the software: the old program stops at the height that was decided, the new one goes on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, it } from "@jest/globals";
import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { GenesisStateSchema } from "@computronium/proto/cosmos/gov/v1/genesis_pb.js";
import { Query } from "@computronium/proto/cosmos/gov/v1/query_pb.js";
import { MsgSubmitProposalSchema, MsgVoteSchema } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { Query as UpgradeQuery } from "@computronium/proto/cosmos/upgrade/v1beta1/query_pb.js";
import { MsgSoftwareUpgradeSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";

import { Addresses } from "../../core/address.js";
import { messageToJson } from "../../core/codec/json.js";
import { create } from "../../core/codec/protobuf.js";
import { packAny } from "../../core/codec/registry.js";
import { governanceAddress } from "../../modules/auth/types.js";
import { defaultGovGenesis } from "../../modules/dao/gov/genesis.js";
import { message } from "../kit/signer.js";
import { StakeChain } from "../kit/stake-chain.js";
import { CHANGE_OVER, wireNew, wireOld } from "../kit/upgraded.js";

const HEIGHT = 12n;
const DEFAULTS = messageToJson(GenesisStateSchema, defaultGovGenesis("ucptm")) as { params: object };
const home = mkdtempSync(join(tmpdir(), "computronium-vote-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it("a software upgrade that was voted for is carried out at its height", async () => {
  const options = { accounts: ["ann", "bob"], home };
  const periods = { voting_period: "100s", expedited_voting_period: "40s", max_deposit_period: "100s" };
  const old = await StakeChain.start({
    ...options,
    appState: { gov: { params: { ...DEFAULTS.params, ...periods } } },
    application: { wire: wireOld },
  });
  const authority = new Addresses("cptm").account.encode(governanceAddress());
  await old.run(old.createValidator("ann", { amount: 100_000_000n }));
  const plan = { name: CHANGE_OVER, height: HEIGHT, info: "https://example.org/new" };
  const upgrade = packAny(MsgSoftwareUpgradeSchema, create(MsgSoftwareUpgradeSchema, { authority, plan }));
  await old.run([
    "bob",
    message(MsgSubmitProposalSchema, {
      messages: [upgrade],
      initialDeposit: [{ denom: "ucptm", amount: "10000000" }],
      proposer: old.account("bob"),
      title: "The new program",
      summary: "is better",
    }),
  ]);
  await old.run(["ann", message(MsgVoteSchema, { proposalId: 1n, voter: old.account("ann"), option: VoteOption.YES })]);
  await old.block([], { seconds: 100n });
  // Behind its timelock.
  expect(await old.query(UpgradeQuery.method.currentPlan, {})).not.toHaveProperty("plan");
  await old.block([], { seconds: 50n });
  expect(await old.query(UpgradeQuery.method.currentPlan, {})).toMatchObject({ plan });
  while (old.chain.height < HEIGHT - 1n) await old.block();
  await expect(old.block()).rejects.toThrow(`UPGRADE "${CHANGE_OVER}" NEEDED at height: ${HEIGHT}`);
  await old.chain.close();

  const next = await StakeChain.start({ ...options, application: { wire: wireNew } });
  for (let i = 0; i < 3; i++) await next.block();
  expect((await next.query(UpgradeQuery.method.appliedPlan, { name: CHANGE_OVER })).height).toBe(HEIGHT);
  expect((await next.query(Query.method.proposal, { proposalId: 1n })).proposal).toMatchObject({
    title: "The new program",
  });
  await next.chain.close();
});
