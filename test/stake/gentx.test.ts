// Tier: test. Budget: 15 s. Genesis transactions through the real application: validators at InitChain, and what is refused.
import { createHash } from "node:crypto";

import { describe, expect, it } from "@jest/globals";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { SignMode } from "@computronium/proto/cosmos/tx/signing/v1beta1/signing_pb.js";
import { AuthInfoSchema, FeeSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";

import type { TxDocument } from "../../abci-app/cli/tx/document.js";
import { documentToJson } from "../../abci-app/cli/tx/document.js";
import { signTx } from "../../abci-app/cli/tx/sign.js";
import { makeGentx } from "../../abci-app/genutil/gentx.js";
import { PrivateKey } from "../../abci-app/keyring/private-key.js";
import { Addresses } from "../../core/address.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { addressOf } from "../../core/crypto/key-address.js";
import { coinMessage } from "../../core/math/coins.js";
import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { appStateWith } from "../kit/app-state.js";
import { SCRIPTED_CHAIN_ID, ScriptedChain } from "../kit/scripted-chain.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest();
const KEY = new PrivateKey(sha256("operator"));
const ADDRESSES = new Addresses("cptm");
const BALANCE = "/cosmos.bank.v1beta1.Query/Balance";
const RATE = parseDec("0.1")!;

function genesis(
  options: { readonly chainId?: string; readonly stake?: bigint; readonly fee?: bigint } = {},
): AppState {
  const free = makeGentx(ADDRESSES, KEY, {
    chainId: options.chainId ?? SCRIPTED_CHAIN_ID,
    consensusKey: sha256("consensus"),
    selfDelegation: { denom: "ucptm", amount: options.stake ?? 7_000_000n },
    minSelfDelegation: 1n,
    commission: { rate: RATE, maxRate: DEC_ONE, maxChangeRate: RATE },
    description: { moniker: "first" },
    memo: "",
  });
  const tx = options.fee === undefined ? free : withFee(free, options.fee);
  const holders = [{ address: ADDRESSES.account.encode(addressOf(KEY.publicKey)), amount: 10_000_000n }];
  return { ...appStateWith(holders), genutil: { gen_txs: [JSON.parse(documentToJson(tx))] } };
}

/** As somebody makes it by hand: the habit is to charge nothing. */
function withFee(tx: TxDocument, amount: bigint): TxDocument {
  const fee = create(FeeSchema, { amount: [coinMessage({ denom: "ucptm", amount })], gasLimit: 200_000n });
  const signer = { chainId: SCRIPTED_CHAIN_ID, accountNumber: 0n, sequence: 0n };
  const unsigned = create(TxSchema, { ...tx, authInfo: create(AuthInfoSchema, { fee }), signatures: [] });
  const order = [addressOf(KEY.publicKey)];
  return signTx(unsigned, { key: KEY, mode: SignMode.DIRECT, signer, order }, { alone: true });
}

describe("A genesis transaction", () => {
  it("makes a validator that is bonded from the beginning", async () => {
    const chain = await ScriptedChain.start({ appState: genesis(), application: { invariantCheckPeriod: 1 } });
    try {
      await chain.block();
      const answer = await chain.query(`/${Query.typeName}/Pool`);
      expect(Buffer.from(answer.value ?? []).toString("latin1")).toContain("7000000");
    } finally {
      await chain.close();
    }
  });

  it("may pay a fee, which is in no balance less than the genesis gave out", async () => {
    const appState = genesis({ fee: 1_000n });
    const chain = await ScriptedChain.start({ appState, application: { invariantCheckPeriod: 1 } });
    try {
      await chain.block();
      const address = ADDRESSES.account.encode(addressOf(KEY.publicKey));
      const request = create(QueryBalanceRequestSchema, { address, denom: "ucptm" });
      const answer = await chain.query(BALANCE, toBinary(QueryBalanceRequestSchema, request));
      expect(fromBinary(QueryBalanceResponseSchema, answer.value!).balance?.amount).toBe("2999000");
    } finally {
      await chain.close();
    }
  });

  it("stops a chain from starting when it is signed for another one, or stakes more than there is", async () => {
    await expect(ScriptedChain.start({ appState: genesis({ chainId: "other-1" }) })).rejects.toThrow(
      "gen_txs[0]: sdk 4: signature verification failed",
    );
    await expect(ScriptedChain.start({ appState: genesis({ stake: 11_000_000n }) })).rejects.toThrow(
      "gen_txs[0]: sdk 5",
    );
  });

  it("must be one that makes a validator", async () => {
    const appState = { ...genesis(), genutil: { gen_txs: [{ body: { messages: [] } }] } };
    await expect(ScriptedChain.start({ appState })).rejects.toThrow("app_state.genutil.gen_txs[0]");
  });
});
