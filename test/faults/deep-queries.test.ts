// Tier: test. Budget: 10 s. Row 34 of docs/reliability.md for queries: requests that are nested without end or lie about their length.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { RequestQuerySchema } from "@computronium/proto/tendermint/abci/types_pb.js";

import { create } from "../../core/codec/protobuf.js";
import { appStateWith } from "../kit/app-state.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import { TestSigner } from "../kit/signer.js";

const PATH = "/cosmos.bank.v1beta1.Query/Balance";
const DEPTH = 200_000;
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);

/** Messages in field 1 of one another; each length is right. */
function nested(depth: number): Uint8Array {
  const heads: Buffer[] = [];
  let length = 0;
  for (let i = 0; i < depth; i++) {
    const head = Buffer.from([10, ...varint(length)]);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat(heads.reverse());
}

describe("A query", () => {
  let chain: ScriptedChain;
  let owner: string;
  const ask = async (path: string, data: Uint8Array) =>
    await chain.app.query(create(RequestQuerySchema, { path, data }));

  beforeAll(async () => {
    owner = (await TestSigner.named("owner")).address;
    chain = await ScriptedChain.start({ appState: appStateWith([{ address: owner, amount: 5n }]) });
    await chain.block([]);
  });
  afterAll(async () => chain.close());

  it.each<[string, () => Uint8Array]>([
    ["of unknown groups in groups", () => Buffer.alloc(DEPTH, 0x5b)],
    ["of a known field as groups in groups", () => Buffer.alloc(DEPTH, 0x0b)],
    ["of messages in messages", () => nested(50_000)],
    ["with a length of 2^63", () => Buffer.from("0affffffffffffffff7f", "hex")],
    ["with a length beyond its end", () => Buffer.from("0aff01", "hex")],
    ["with a varint without end", () => Buffer.alloc(100_000, 0xff)],
    ["with field number 0", () => Buffer.from("0200", "hex")],
  ])("%s gets an answer or a code, and the next one its answer", async (_, data) => {
    for (const path of [PATH, "/cosmos.tx.v1beta1.Service/Simulate", "/store/bank/key"]) {
      const { code = 0, codespace = "" } = await ask(path, data());
      if (code !== 0) expect(codespace).not.toBe("");
    }
    const request = Buffer.concat([
      Buffer.from([10, owner.length]),
      Buffer.from(owner),
      Buffer.from([18, 5]),
      Buffer.from("ucptm"),
    ]);
    const { code = 0, value } = await ask(PATH, request);
    expect(code).toBe(0);
    expect(Buffer.from(value ?? []).toString("latin1")).toContain("5");
  });
});
