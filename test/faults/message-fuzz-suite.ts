import { afterEach, describe, expect, it } from "@jest/globals";
import { toBech32 } from "@cosmjs/encoding";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { signer as signerOption } from "@computronium/proto/cosmos/msg/v1/msg_pb.js";
import {
  QueryAccountInfoRequestSchema,
  QueryAccountInfoResponseSchema,
} from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";
import {
  QueryAllBalancesRequestSchema,
  QueryTotalSupplyRequestSchema,
  QueryTotalSupplyResponseSchema,
} from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";
import { SimulateRequestSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { TxBodySchema, TxRawSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { wireChain } from "../../abci-app/app.js";
import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { MAX_KEY_BYTES } from "../../core/store/kv.js";
import { Hostile } from "../kit/hostile.js";
import { makeMarketRun } from "../kit/market-run.js";
import { SeededRandom } from "../kit/random.js";
import { ScriptedChain } from "../kit/scripted-chain.js";
import type { SignedMessage } from "../kit/signer.js";
import { TestSigner } from "../kit/signer.js";

/** Bytes of the largest answer: a page of 1,000 entries of the largest kind. */
const MAX_ANSWER = 16 << 20;
const SECONDS = [0n, 0n, 0n, 1n, 1n, 7n, 301n, 3_600n, 86_400n, 400n * 86_400n];
const GAS = [1n, 40_000n, 150_000n, ...Array<bigint>(9).fill(1_000_000n), 30_000_000n, 2n ** 53n - 1n];
const closing: (() => Promise<void>)[] = [];

interface Known {
  readonly desc: DescMessage;
  readonly value: Message;
}

const plain = ({ desc, value }: Known): SignedMessage => ({
  schema: desc,
  value: value as unknown as Record<string, unknown>,
});

const signersOf = (desc: DescMessage): ReadonlySet<string> => new Set(getOption(desc, signerOption));

class Attack {
  readonly random: SeededRandom;
  readonly #chain: ScriptedChain;
  readonly #signers: readonly TestSigner[];
  readonly #descs: readonly DescMessage[];
  /** Those that governance alone may sign: they fail at the first look, and one of them is like the other. */
  readonly #reserved: readonly DescMessage[];
  /** Messages that went through, by their type. */
  readonly #known: readonly (readonly Known[])[];
  readonly hostile: Hostile;

  constructor(seed: number, chain: ScriptedChain, signers: readonly TestSigner[], known: readonly Known[]) {
    this.random = new SeededRandom(seed);
    this.#chain = chain;
    this.#signers = signers;
    const types = new Set(known.map(({ desc }) => desc));
    this.#known = [...types].map((type) => known.filter(({ desc }) => desc === type));
    const { messages } = wireChain().chain;
    const descs = messages.keys().map((key) => messages.get(key)!.input);
    this.#descs = descs.filter((desc) => !signersOf(desc).has("authority"));
    this.#reserved = descs.filter((desc) => signersOf(desc).has("authority"));
    const bytes = [1, 20, 32, 64, 128, 255].map((length) => new Uint8Array(length).fill(length));
    this.hostile = new Hostile(this.random, [
      ...signers.map(({ address }) => address),
      ...bytes.map((some) => toBech32("cptm", some, 1_000)),
      toBech32("cosmos", bytes[1]!),
      signers[0]!.address.toUpperCase(),
    ]);
  }

  /** The signer pays for messages that say they are his, whatever else they say. */
  #message(signer: TestSigner): SignedMessage {
    // By type first: a market has many more reports of usage than orders.
    const known = this.random.below(4) === 0 ? undefined : this.random.pick(this.random.pick(this.#known));
    const desc = known?.desc ?? this.random.pick(this.random.below(10) === 0 ? this.#reserved : this.#descs);
    let value = known?.value ?? this.hostile.message(desc);
    if (known !== undefined && this.random.below(2) !== 0) value = this.hostile.mutated(desc, value, signersOf(desc));
    const fields = { ...(value as unknown as Record<string, unknown>) };
    for (const field of desc.fields) {
      if (field.fieldKind === "scalar" && signersOf(desc).has(field.name) && this.random.below(30) !== 0)
        fields[field.localName] = signer.address;
    }
    return plain({ desc, value: fields as unknown as Message });
  }

  async tx(signer: TestSigner): Promise<Uint8Array> {
    const count = this.random.pick([1, 1, 1, 1, 1, 1, 2, 3]);
    const body = {
      memo: this.random.below(8) === 0 ? this.hostile.text() : "",
      timeoutHeight: this.random.below(12) === 0 ? this.hostile.unsigned() : 0n,
      unordered: this.random.below(20) === 0,
      ...(this.random.below(12) === 0
        ? { timeoutTimestamp: { seconds: this.#chain.time + BigInt(this.random.below(900)), nanos: 0 } }
        : {}),
    };
    const amount = this.random.below(12) === 0 ? this.hostile.text() : "1000";
    return signer.sign(
      Array.from({ length: count }, () => this.#message(signer)),
      { body, gas: this.random.pick(GAS), fee: [{ denom: "ucptm", amount }] },
    );
  }

  /** A message whose bytes were damaged after signing, or a transaction as it is. */
  damaged(tx: Uint8Array): Uint8Array {
    if (this.random.below(25) !== 0) return tx;
    const copy = tx.slice();
    copy[this.random.below(copy.length)]! ^= 1 << this.random.below(8);
    return copy;
  }

  async resequence(): Promise<void> {
    for (const signer of this.#signers) {
      const request = create(QueryAccountInfoRequestSchema, { address: signer.address });
      const data = toBinary(QueryAccountInfoRequestSchema, request);
      const { value } = await this.#chain.query("/cosmos.auth.v1beta1.Query/AccountInfo", data);
      signer.sequence = fromBinary(QueryAccountInfoResponseSchema, value!).info!.sequence;
    }
  }
}

async function begin(seed: number) {
  const run = await makeMarketRun({ seed, blocks: 25 });
  const chain = await ScriptedChain.start({ appState: run.appState, application: { invariantCheckPeriod: 1 } });
  closing.push(async () => chain.close());
  const { messages } = wireChain().chain;
  const known: Known[] = [];
  for (const { txs, seconds } of run.blocks) {
    const { txResults } = await chain.block(txs, { seconds: BigInt(seconds) });
    for (const [i, tx] of txs.entries()) {
      if (txResults[i]!.code !== 0) continue;
      const body = fromBinary(TxBodySchema, fromBinary(TxRawSchema, tx).bodyBytes);
      for (const { typeUrl, value } of body.messages) {
        const desc = messages.get(typeUrl)!.input;
        known.push({ desc, value: fromBinary(desc, value) });
      }
    }
  }
  const signers = await Promise.all(
    run.actors.map(async (_, i) => TestSigner.named(`actor ${i}`, { accountNumber: BigInt(i) })),
  );
  const attack = new Attack(seed, chain, signers, known);
  await attack.resequence();
  return { chain, signers, attack };
}

async function supplyOf(chain: ScriptedChain): Promise<Map<string, bigint>> {
  const data = toBinary(QueryTotalSupplyRequestSchema, create(QueryTotalSupplyRequestSchema, {}));
  const { value } = await chain.query("/cosmos.bank.v1beta1.Query/TotalSupply", data);
  const { supply } = fromBinary(QueryTotalSupplyResponseSchema, value!);
  return new Map(supply.map(({ denom, amount }) => [denom, BigInt(amount)]));
}

/** All that is listed of the market, and who has what but for the one who pays. */
async function stateWithout(chain: ScriptedChain, payer: string, actors: readonly TestSigner[]): Promise<string[]> {
  const lists = wireChain()
    .chain.queries.keys()
    .filter((path) => /marketplace.*\/(Providers|Orders|Leases|Params)$/.test(path));
  const parts: string[] = [];
  const look = async (path: string, data?: Uint8Array) => {
    const { code = 0, value } = await chain.query(path, data);
    parts.push(`${path} ${code} ${Buffer.from(value ?? []).toString("hex")}`);
  };
  for (const path of lists) await look(path);
  for (const { address } of actors) {
    if (address === payer) continue;
    const request = create(QueryAllBalancesRequestSchema, { address });
    await look("/cosmos.bank.v1beta1.Query/AllBalances", toBinary(QueryAllBalancesRequestSchema, request));
  }
  return parts;
}

/** {@link stateWithout} once no deadline is left over from blocks before: one may make the next one due at once. */
async function restingState(chain: ScriptedChain, payer: string, actors: readonly TestSigner[]): Promise<string[]> {
  let state = await stateWithout(chain, payer, actors);
  for (let i = 0; i < 10; i++) {
    await chain.block([], { seconds: 0n });
    const next = await stateWithout(chain, payer, actors);
    if (next.join() === state.join()) return next;
    state = next;
  }
  throw new Error("the state does not come to rest");
}

/** The suite over so many seeds and blocks of each. */
export function describeMessageFuzz({ seeds, blocks, queries }: { seeds: number[]; blocks: number; queries: number }) {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  describe.each(seeds)("Hostile input of seed %i", (seed) => {
    it("in transactions neither stops the chain nor makes a coin, and a failed one leaves nothing but its fee", async () => {
      const { chain, signers, attack } = await begin(seed);
      let supply = await supplyOf(chain);
      const codes = new Map<string, number>();
      for (let i = 0; i < blocks; i++) {
        const alone = i % 3 === 0;
        const chosen = alone ? [attack.random.pick(signers)] : signers;
        const txs: Uint8Array[] = [];
        for (const signer of chosen) txs.push(attack.damaged(await attack.tx(signer)));
        for (const tx of txs) {
          await chain.checkTx(tx);
          const request = create(SimulateRequestSchema, { txBytes: tx });
          await chain.query("/cosmos.tx.v1beta1.Service/Simulate", toBinary(SimulateRequestSchema, request));
        }
        const proposal = await chain.propose(txs);
        expect(proposal.accepted).toBe(true);
        const before = alone ? await restingState(chain, chosen[0]!.address, signers) : [];
        // What the others did not leave out comes into a block as well, as a hostile proposer would have it.
        const included = attack.random.below(2) === 0 ? proposal.txs : txs;
        const { txResults } = await chain.block(included, { seconds: alone ? 0n : attack.random.pick(SECONDS) });
        for (const { code = 0, codespace = "" } of txResults) {
          codes.set(`${codespace}/${code}`, (codes.get(`${codespace}/${code}`) ?? 0) + 1);
        }
        if (alone && txResults.every(({ code }) => code !== 0)) {
          expect(await stateWithout(chain, chosen[0]!.address, signers)).toEqual(before);
        }
        const next = await supplyOf(chain);
        for (const [denom, amount] of next) expect(amount <= (supply.get(denom) ?? 0n)).toBe(true);
        supply = next;
        await attack.resequence();
      }
      // Enough of them got through, and they failed in many ways, or the generator is of no use.
      expect(codes.get("/0") ?? 0).toBeGreaterThan(blocks / 4);
      expect(codes.size).toBeGreaterThan(10);
    });

    it("in queries gets an answer or a registered error, and no answer without bound", async () => {
      const { chain, attack } = await begin(seed);
      const routes = wireChain().chain.queries;
      let answered = 0;
      for (const path of routes.keys()) {
        const { input } = routes.get(path)!.method;
        for (let i = 0; i < queries; i++) {
          const request = toBinary(input, attack.hostile.message(input));
          const data = attack.random.below(10) === 0 ? attack.hostile.bytes() : request;
          const height = attack.random.pick([0n, 0n, 0n, 0n, 1n, -1n, chain.height, chain.height + 1n, 2n ** 63n - 1n]);
          const { code = 0, value } = await chain.query(path, data, { height, prove: attack.random.below(10) === 0 });
          expect(value?.length ?? 0).toBeLessThan(MAX_ANSWER);
          if (code === 0) answered++;
        }
      }
      for (const store of ["acc", "bank", "marketplace", "reputation", "", "__proto__", "nowhere"]) {
        for (let i = 0; i < queries; i++) {
          const height = attack.random.pick([0n, 1n, 2n, -1n, chain.height, 2n ** 63n - 1n]);
          await chain.query(`/store/${store}/key`, attack.hostile.bytes(), { height, prove: i % 2 === 0 });
        }
      }
      // Keys at the edges of what a store can hold, each with and without a proof.
      for (const length of [0, 1, MAX_KEY_BYTES, MAX_KEY_BYTES + 1, 1 << 16]) {
        for (const prove of [false, true]) {
          const { code = 0 } = await chain.query("/store/bank/key", new Uint8Array(length).fill(7), { prove });
          expect([length, prove, code]).toEqual([length, prove, length > 0 && length <= MAX_KEY_BYTES ? 0 : 18]);
        }
      }
      expect(answered).toBeGreaterThan(queries);
    });
  });
}
