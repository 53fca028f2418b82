// Tier: test. Budget: 90 s. Four validators govern themselves: a vote changes a parameter, another plans an upgrade, at whose height all change over.
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { ComputroniumClient } from "@computronium/client";
import { MsgUpdateParamsSchema } from "@computronium/proto/cosmos/auth/v1beta1/tx_pb.js";
import { VoteOption } from "@computronium/proto/cosmos/gov/v1/gov_pb.js";
import { Msg as GovMsg } from "@computronium/proto/cosmos/gov/v1/tx_pb.js";
import { MsgSoftwareUpgradeSchema } from "@computronium/proto/cosmos/upgrade/v1beta1/tx_pb.js";

import { Addresses } from "../../core/address.js";
import { create } from "../../core/codec/protobuf.js";
import { packAny } from "../../core/codec/registry.js";
import { Localnet } from "../../localnet/localnet.js";
import { operatorName } from "../../localnet/stake.js";
import { governanceAddress } from "../../modules/auth/types.js";
import { until } from "../kit/rpc.js";
import { CHANGE_OVER } from "../kit/upgraded.js";

const CPTM = 1_000_000n;
const PATIENCE_MILLISECONDS = 90_000;
const TEST_MILLISECONDS = 240_000;
/** Blocks until the upgrade: more than the vote takes. */
const BLOCKS_AHEAD = 50;
const DAEMON = fileURLToPath(new URL("../kit/upgraded-daemon.js", import.meta.url));

let network: Localnet;
const clients: ComputroniumClient[] = [];

beforeAll(async () => {
  network = await Localnet.start({
    chainId: "computronium-test-1",
    accounts: { alice: 1_000n * CPTM },
    stake: 100n * CPTM,
    gasPrice: "0",
    timeoutCommitMs: 200,
    computroniumd: [process.execPath, DAEMON],
    appState: {
      gov: { params: { voting_period: "5s", expedited_voting_period: "3s" } },
      dao: { params: { timelock: "0", late_quorum_extension: "0" } },
    },
  });
}, TEST_MILLISECONDS);
afterAll(async () => {
  delete process.env["COMPUTRONIUM_TEST_BUILD"];
  for (const client of clients) client.disconnect();
  await network.stop();
});

async function connect(name: string) {
  const { signer } = network.account(name);
  const options = { signer, gasPrice: network.gasPrice, pollMs: 50, services: [GovMsg] };
  const client = await ComputroniumClient.connect(network.rpcUrl, options);
  clients.push(client);
  return client.msg(GovMsg);
}

async function rest<T>(node: number, path: string): Promise<T> {
  const answer = await fetch(`${network.node(node).restUrl}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Proposes a message of governance, has all operators agree, and waits for the end of the vote. */
async function decide<D extends DescMessage>(id: bigint, schema: D, fields: MessageInitShape<D>): Promise<string> {
  const alice = await connect("alice");
  await alice.submitProposal({
    messages: [packAny(schema, create(schema, fields))],
    initialDeposit: [{ denom: network.denom, amount: String(10n * CPTM) }],
    title: "a title",
    summary: "a summary",
    metadata: "ipfs://CID",
  });
  for (const node of network.nodes.keys()) {
    const operator = await connect(operatorName(node));
    await operator.vote({ proposalId: id, option: VoteOption.YES });
  }
  let status = "";
  await until(`the end of vote ${id}`, PATIENCE_MILLISECONDS, async () => {
    ({ status } = (await rest<{ proposal: { status: string } }>(0, `/cosmos/gov/v1/proposals/${id}`)).proposal);
    if (status === "PROPOSAL_STATUS_VOTING_PERIOD") throw new Error(status);
  });
  return status;
}

const authority = (): string => new Addresses(network.prefix).account.encode(governanceAddress());

interface AuthParams {
  readonly max_memo_characters: string;
}

describe("A network that governs itself", () => {
  it(
    "changes a parameter by a vote, on every node",
    async () => {
      const memo = async (node: number) =>
        (await rest<{ params: AuthParams }>(node, "/cosmos/auth/v1beta1/params")).params.max_memo_characters;
      expect(await memo(0)).toBe("256");
      const params = {
        maxMemoCharacters: 300n,
        txSigLimit: 7n,
        txSizeCostPerByte: 10n,
        sigVerifyCostEd25519: 590n,
        sigVerifyCostSecp256k1: 1_000n,
      };
      expect(await decide(1n, MsgUpdateParamsSchema, { authority: authority(), params })).toBe(
        "PROPOSAL_STATUS_PASSED",
      );
      await network.waitForHeight(await network.node(0).height());
      expect(await Promise.all([...network.nodes.keys()].map(memo))).toEqual(["300", "300", "300", "300"]);
    },
    TEST_MILLISECONDS,
  );

  it(
    "changes over to the next program at the height that a vote has set",
    async () => {
      const height = (await network.node(0).height()) + BLOCKS_AHEAD;
      const plan = { name: CHANGE_OVER, height: BigInt(height) };
      expect(await decide(2n, MsgSoftwareUpgradeSchema, { authority: authority(), plan })).toBe(
        "PROPOSAL_STATUS_PASSED",
      );
      await until("all have stopped for the next program", PATIENCE_MILLISECONDS, async () => {
        const running = network.nodes.filter((node) => node.isRunning).map(({ name }) => name);
        if (running.length > 0) throw new Error(`${running.join(", ")} still run`);
      });
      process.env["COMPUTRONIUM_TEST_BUILD"] = "new";
      for (const node of network.nodes) node.start();
      await network.waitForHeight(height + 2);
      await network.node(0).waitForApis();
      expect(await rest(0, `/cosmos/upgrade/v1beta1/applied_plan/${CHANGE_OVER}`)).toEqual({ height: String(height) });
      for (let at = height - 2; at <= height + 2; at++) {
        const [first, ...others] = await Promise.all(network.nodes.map((node) => node.appHash(at)));
        expect({ at, others }).toEqual({ at, others: [first, first, first] });
      }
    },
    TEST_MILLISECONDS,
  );
});
