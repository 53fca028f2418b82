import { MsgMultiSendSchema, MsgSendSchema } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";
import {
  MsgAcceptBidSchema,
  MsgAckUsageSchema,
  MsgCancelOrderSchema,
  MsgCloseLeaseSchema,
  MsgHeartbeatSchema,
  MsgPlaceBidSchema,
  MsgPostOrderSchema,
  MsgRegisterProviderSchema,
  MsgStartLeaseSchema,
  MsgSubmitResultSchema,
  MsgSubmitUsageSchema,
  MsgTopUpSchema,
} from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";

import type { AppState } from "../../core/runtime/genesis.js";
import { coin, MANIFEST, order, perSecond, register, RESULT } from "../market/actors.js";
import { appStateWith } from "./app-state.js";
import { SeededRandom } from "./random.js";
import type { SignedMessage, SignOptions } from "./signer.js";
import { message, TestSigner } from "./signer.js";

export interface RunBlock {
  /** Since the block before. */
  readonly seconds: number;
  readonly txs: readonly Uint8Array[];
}

/** A chain's genesis and blocks, to be executed by whoever. */
export interface MarketRun {
  readonly appState: AppState;
  readonly blocks: readonly RunBlock[];
  /** Account addresses. */
  readonly actors: readonly string[];
}

const TENANTS = 3;
const PROVIDERS = 3;
const AMOUNT = 1_000_000_000n;
const TXS_PER_BLOCK = 6;
const MAX_ID = 6;
/** Some blocks come so late that windows, leases and providers run out. */
const SECONDS = [1, 1, 1, 1, 1, 1, 1, 2, 7, 60, 301, 3_600];

/**
 * Blocks of random transactions, the same for the same seed: transfers, and the market's messages with numbers of orders and
 * leases that may exist or not, so that many succeed and many fail, in every way: of the message, of the ante chain, of the
 * gas, of the bytes.
 */
export async function makeMarketRun({ seed, blocks }: { seed: number; blocks: number }): Promise<MarketRun> {
  const random = new SeededRandom(seed);
  const signers = await Promise.all(
    Array.from({ length: TENANTS + PROVIDERS }, async (_, i) =>
      TestSigner.named(`actor ${i}`, { accountNumber: BigInt(i) }),
    ),
  );
  const tenants = signers.slice(0, TENANTS);
  const providers = signers.slice(TENANTS);
  const actors = new Actors(random, tenants, providers);
  const run: RunBlock[] = [];
  const first = await Promise.all(
    providers.map(async ({ address }, i) =>
      providers[i]!.sign([message(MsgRegisterProviderSchema, register(address))]),
    ),
  );
  run.push({ seconds: 1, txs: first });
  while (run.length < blocks) {
    const txs: Uint8Array[] = [];
    for (let i = 0; i < TXS_PER_BLOCK; i++) txs.push(await actors.next());
    run.push({ seconds: random.pick(SECONDS), txs });
  }
  const appState = appStateWith(signers.map(({ address }) => ({ address, amount: AMOUNT })));
  return { appState, blocks: run, actors: signers.map(({ address }) => address) };
}

class Actors {
  readonly #random: SeededRandom;
  readonly #tenants: readonly TestSigner[];
  readonly #providers: readonly TestSigner[];
  #last: Uint8Array = new Uint8Array(3);
  /** What is still to come of leases that go as they should. */
  readonly #stories: (() => Promise<Uint8Array>)[][] = [];
  #orders = 0n;
  #leases = 0n;

  constructor(random: SeededRandom, tenants: readonly TestSigner[], providers: readonly TestSigner[]) {
    this.#random = random;
    this.#tenants = tenants;
    this.#providers = providers;
  }

