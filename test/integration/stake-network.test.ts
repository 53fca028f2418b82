// Tier: test. Budget: 85 s. Four CometBFT validators that stake: one stops, is jailed and comes back; one signs twice, and what left it in time is slashed too; one runs on two nodes, which the others find out.
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ComputroniumClient } from "@computronium/client";
import { Msg as SlashingMsg } from "@computronium/proto/cosmos/slashing/v1beta1/tx_pb.js";
import { Msg as StakingMsg } from "@computronium/proto/cosmos/staking/v1beta1/tx_pb.js";

import type { ConsAddress } from "../../core/address.js";
import { Addresses } from "../../core/address.js";
import { toByteString } from "../../core/bytes.js";
import type { JsonObject } from "../../localnet/genesis.js";
import { Localnet } from "../../localnet/localnet.js";
import { OPERATOR_BALANCE, operatorName, validatorAddress } from "../../localnet/stake.js";
import { plainEconomy } from "../kit/app-state.js";
import { doubleVote, handIn } from "../kit/double-vote.js";
import { RpcClient, until } from "../kit/rpc.js";

const CPTM = 1_000_000n;
const STAKE = 100n * CPTM;
const ALICE_START = 1_000n * CPTM;
const PATIENCE_MILLISECONDS = 100_000;
const TEST_MILLISECONDS = 240_000;
const LAZY = 3;
const FORGER = 2;
/** Two nodes run with its key. */
const TWINNED = 1;
/** Where stake goes between the double vote and its evidence. */
const REFUGE = 0;
/** Nothing is minted, and gas costs nothing: every balance follows from what is staked and slashed. */
const APP_STATE = {
  mint: plainEconomy()["mint"],
  slashing: {
    params: {
      // Eleven of fourteen missed: a validator that runs on a busy machine does not get there.
      signed_blocks_window: "14",
      min_signed_per_window: "0.250000000000000000",
      downtime_jail_duration: "3s",
      slash_fraction_double_sign: "0.050000000000000000",
      slash_fraction_downtime: "0.010000000000000000",
    },
  },
  staking: { params: { unbonding_time: "15s" } },
} as JsonObject;

let network: Localnet;
const clients: ComputroniumClient[] = [];

beforeAll(async () => {
  network = await Localnet.start({
    chainId: "computronium-test-1",
    accounts: { alice: ALICE_START },
    stake: STAKE,
    gasPrice: "0",
    timeoutCommitMs: 200,
    cometConfig: { "consensus.timeout_propose": "500ms" },
    appState: APP_STATE,
  });
}, TEST_MILLISECONDS);
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await network.stop();
});

async function connect(name: string): Promise<ComputroniumClient> {
  const { signer } = network.account(name);
  const services = [StakingMsg, SlashingMsg];
  const options = { signer, gasPrice: network.gasPrice, pollMs: 50, services };
  const client = await ComputroniumClient.connect(network.rpcUrl, options);
  clients.push(client);
  return client;
}

const validatorOf = (node: number): string => validatorAddress(network.account(operatorName(node)), network.prefix);
const powerAddress = (node: number): string => network.node(node).home.validator("", 0n).address;

