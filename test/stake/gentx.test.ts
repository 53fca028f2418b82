// Tier: test. Budget: 15 s. Genesis transactions through the real application: validators at InitChain, and what is refused.
import { createHash } from "node:crypto";

import { describe, expect, it } from "@jest/globals";
import { Query } from "@computronium/proto/cosmos/staking/v1beta1/query_pb.js";

import { documentToJson } from "../../abci-app/cli/tx/document.js";
import { makeGentx } from "../../abci-app/genutil/gentx.js";
import { PrivateKey } from "../../abci-app/keyring/private-key.js";
import { Addresses } from "../../core/address.js";
import { addressOf } from "../../core/crypto/key-address.js";
import { DEC_ONE, parseDec } from "../../core/math/dec.js";
import type { AppState } from "../../core/runtime/genesis.js";
import { appStateWith } from "../kit/app-state.js";
import { SCRIPTED_CHAIN_ID, ScriptedChain } from "../kit/scripted-chain.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest();
const KEY = new PrivateKey(sha256("operator"));
const ADDRESSES = new Addresses("cptm");
const RATE = parseDec("0.1")!;

function genesis(options: { readonly chainId?: string; readonly stake?: bigint } = {}): AppState {
  const tx = makeGentx(ADDRESSES, KEY, {
    chainId: options.chainId ?? SCRIPTED_CHAIN_ID,
    consensusKey: sha256("consensus"),
    selfDelegation: { denom: "ucptm", amount: options.stake ?? 7_000_000n },
    minSelfDelegation: 1n,
    commission: { rate: RATE, maxRate: DEC_ONE, maxChangeRate: RATE },
    description: { moniker: "first" },
    memo: "",
  });
  const holders = [{ address: ADDRESSES.account.encode(addressOf(KEY.publicKey)), amount: 10_000_000n }];
  return { ...appStateWith(holders), genutil: { gen_txs: [JSON.parse(documentToJson(tx))] } };
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
