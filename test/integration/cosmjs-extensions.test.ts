// Tier: test. Budget: 60 s. cosmjs's extensions for staking, distribution, slashing, mint, gov, authz and feegrant, as published, against one node:
// every query of each answers, after transactions that its signing client makes.
import { readFileSync, writeFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sha256 } from "@cosmjs/crypto";
import { fromBech32, toBech32, toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import {
  coin,
  coins,
  GasPrice,
  QueryClient,
  setupAuthzExtension,
  setupDistributionExtension,
  setupFeegrantExtension,
  setupGovExtension,
  setupMintExtension,
  setupSlashingExtension,
  setupStakingExtension,
  SigningStargateClient,
} from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";
import { GenericAuthorization } from "cosmjs-types/cosmos/authz/v1beta1/authz";
import { BasicAllowance } from "cosmjs-types/cosmos/feegrant/v1beta1/feegrant";
import { ProposalStatus, TextProposal, VoteOption } from "cosmjs-types/cosmos/gov/v1beta1/gov";
import { MsgSubmitProposal } from "cosmjs-types/cosmos/gov/v1beta1/tx";

import { moduleAddress } from "../../core/address.js";
import { fromByteString } from "../../core/bytes.js";
import { appStateWith } from "../kit/app-state.js";
import { removeAllNodes, TestNode } from "../kit/test-node.js";

const DENOM = "ucptm";
const FEE = { amount: coins(50_000, DENOM), gas: "2000000" };
const OWN_STAKE = 1_000_000_000n;
const OTHER_STAKE = 10_000_000n;

const walletOf = async (name: string) => DirectSecp256k1Wallet.fromKey(sha256(toUtf8(`extensions ${name}`)), "cptm");
const addressOf = async (name: string) => (await (await walletOf(name)).getAccounts())[0]!.address;
const operatorOf = (address: string) => toBech32("cptmvaloper", fromBech32(address).data);

/** A validator as genesis has it before the chain has bonded anybody. */
function genesisValidator(operator: string, key: string, tokens: bigint): object {
  return {
    operator_address: operator,
    consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key },
    jailed: false,
    status: "BOND_STATUS_UNBONDED",
    tokens: String(tokens),
    delegator_shares: `${tokens}.000000000000000000`,
    description: { moniker: operator.slice(-5) },
    unbonding_height: "0",
    unbonding_time: "1970-01-01T00:00:00Z",
    commission: {
      commission_rates: {
        rate: "0.100000000000000000",
        max_rate: "0.200000000000000000",
        max_change_rate: "0.010000000000000000",
      },
      update_time: "2026-01-01T00:00:00Z",
    },
    min_self_delegation: "1",
  };
}

