// Tier: test. Budget: 120 s. A vote on a real node: proposals by stock cosmjs and by the command line change a parameter and plan an upgrade; gov extension and REST show them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sha256 } from "@cosmjs/crypto";
import { toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { coins, GasPrice, QueryClient, setupGovExtension, SigningStargateClient } from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";
import { ProposalStatus, VoteOption } from "cosmjs-types/cosmos/gov/v1beta1/gov";
import { PubKey } from "cosmjs-types/cosmos/crypto/ed25519/keys";
import { SoftwareUpgradeProposal } from "cosmjs-types/cosmos/upgrade/v1beta1/upgrade";

import type { AppState } from "../../core/runtime/genesis.js";
import { appStateWith } from "../kit/app-state.js";
import { Cli } from "../kit/cli.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const CHAIN_ID = "computronium-test-1";
const RICHES = 1_000_000_000_000n;
const DEPOSIT = "10000000";
const key = sha256(toUtf8("governance actor"));

interface ProposalJson {
  readonly id: string;
  readonly status: string;
  readonly failed_reason: string;
}

describe("governance on a running node", () => {
  let node: TestNode;
  let cli: Cli;
  let client: SigningStargateClient;
  let gov: ReturnType<typeof setupGovExtension>["gov"];
  let address: string;

  beforeAll(async () => {
    const wallet = await DirectSecp256k1Wallet.fromKey(key, "cptm");
    address = (await wallet.getAccounts())[0]!.address;
    node = await TestNode.start({
      chainId: CHAIN_ID,
      api: true,
      genesis: (genesis) => {
        const state = genesis.app_state as Record<string, { params: object }>;
        const { auth, bank } = appStateWith([{ address, amount: RICHES }]) as Record<string, object>;
        genesis.app_state = {
          ...state,
          auth: { ...state["auth"], ...auth },
          bank: { ...state["bank"], ...bank },
          gov: {
            ...state["gov"],
            params: { ...state["gov"]!.params, voting_period: "10s", expedited_voting_period: "5s" },
          },
        } as unknown as AppState;
      },
    });
    cli = new Cli(node.home.root);
    await cli.ok(["config", "set", "client", "node", node.rpc.url]);
    await cli.ok(["config", "set", "client", "chain-id", CHAIN_ID]);
    await cli.ok(["config", "set", "client", "keyring-backend", "test"]);
    await cli.ok(["keys", "import-hex", "alice", Buffer.from(key).toString("hex")]);
    client = await SigningStargateClient.connectWithSigner(node.rpc.url, wallet, {
      gasPrice: GasPrice.fromString("0.01ucptm"),
      broadcastPollIntervalMs: 100,
    });
    gov = QueryClient.withExtensions(await connectComet(node.rpc.url), setupGovExtension).gov;
    await becomeValidator();
  });
  afterAll(async () => {
    client.disconnect();
    await removeAllNodes();
  });

  async function send(...messages: EncodeObject[]): Promise<void> {
    const { code, rawLog } = await client.signAndBroadcast(address, messages, {
      amount: coins(20_000, "ucptm"),
      gas: "2000000",
    });
    expect({ code, rawLog }).toEqual({ code: 0, rawLog: "" });
  }

  /** The node's own key gets stake, and with it the account a vote. */
  async function becomeValidator(): Promise<void> {
    const file = join(node.home.root, "config", "priv_validator_key.json");
    const { pub_key: pub } = JSON.parse(readFileSync(file, "utf8")) as { pub_key: { value: string } };
    const value = PubKey.encode(PubKey.fromPartial({ key: Buffer.from(pub.value, "base64") })).finish();
    const operator = await cli.ok(["keys", "show", "alice", "-a", "--bech", "val"]);
    await send({
      typeUrl: "/cosmos.staking.v1beta1.MsgCreateValidator",
      value: {
        description: { moniker: "one", identity: "", website: "", securityContact: "", details: "" },
        commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
        minSelfDelegation: "1",
        delegatorAddress: address,
        validatorAddress: operator,
        pubkey: { typeUrl: "/cosmos.crypto.ed25519.PubKey", value },
        value: { denom: "ucptm", amount: "100000000000" },
      },
    });
  }

  const rest = async <T>(path: string): Promise<T> => (await fetch(`${node.restUrl}${path}`)).json() as Promise<T>;

  async function decided(id: string): Promise<ProposalJson> {
    for (;;) {
      const { proposal } = await rest<{ proposal: ProposalJson }>(`/cosmos/gov/v1/proposals/${id}`);
      const waits = ["PENDING", "PAUSED"].map((state) => `EXECUTION_STATE_${state}`);
      const { execution } = await rest<{ execution?: { state: string } }>(`/computronium/dao/v1/executions/${id}`);
      if (proposal.status !== "PROPOSAL_STATUS_VOTING_PERIOD" && !waits.includes(execution?.state ?? ""))
        return proposal;
      await node.waitForHeight((await node.rpc.height()) + 1);
    }
  }

  it("plans an upgrade that an old client proposes with stock messages", async () => {
    // cosmjs-types writes a time whatever one does; for Go, which looks for its own zero, it has to be the year 1.
    const time = { seconds: -62_135_596_800n, nanos: 0 };
    const plan = { name: "v2", height: 1_000_000n, info: "https://example.org", time };
    const content = SoftwareUpgradeProposal.fromPartial({ title: "Version 2", description: "better", plan });
    await send(
      {
        typeUrl: "/cosmos.gov.v1beta1.MsgSubmitProposal",
        value: {
          content: {
            typeUrl: "/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal",
            value: SoftwareUpgradeProposal.encode(content).finish(),
          },
          initialDeposit: coins(DEPOSIT, "ucptm"),
          proposer: address,
        },
      },
      {
        typeUrl: "/cosmos.gov.v1beta1.MsgVote",
        value: { proposalId: 1n, voter: address, option: VoteOption.VOTE_OPTION_YES },
      },
    );
    const { proposal } = await gov.proposal(1);
    expect(proposal).toMatchObject({ proposalId: 1n, status: ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD });
    expect(SoftwareUpgradeProposal.decode(proposal.content!.value)).toMatchObject({ title: "Version 2" });
    expect((await gov.vote(1, address)).vote.options).toEqual([
      { option: VoteOption.VOTE_OPTION_YES, weight: "1000000000000000000" },
    ]);
    expect((await gov.votes(1)).votes).toHaveLength(1);
    expect((await gov.deposit(1, address)).deposit.amount).toEqual(coins(DEPOSIT, "ucptm"));
    expect((await gov.deposits(1)).deposits).toHaveLength(1);
    expect((await gov.tally(1)).tally).toMatchObject({ yes: "100000000000", no: "0" });
    expect(
      (await gov.proposals(ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD, address, address)).proposals,
    ).toHaveLength(1);
    expect((await gov.params("voting")).votingParams.votingPeriod).toMatchObject({ seconds: 10n });
    expect((await gov.params("deposit")).depositParams.minDeposit).toEqual(coins(DEPOSIT, "ucptm"));
    expect(Buffer.from((await gov.params("tallying")).tallyParams.quorum).toString()).toBe("334000000000000000");

    expect(await decided("1")).toMatchObject({ status: "PROPOSAL_STATUS_PASSED", failed_reason: "" });
    const { plan: planned } = await rest<{ plan: object }>("/cosmos/upgrade/v1beta1/current_plan");
    expect(planned).toMatchObject({ name: "v2", height: "1000000" });
  });

  it("changes a parameter that a file of the command line proposes", async () => {
    const { params } = await rest<{ params: { max_memo_characters: string } }>("/cosmos/auth/v1beta1/params");
    const { account } = await rest<{ account: { base_account: { address: string } } }>(
      "/cosmos/auth/v1beta1/module_accounts/gov",
    );
    const file = cli.file(
      "proposal.json",
      JSON.stringify({
        messages: [
          {
            "@type": "/cosmos.auth.v1beta1.MsgUpdateParams",
            authority: account.base_account.address,
            params: { ...params, max_memo_characters: "300" },
          },
        ],
        metadata: "ipfs://CID",
        deposit: "1000000ucptm",
        title: "Longer memos",
        summary: "256 characters are not enough",
      }),
    );
    const flags = ["--from", "alice", "--gas", "auto", "--gas-prices", "0.01ucptm", "-y"];
    const committed = async (args: string[]) => {
      const { txhash } = await cli.json<{ txhash: string }>([...args, ...flags]);
      expect(await cli.json(["query", "wait-tx", txhash, "--timeout", "60s"])).toMatchObject({ code: 0 });
    };
    await committed(["tx", "gov", "submit-proposal", file]);
    await committed(["tx", "gov", "deposit", "2", "5000000ucptm"]);
    expect(await cli.json(["query", "gov", "proposals", "--depositor", address])).toMatchObject({
      proposals: [{ id: "2", status: "PROPOSAL_STATUS_DEPOSIT_PERIOD" }],
    });
    // The rest of the deposit and the vote come in one transaction: the command line may take longer than the vote.
    const proposalId = 2n;
    await send(
      {
        typeUrl: "/cosmos.gov.v1beta1.MsgDeposit",
        value: { proposalId, depositor: address, amount: coins("4000000", "ucptm") },
      },
      {
        typeUrl: "/cosmos.gov.v1beta1.MsgVoteWeighted",
        value: {
          proposalId,
          voter: address,
          options: [
            { option: VoteOption.VOTE_OPTION_YES, weight: "900000000000000000" },
            { option: VoteOption.VOTE_OPTION_NO_WITH_VETO, weight: "100000000000000000" },
          ],
        },
      },
    );
    expect((await gov.tally(2)).tally).toMatchObject({ yes: "90000000000", noWithVeto: "10000000000" });
    expect(await decided("2")).toMatchObject({ status: "PROPOSAL_STATUS_PASSED" });
    const after = await rest<{ params: { max_memo_characters: string } }>("/cosmos/auth/v1beta1/params");
    expect(after.params.max_memo_characters).toBe("300");
    const { proposals } = await rest<{ proposals: ProposalJson[] }>(
      "/cosmos/gov/v1/proposals?proposal_status=PROPOSAL_STATUS_PASSED",
    );
    expect(proposals.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(await rest("/cosmos/gov/v1/params/tallying")).toMatchObject({ params: { quorum: "0.334000000000000000" } });
    expect(await rest("/cosmos/gov/v1beta1/proposals/2")).toMatchObject({
      proposal: { content: { "@type": "/cosmos.auth.v1beta1.MsgUpdateParams" } },
    });
  });

  it("takes votes of the command line in the forms that people know", async () => {
    const made = async (...args: string[]) => {
      const text = await cli.ok(["tx", "gov", ...args, "--from", "alice", "--generate-only"]);
      return (JSON.parse(text) as { body: { messages: object[] } }).body.messages[0];
    };
    expect(await made("vote", "2", "no_with_veto")).toMatchObject({
      "@type": "/cosmos.gov.v1.MsgVote",
      option: "VOTE_OPTION_NO_WITH_VETO",
      voter: address,
    });
    expect(await made("weighted-vote", "2", "yes=0.9,no-with-veto=0.1")).toMatchObject({
      "@type": "/cosmos.gov.v1.MsgVoteWeighted",
      options: [
        { option: "VOTE_OPTION_YES", weight: "0.9" },
        { option: "VOTE_OPTION_NO_WITH_VETO", weight: "0.1" },
      ],
    });
  });

  it("writes drafts of proposals that it takes", async () => {
    await cli.ok(["tx", "gov", "draft-proposal", "software-upgrade", "--title", "V3", "--output-dir", node.home.root]);
    const draft = JSON.parse(readFileSync(join(node.home.root, "draft_proposal.json"), "utf8")) as {
      messages: [{ authority: string; plan: object }];
    };
    expect(draft).toMatchObject({ title: "V3", messages: [{ "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade" }] });
    expect(draft.messages[0].authority).toMatch(/^cptm1/);
    expect(await cli.fails(["tx", "gov", "draft-proposal", "nonsense"])).toContain("neither a kind of proposal");
  });
});
