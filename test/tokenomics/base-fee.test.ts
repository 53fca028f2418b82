// Tier: test. Budget: 8 s. The base fee through the real application: CheckTx, proposals, blocks; it follows how full blocks are.
import { afterEach, describe, expect, it } from "@jest/globals";
import { ConfigResponseSchema } from "@computronium/proto/cosmos/base/node/v1beta1/query_pb.js";
import { MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import { QueryBaseFeeResponseSchema } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";

import { withBaseFee } from "../../abci-app/api/services/node.js";
import { fromBinary } from "../../core/codec/protobuf.js";
import { appStateWith } from "../kit/app-state.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { message, TestSigner } from "../kit/signer.js";
import { economy } from "./world.js";

const GAS = 200_000n;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A base fee of 0.01 that moves by an eighth; a send of some 65,000 gas is more than twice the target. */
async function start() {
  const ann = await TestSigner.named("ann", { accountNumber: 0n });
  const base_fee = { enabled: true, floor: "0.01", cap: "0.012", target_gas: "10000", max_change_bps: 1_250 };
  const chain = await ScriptedChain.start({
    appState: appStateWith([{ address: ann.address, amount: 1_000_000_000n }], {
      more: economy({ params: { base_fee } }),
    }),
    application: { invariantCheckPeriod: 1 },
  });
  closing.push(async () => chain.close());
  const send = (fee: bigint, sequence?: bigint) =>
    ann.sign(
      [
        message(MsgSendSchema, {
          fromAddress: ann.address,
          toAddress: ann.address,
          amount: [{ denom: "ucptm", amount: "1" }],
        }),
      ],
      {
        gas: GAS,
        fee: fee === 0n ? [] : [{ denom: "ucptm", amount: fee.toString() }],
        ...(sequence === undefined ? {} : { sequence }),
      },
    );
  const price = async () => {
    const { value } = await chain.query("/computronium.tokenomics.v1.Query/BaseFee");
    return fromBinary(QueryBaseFeeResponseSchema, value!).price;
  };
  return { chain, ann, send, price };
}

describe("The base fee", () => {
  it("keeps underpriced transactions out of the mempool, out of proposals, and fails them in blocks before they pay", async () => {
    const { chain, ann, send } = await start();
    const cheap = await send(1_999n, 0n);
    const refused = {
      code: 13,
      codespace: "sdk",
      log: "insufficient fees; got: 1999ucptm required: 2000ucptm: insufficient fee",
    };
    expect(await chain.checkTx(cheap)).toMatchObject(refused);
    expect(await chain.checkTx(await send(0n, 0n))).toMatchObject({ code: 13 });
    const paid = await send(2_000n, 0n);
    expect(await chain.checkTx(paid)).toMatchObject({ code: 0 });
    expect(await chain.propose([cheap, paid])).toEqual({ txs: [paid], accepted: true });
    const { txResults } = await chain.block([cheap, paid]);
    expect(txResults.map(({ code, codespace }) => [code, codespace])).toEqual([
      [13, "sdk"],
      [0, ""],
    ]);
    expect(txResults[0]).toMatchObject({ log: refused.log });
    expect(ann.address).toMatch(/^cptm1/);
  });

  it("rises by an eighth after a full block, under its cap, and falls to its floor with empty ones", async () => {
    const { chain, send, price } = await start();
    await chain.block();
    expect(await price()).toBe("0.010000000000000000");
    await chain.block([await send(2_400n, 0n)]);
    expect(await price()).toBe("0.011250000000000000");
    expect(await chain.checkTx(await send(2_249n, 1n))).toMatchObject({ code: 13 });
    await chain.block([await send(2_400n, 1n)]);
    expect(await price()).toBe("0.012000000000000000");
    await chain.block();
    expect(await price()).toBe("0.010500000000000000");
    await chain.block();
    expect(await price()).toBe("0.010000000000000000");
  });

  it("is what the node tells clients as its minimum", async () => {
    const { chain } = await start();
    await chain.block();
    const { value } = await chain.query("/cosmos.base.node.v1beta1.Service/Config");
    expect(fromBinary(ConfigResponseSchema, value!).minimumGasPrice).toBe("0.010000000000000000ucptm");
    const fee = { denom: "ucptm", price: "0.02" };
    expect(withBaseFee("0.100000000000000000ucptm", fee)).toBe("0.100000000000000000ucptm");
    expect(withBaseFee("0.010000000000000000atom,0.001000000000000000ucptm", fee)).toBe(
      "0.010000000000000000atom,0.020000000000000000ucptm",
    );
    expect(withBaseFee("0.010000000000000000zebra", fee)).toBe("0.020000000000000000ucptm,0.010000000000000000zebra");
    expect(withBaseFee("", { ...fee, price: "0" })).toBe("");
  });
});