  async next(): Promise<Uint8Array> {
    const random = this.#random;
    if (random.below(2) === 0) return this.#step();
    // One of each twenty is a repetition, one is no transaction at all.
    const kind = random.below(20);
    if (kind === 0) return this.#last;
    if (kind === 1) return Uint8Array.from({ length: random.below(80) }, () => random.below(256));
    const isTenant = random.below(2) === 0;
    const signer = random.pick(isTenant ? this.#tenants : this.#providers);
    const messages = Array.from({ length: 1 + random.below(2) }, () =>
      isTenant ? this.#ofTenant(signer) : this.#ofProvider(signer),
    );
    const tx = await signer.sign(messages, this.#options(signer));
    this.#last = tx;
    return tx;
  }

  /** Goes on with a story, or begins one: order, bid, acceptance, lease, usage, result, end. */
  async #step(): Promise<Uint8Array> {
    if (this.#stories.length < 4) this.#stories.push(this.#story());
    const story = this.#random.pick(this.#stories);
    const step = story.shift()!;
    if (story.length === 0) this.#stories.splice(this.#stories.indexOf(story), 1);
    return step();
  }

  #story(): (() => Promise<Uint8Array>)[] {
    const tenant = this.#random.pick(this.#tenants);
    const provider = this.#random.pick(this.#providers);
    let orderId = 0n;
    let leaseId = 0n;
    const one = async (signer: TestSigner, sent: SignedMessage) => signer.sign([sent], { gas: 600_000n });
    const offer = () => ({ orderId, provider: provider.address, price: perSecond(10n) });
    return [
      async () => {
        orderId = ++this.#orders;
        return one(tenant, message(MsgPostOrderSchema, order(tenant.address)));
      },
      async () => one(provider, message(MsgPlaceBidSchema, offer())),
      async () => {
        leaseId = ++this.#leases;
        return one(tenant, message(MsgAcceptBidSchema, { owner: tenant.address, ...offer() }));
      },
      async () =>
        one(provider, message(MsgStartLeaseSchema, { provider: provider.address, leaseId, manifestHash: MANIFEST })),
      async () =>
        one(provider, message(MsgSubmitUsageSchema, { provider: provider.address, leaseId, seconds: 2n, seq: 1n })),
      async () => one(tenant, message(MsgAckUsageSchema, { tenant: tenant.address, leaseId, seconds: 1n })),
      async () =>
        one(provider, message(MsgSubmitResultSchema, { provider: provider.address, leaseId, resultHash: RESULT })),
      async () => one(tenant, message(MsgCloseLeaseSchema, { sender: tenant.address, leaseId })),
    ];
  }

  #options(signer: TestSigner): SignOptions {
    const body = { memo: this.#random.pick(["", "memo", "İıŞ ß Ω é", "日本"]) };
    switch (this.#random.below(12)) {
      case 0: // of the ante chain: a sequence that does not fit
        return { body, sequence: signer.sequence + 3n };
      case 1: // a signature for another chain
        return { body, sequence: signer.sequence, chainId: "other-1" };
      case 2: // runs out in the ante chain; its sequence stays
        return { body, sequence: signer.sequence, gas: 1_000n };
      default:
        return { body, gas: 600_000n };
    }
  }

  #ofTenant({ address }: TestSigner): SignedMessage {
    const random = this.#random;
    const owner = address;
    const orderId = BigInt(1 + random.below(MAX_ID));
    const leaseId = BigInt(1 + random.below(MAX_ID));
    const provider = random.pick(this.#providers).address;
    switch (random.below(10)) {
      case 0:
      case 1:
        // Less than the least budget: an order that never comes about.
        return message(MsgPostOrderSchema, order(owner, { budget: coin(BigInt(random.below(900))) }));
      case 2:
      case 3:
        return message(MsgAcceptBidSchema, { owner, orderId, provider, price: perSecond(10n) });
      case 4:
        return message(MsgAckUsageSchema, { tenant: owner, leaseId, seconds: BigInt(random.below(400)) });
      case 5:
        return message(MsgTopUpSchema, { sender: owner, leaseId, amount: coin(BigInt(random.below(5_000))) });
      case 6:
        return message(MsgCancelOrderSchema, { owner, orderId });
      case 7:
        return message(MsgCloseLeaseSchema, { sender: owner, leaseId });
      default:
        return this.#transfer(address);
    }
  }

  #ofProvider({ address }: TestSigner): SignedMessage {
    const random = this.#random;
    const provider = address;
    const orderId = BigInt(1 + random.below(MAX_ID));
    const leaseId = BigInt(1 + random.below(MAX_ID));
    switch (random.below(9)) {
      case 0:
      case 1:
      case 2:
        return message(MsgPlaceBidSchema, { provider, orderId, price: perSecond(10n) });
      case 3:
      case 4:
        return message(MsgStartLeaseSchema, { provider, leaseId, manifestHash: MANIFEST });
      case 5: {
        const seconds = BigInt(random.below(500));
        return message(MsgSubmitUsageSchema, { provider, leaseId, seconds, seq: BigInt(1 + random.below(9)) });
      }
      case 6:
        return message(MsgSubmitResultSchema, { provider, leaseId, resultHash: RESULT });
      case 7:
        return message(MsgHeartbeatSchema, { provider });
      default:
        return this.#transfer(address);
    }
  }

  #transfer(fromAddress: string): SignedMessage {
    const random = this.#random;
    const to = random.pick([...this.#tenants, ...this.#providers]).address;
    const amount = [coin(random.below(10) === 0 ? 10n * AMOUNT : BigInt(1 + random.below(1_000)))];
    return random.below(3) === 0
      ? message(MsgMultiSendSchema, {
          inputs: [{ address: fromAddress, coins: amount }],
          outputs: [{ address: to, coins: amount }],
        })
      : message(MsgSendSchema, { fromAddress, toAddress: to, amount });
  }
}