async function rest<T>(path: string): Promise<T> {
  const answer = await fetch(`${network.node(0).restUrl}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface Validator {
  readonly jailed: boolean;
  readonly status: string;
  readonly tokens: string;
}

async function validator(node: number): Promise<Validator> {
  const path = `/cosmos/staking/v1beta1/validators/${validatorOf(node)}`;
  return (await rest<{ validator: Validator }>(path)).validator;
}

async function delegated(name: string, node: number): Promise<bigint> {
  const path = `/cosmos/staking/v1beta1/validators/${validatorOf(node)}/delegations/${network.account(name).address}`;
  const { delegation_response } = await rest<{ delegation_response: { balance: { amount: string } } }>(path);
  return BigInt(delegation_response.balance.amount);
}

async function signingInfo(node: number): Promise<{ readonly tombstoned: boolean; readonly jailed_until: string }> {
  const bytes = toByteString(Buffer.from(powerAddress(node), "hex")) as ConsAddress;
  const address = new Addresses(network.prefix).consensus.encode(bytes);
  const path = `/cosmos/slashing/v1beta1/signing_infos/${address}`;
  return (await rest<{ val_signing_info: { tombstoned: boolean; jailed_until: string } }>(path)).val_signing_info;
}

/** What CometBFT counts each validator's vote as, by node; those without a vote are not there. */
async function powers(): Promise<Record<number, number>> {
  const { validators } = await new RpcClient(network.rpcUrl).call<{
    validators: { address: string; voting_power: string }[];
  }>("validators");
  const byAddress = new Map(validators.map(({ address, voting_power }) => [address, Number(voting_power)]));
  const entries = network.nodes.map((_, node) => [node, byAddress.get(powerAddress(node))] as const);
  return Object.fromEntries(entries.filter(([, power]) => power !== undefined)) as Record<number, number>;
}

interface DuplicateVote {
  readonly vote_a: Vote;
  readonly vote_b: Vote;
}

interface Vote {
  readonly type: number;
  readonly height: string;
  readonly round: number;
  readonly block_id: { readonly hash: string };
  readonly validator_address: string;
}

/** What CometBFT has put into the blocks after this one. */
async function doubleVotesSince(height: number): Promise<readonly DuplicateVote[]> {
  const rpc = new RpcClient(network.rpcUrl);
  const found: DuplicateVote[] = [];
  for (let at = height + 1, last = await rpc.height(); at <= last; at++) {
    const { block } = await rpc.call<{
      block: { evidence: { evidence: readonly { readonly type: string; readonly value: DuplicateVote }[] } };
    }>("block", { height: String(at) });
    for (const { type, value } of block.evidence.evidence) {
      expect(type).toBe("tendermint/DuplicateVoteEvidence");
      found.push(value);
    }
  }
  return found;
}

/** Waits for what comes about by itself. */
function eventually(what: string, check: () => Promise<void>): Promise<void> {
  return until(what, PATIENCE_MILLISECONDS, check);
}

describe("A network of validators that stake", () => {
  it(
    "counts votes by stake, delegated coins included",
    async () => {
      expect(await powers()).toEqual({ 0: 100, 1: 100, 2: 100, 3: 100 });
      const alice = await connect("alice");
      const staking = alice.msg(StakingMsg);
      await staking.delegate({ validatorAddress: validatorOf(FORGER), amount: coin(40n) });
      await staking.delegate({ validatorAddress: validatorOf(LAZY), amount: coin(20n) });
      await eventually("powers follow", async () => {
        expect(await powers()).toEqual({ 0: 100, 1: 100, [FORGER]: 140, [LAZY]: 120 });
      });
    },
    TEST_MILLISECONDS,
  );

  it(
    "jails a validator that has stopped, and takes it back when it says so",
    async () => {
      const operator = await connect(operatorName(LAZY));
      const { unjail } = operator.msg(SlashingMsg);
      const lazy = network.node(LAZY);
      await lazy.stop();
      await eventually("the stopped validator is out of the set", async () => {
        expect(await powers()).toEqual({ 0: 100, 1: 100, [FORGER]: 140 });
      });
      expect(await validator(LAZY)).toMatchObject({
        jailed: true,
        status: "BOND_STATUS_UNBONDING",
        tokens: String(118_800_000n),
      });
      expect(await delegated("alice", LAZY)).toBe(19_800_000n);

      lazy.start();
      await lazy.waitForHeight(await network.node(0).height());
      await eventually("its time is over", async () => {
        await unjail({ validatorAddr: validatorOf(LAZY) });
      });
      await eventually("it votes again", async () => {
        expect(await powers()).toEqual({ 0: 100, 1: 100, [FORGER]: 140, [LAZY]: 118 });
      });
      expect(await validator(LAZY)).toMatchObject({ jailed: false, status: "BOND_STATUS_BONDED" });
      expect(await signingInfo(LAZY)).toMatchObject({ tombstoned: false });
    },
    TEST_MILLISECONDS,
  );

  it(
    "slashes a validator that votes twice, and what left it since, and has done with it",
    async () => {
      const alice = await connect("alice");
      const rpc = new RpcClient(network.rpcUrl);
      const proof = await doubleVote(network.node(FORGER).home, rpc);
      const staking = alice.msg(StakingMsg);
      await staking.undelegate({ validatorAddress: validatorOf(FORGER), amount: coin(10n) });
      await staking.beginRedelegate({
        validatorSrcAddress: validatorOf(FORGER),
        validatorDstAddress: validatorOf(REFUGE),
        amount: coin(10n),
      });
      await handIn(proof, rpc);
      await eventually("the forger is out of the set", async () => {
        expect(await powers()).toEqual({ [REFUGE]: 109, 1: 100, [LAZY]: 118 });
      });
      // 5 % of the 140 that stood behind the vote: of 120 that are there, of 10 on their way out, and of 10 that went elsewhere.
      expect(await validator(FORGER)).toMatchObject({ jailed: true, tokens: String(114n * CPTM) });
      expect(await delegated("alice", FORGER)).toBe(19n * CPTM);
      expect(await delegated("alice", REFUGE)).toBe(9_500_000n);
      expect(await delegated(operatorName(FORGER), FORGER)).toBe(95n * CPTM);
      expect(await signingInfo(FORGER)).toMatchObject({ tombstoned: true, jailed_until: "9999-12-31T23:59:59Z" });
      const operator = await connect(operatorName(FORGER));
      const unjail = operator.msg(SlashingMsg).unjail({ validatorAddr: validatorOf(FORGER) });
      await expect(unjail).rejects.toThrow("validator still jailed; cannot be unjailed");
      // Handed in again, it does nothing: the supply below shows it.
      await handIn(proof, rpc);
    },
    TEST_MILLISECONDS,
  );

  it(
    "finds out by itself that two nodes sign with one key, and is rid of their validator",
    async () => {
      const twin = await network.furtherNode({ name: "twin", validatorKeyOf: TWINNED });
      twin.home.changeCometConfig({ "consensus.double_sign_check_height": 20 });
      twin.start();
      await eventually("a node that looks back does not join its own twin", async () => {
        expect(twin.isRunning).toBe(false);
        expect(readFileSync(twin.logFile, "utf8")).toContain("found signature from the same key");
        await expect(signingInfo(TWINNED)).resolves.toMatchObject({ tombstoned: false });
      });

      const before = await network.node(REFUGE).height();
      twin.home.changeCometConfig({ "consensus.double_sign_check_height": 0 });
      twin.start();
      await eventually("the doubled validator is out of the set", async () => {
        expect(await powers()).toEqual({ [REFUGE]: 109, [LAZY]: 118 });
      });
      // Nobody handed this in: a node that got both votes made evidence of them.
      const logs = network.nodes.map(({ logFile }) => readFileSync(logFile, "utf8"));
      expect(logs.join("")).toContain("Verified new evidence of byzantine behavior");
      const [found] = await doubleVotesSince(before);
      const { vote_a: one, vote_b: other } = found!;
      expect(one).toMatchObject({ validator_address: powerAddress(TWINNED), height: other.height, round: other.round });
      expect(other).toMatchObject({ validator_address: powerAddress(TWINNED), type: one.type });
      expect(one.block_id.hash).not.toBe(other.block_id.hash);
      expect(await validator(TWINNED)).toMatchObject({ jailed: true, tokens: String(95n * CPTM) });
      expect(await signingInfo(TWINNED)).toMatchObject({ tombstoned: true, jailed_until: "9999-12-31T23:59:59Z" });
    },
    TEST_MILLISECONDS,
  );

  it(
    "gives back what left a validator, less what was slashed",
    async () => {
      const alice = await connect("alice");
      await eventually("what was undelegated comes back, slashed", async () => {
        const { address } = network.account("alice");
        expect(await alice.bank.balance(address, network.denom)).toBe(ALICE_START - 60n * CPTM + 9_500_000n);
      });
      await eventually("the validator's own time is over", async () => {
        expect((await validator(FORGER)).status).toBe("BOND_STATUS_UNBONDED");
      });
    },
    TEST_MILLISECONDS,
  );

  it(
    "has one state everywhere, and burned exactly what was slashed",
    async () => {
      const client = await connect("alice");
      const slashed = 1_200_000n + 7n * CPTM + 5n * CPTM;
      const start = ALICE_START + 4n * (STAKE + OPERATOR_BALANCE);
      expect(await client.bank.supply(network.denom)).toBe(start - slashed);
      const height = await network.node(0).height();
      await network.waitForHeight(height);
      for (let at = 2; at <= height; at++) {
        const [first, ...others] = await Promise.all(network.nodes.map((node) => node.appHash(at)));
        expect({ at, others }).toEqual({ at, others: [first, first, first] });
      }
    },
    TEST_MILLISECONDS,
  );
});

function coin(cptm: bigint): { denom: string; amount: string } {
  return { denom: network.denom, amount: String(cptm * CPTM) };
}