describe("cosmjs's extensions", () => {
  let node: TestNode;
  let signer: SigningStargateClient;
  let query: Awaited<ReturnType<typeof connect>>;
  let owner: string;
  let friend: string;
  let own: string;
  let other: string;
  let consAddress: string;
  let proposal: bigint;

  const connect = async () =>
    QueryClient.withExtensions(
      await connectComet(node.rpc.url),
      setupAuthzExtension,
      setupDistributionExtension,
      setupFeegrantExtension,
      setupGovExtension,
      setupMintExtension,
      setupSlashingExtension,
      setupStakingExtension,
    );

  const send = async (...messages: EncodeObject[]) => {
    const result = await signer.signAndBroadcast(owner, messages, FEE);
    expect(result.rawLog).toBe("");
    expect(result.code).toBe(0);
    return result;
  };

  beforeAll(async () => {
    owner = await addressOf("owner");
    friend = await addressOf("friend");
    own = operatorOf(owner);
    other = operatorOf(friend);
    node = await TestNode.create();
    const key = JSON.parse(readFileSync(node.home.validatorKey, "utf8")) as {
      address: string;
      pub_key: { value: string };
    };
    consAddress = toBech32("cptmvalcons", Buffer.from(key.address, "hex"));
    writeGenesis(key.pub_key.value);
    node.launch();
    await node.waitForHeight(2);
    const wallet = await walletOf("owner");
    signer = await SigningStargateClient.connectWithSigner(node.rpc.url, wallet, {
      gasPrice: GasPrice.fromString(`0.025${DENOM}`),
      broadcastPollIntervalMs: 50,
    });
    query = await connect();
  });
  afterAll(async () => {
    signer.disconnect();
    await removeAllNodes();
  });

  function writeGenesis(key: string): void {
    const genesis = JSON.parse(readFileSync(node.home.genesis, "utf8")) as {
      app_state: Record<string, object>;
      validators?: unknown;
    };
    // Those that stake are in the state.
    delete genesis.validators;
    const pool = toBech32("cptm", fromByteString(moduleAddress("not_bonded_tokens_pool")));
    const { auth, bank } = appStateWith([
      { address: owner, amount: 5_000_000_000n },
      { address: friend, amount: 5_000_000_000n },
    ]) as Record<string, { readonly balances?: readonly object[] }>;
    const balances = [
      ...(bank?.balances ?? []),
      { address: pool, coins: [{ denom: DENOM, amount: String(OWN_STAKE + OTHER_STAKE) }] },
    ];
    const state = genesis.app_state;
    const otherKey = Buffer.from(sha256(toUtf8("the key of a validator that never runs"))).toString("base64");
    const delegation = (delegator: string, validator: string, tokens: bigint) => ({
      delegator_address: delegator,
      validator_address: validator,
      shares: `${tokens}.000000000000000000`,
    });
    genesis.app_state = {
      ...state,
      auth: { ...state["auth"], ...auth },
      bank: { ...state["bank"], balances },
      staking: {
        ...state["staking"],
        validators: [genesisValidator(own, key, OWN_STAKE), genesisValidator(other, otherKey, OTHER_STAKE)],
        delegations: [delegation(owner, own, OWN_STAKE), delegation(friend, other, OTHER_STAKE)],
      },
    };
    writeFileSync(node.home.genesis, JSON.stringify(genesis));
  }

  it("staking: delegations, their ends, and validators", async () => {
    const { params } = await query.staking.params();
    expect(params).toMatchObject({ bondDenom: DENOM });
    await send({
      typeUrl: "/cosmos.staking.v1beta1.MsgDelegate",
      value: { delegatorAddress: owner, validatorAddress: other, amount: coin(4_000_000, DENOM) },
    });
    await send(
      {
        typeUrl: "/cosmos.staking.v1beta1.MsgUndelegate",
        value: { delegatorAddress: owner, validatorAddress: own, amount: coin(1_000_000, DENOM) },
      },
      {
        typeUrl: "/cosmos.staking.v1beta1.MsgBeginRedelegate",
        value: {
          delegatorAddress: owner,
          validatorSrcAddress: other,
          validatorDstAddress: own,
          amount: coin(1_500_000, DENOM),
        },
      },
    );
    const { delegationResponse } = await query.staking.delegation(owner, other);
    expect(delegationResponse?.balance).toEqual(coin(2_500_000, DENOM));
    const { delegationResponses } = await query.staking.delegatorDelegations(owner);
    expect(delegationResponses.map(({ balance }) => balance.amount).sort()).toEqual(["1000500000", "2500000"]);
    expect((await query.staking.validatorDelegations(other)).delegationResponses).toHaveLength(2);
    const { unbond } = await query.staking.unbondingDelegation(owner, own);
    expect(unbond?.entries).toMatchObject([{ balance: "1000000", initialBalance: "1000000" }]);
    expect((await query.staking.delegatorUnbondingDelegations(owner)).unbondingResponses).toEqual([unbond]);
    expect((await query.staking.validatorUnbondingDelegations(own)).unbondingResponses).toEqual([unbond]);
    const { redelegationResponses } = await query.staking.redelegations(owner, other, own);
    expect(redelegationResponses[0]?.entries[0]?.balance).toBe("1500000");
    const { validators } = await query.staking.validators("BOND_STATUS_BONDED");
    expect(validators.map(({ operatorAddress }) => operatorAddress).sort()).toEqual([own, other].sort());
    const { validator } = await query.staking.validator(own);
    expect(validator).toMatchObject({ operatorAddress: own, tokens: "1000500000" });
    expect((await query.staking.delegatorValidator(owner, own)).validator).toEqual(validator);
    expect((await query.staking.delegatorValidators(owner)).validators).toHaveLength(2);
    const { pool } = await query.staking.pool();
    expect(pool).toEqual({ bondedTokens: "1013000000", notBondedTokens: "1000000" });
    const { hist } = await query.staking.historicalInfo(2);
    expect(hist?.header?.height).toBe(2n);
    expect(hist?.valset).toHaveLength(2);
  });

  it("distribution: rewards, commission, and where they go", async () => {
    const { params } = await query.distribution.params();
    expect(params?.withdrawAddrEnabled).toBe(true);
    const { withdrawAddress } = await query.distribution.delegatorWithdrawAddress(owner);
    expect(withdrawAddress).toBe(owner);
    const { rewards } = await query.distribution.delegationRewards(owner, own);
    expect(rewards.map(({ denom }) => denom)).toEqual([DENOM]);
    const all = await query.distribution.delegationTotalRewards(owner);
    expect(all.rewards.map(({ validatorAddress }) => validatorAddress).sort()).toEqual([own, other].sort());
    expect(all.total.map(({ denom }) => denom)).toEqual([DENOM]);
    expect((await query.distribution.delegatorValidators(owner)).validators.sort()).toEqual([own, other].sort());
    expect((await query.distribution.validatorCommission(own)).commission?.commission).toHaveLength(1);
    expect((await query.distribution.validatorOutstandingRewards(own)).rewards?.rewards).toHaveLength(1);
    expect((await query.distribution.communityPool()).pool).toHaveLength(1);
    expect((await query.distribution.validatorSlashes(own, 1, 1_000)).slashes).toEqual([]);
    const before = BigInt((await signer.getBalance(owner, DENOM)).amount);
    await send({
      typeUrl: "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
      value: { delegatorAddress: owner, validatorAddress: own },
    });
    expect(BigInt((await signer.getBalance(owner, DENOM)).amount)).not.toBe(before - 50_000n);
  });

  it("slashing and mint: who signs, and what is minted", async () => {
    const { params } = await query.slashing.params();
    expect(params?.signedBlocksWindow).toBeGreaterThan(0n);
    const { valSigningInfo } = await query.slashing.signingInfo(consAddress);
    expect(valSigningInfo).toMatchObject({ address: consAddress, tombstoned: false });
    expect((await query.slashing.signingInfos()).info).toHaveLength(2);
    const mint = await query.mint.params();
    expect(mint.mintDenom).toBe(DENOM);
    expect((await query.mint.inflation()).toFloatApproximation()).toBeGreaterThan(0);
    expect((await query.mint.annualProvisions()).toFloatApproximation()).toBeGreaterThan(0);
  });

  it("gov: a proposal, its deposits and votes", async () => {
    expect((await query.gov.params("deposit")).depositParams?.minDeposit[0]?.denom).toBe(DENOM);
    expect((await query.gov.params("voting")).votingParams?.votingPeriod.seconds).toBeGreaterThan(0n);
    expect((await query.gov.params("tallying")).tallyParams?.quorum).toHaveLength(18);
    const minimum = (await query.gov.params("deposit")).depositParams!.minDeposit[0]!;
    const { events } = await send({
      typeUrl: "/cosmos.gov.v1beta1.MsgSubmitProposal",
      value: MsgSubmitProposal.fromPartial({
        proposer: owner,
        initialDeposit: [minimum],
        content: {
          typeUrl: "/cosmos.gov.v1beta1.TextProposal",
          value: TextProposal.encode({ title: "A title", description: "A description" }).finish(),
        },
      }),
    });
    const id = events.flatMap(({ attributes }) => attributes).find(({ key }) => key === "proposal_id")?.value;
    proposal = BigInt(id ?? "0");
    await send({
      typeUrl: "/cosmos.gov.v1beta1.MsgVote",
      value: { proposalId: proposal, voter: owner, option: VoteOption.VOTE_OPTION_YES },
    });
    const { proposal: found } = await query.gov.proposal(proposal.toString());
    expect(found).toMatchObject({ proposalId: proposal, status: ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD });
    const { proposals } = await query.gov.proposals(ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD, "", "");
    expect(proposals).toEqual([found]);
    expect((await query.gov.deposit(proposal.toString(), owner)).deposit?.amount).toEqual([minimum]);
    expect((await query.gov.deposits(proposal.toString())).deposits).toHaveLength(1);
    expect((await query.gov.vote(proposal.toString(), owner)).vote?.voter).toBe(owner);
    expect((await query.gov.votes(proposal.toString())).votes).toHaveLength(1);
    expect((await query.gov.tally(proposal.toString())).tally?.yes).toBe("1003000000");
  });

  it("authz and feegrant: what one lets another do", async () => {
    const url = "/cosmos.gov.v1beta1.MsgVote";
    await send(
      {
        typeUrl: "/cosmos.authz.v1beta1.MsgGrant",
        value: {
          granter: owner,
          grantee: friend,
          grant: {
            authorization: {
              typeUrl: "/cosmos.authz.v1beta1.GenericAuthorization",
              value: GenericAuthorization.encode({ msg: url }).finish(),
            },
          },
        },
      },
      {
        typeUrl: "/cosmos.feegrant.v1beta1.MsgGrantAllowance",
        value: {
          granter: owner,
          grantee: friend,
          allowance: {
            typeUrl: "/cosmos.feegrant.v1beta1.BasicAllowance",
            value: BasicAllowance.encode({ spendLimit: coins(1_000_000, DENOM) }).finish(),
          },
        },
      },
    );
    expect((await query.authz.grants(owner, friend, url)).grants).toHaveLength(1);
    expect((await query.authz.granterGrants(owner)).grants).toMatchObject([{ granter: owner, grantee: friend }]);
    expect((await query.authz.granteeGrants(friend)).grants).toHaveLength(1);
    const { allowance } = await query.feegrant.allowance(owner, friend);
    expect(allowance).toMatchObject({ granter: owner, grantee: friend });
    expect((await query.feegrant.allowances(friend)).allowances).toEqual([allowance]);
  });
});
