import {
  hashFromText,
  hashToText,
  messageOf,
  parseCoin,
  QueryError,
  rate,
  TxFailedError,
  TxRejectedError,
  type ComputroniumClient,
  type TypedMessage,
} from "@computronium/client";
import { Msg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import {
  BidState,
  JobClass,
  LeaseState,
  ProviderState,
  ResourceKind,
  type Lease,
  type Provider,
} from "@computronium/proto/computronium/marketplace/v1/types_pb.js";

import { parseContentHash, type ContentHash } from "../content-hash.js";
import type { KINDS, ProviderConfig } from "./config.js";
import {
  MarketRefusal,
  type ComputeMarket,
  type LeaseInfo,
  type LeasePhase,
  type OpenOrder,
  type UsageClaim,
} from "./market.js";

const RESOURCE_KINDS: Readonly<Record<(typeof KINDS)[number], ResourceKind>> = {
  "data-centre": ResourceKind.DATA_CENTRE,
  "spare-machine": ResourceKind.SPARE_MACHINE,
  "edge-device": ResourceKind.EDGE_DEVICE,
};

const PHASES: Readonly<Record<LeaseState, LeasePhase>> = {
  [LeaseState.UNSPECIFIED]: "over",
  [LeaseState.PENDING]: "pending",
  [LeaseState.ACTIVE]: "active",
  [LeaseState.PAUSED]: "paused",
  [LeaseState.CLOSING]: "closing",
  [LeaseState.SETTLED]: "over",
  [LeaseState.NO_SHOW]: "over",
};
const OPEN_STATES = [LeaseState.PENDING, LeaseState.ACTIVE, LeaseState.PAUSED, LeaseState.CLOSING];

const PAGE_LIMIT = 100n;
const SIMULATE_PATH = "/cosmos.tx.v1beta1.Service/Simulate";

type Offer = ProviderConfig["offer"];

/** The market of a chain, through the client library. */
export class ChainMarket implements ComputeMarket {
  readonly chainId: string;
  readonly address: string;

  constructor(
    private readonly client: ComputroniumClient,
    private readonly terms: Offer,
  ) {
    this.chainId = client.chainId;
    this.address = client.address;
  }

  async offer(): Promise<void> {
    const { terms } = this;
    const registered = await this.registration();
    const common = {
      attributes: {
        kind: RESOURCE_KINDS[terms.kind],
        gpuModel: terms.gpu_model,
        gpuCount: terms.gpu_count,
        vramMib: BigInt(terms.vram_mib),
        cpuCores: terms.cpu_cores,
        ramMib: BigInt(terms.ram_mib),
        diskMib: BigInt(terms.disk_mib),
        region: terms.region,
      },
      price: rate(terms.price, terms.price_per),
      endpoints: [...terms.endpoints],
      ttlSeconds: BigInt(terms.ttl_seconds),
    };
    if (registered?.state === ProviderState.UNBONDING)
      throw new MarketRefusal("this provider has deregistered; register again once the bond is back");
    if (!registered) {
      const message = messageOf(Msg.method.registerProvider, { ...common, bond: parseCoin(terms.bond) }, this.address);
      return this.send(message);
    }
    const more = BigInt(parseCoin(terms.bond).amount) - BigInt(registered.bond?.amount ?? "0");
    const addBond = more > 0n ? { addBond: { denom: parseCoin(terms.bond).denom, amount: more.toString() } } : {};
    await this.send(messageOf(Msg.method.updateProvider, { ...common, ...addBond }, this.address));
    await this.heartbeat();
  }

  heartbeat(): Promise<void> {
    return this.send(messageOf(Msg.method.heartbeat, {}, this.address));
  }

  async *watchOrders(signal: AbortSignal): AsyncGenerator<OpenOrder, void, void> {
    for await (const { id, owner, jobClass } of this.client.market.watchOrders({ signal }))
      yield { id, owner, isWasm: jobClass === JobClass.WASM };
  }

  async bid(orderId: bigint): Promise<void> {
    const price = rate(this.terms.price, this.terms.price_per);
    // After a restart the order may have this very bid already: another one would only cost a fee.
    const found = await unlessAbsent("bid not found", () =>
      this.client.market.query.bids({ orderId, provider: this.address }),
    );
    const standing = found?.bids.find(({ state }) => state === BidState.OPEN)?.price;
    if (standing?.amount?.amount === price.amount?.amount && standing?.per === price.per) return;
    await this.send(messageOf(Msg.method.placeBid, { orderId, price }, this.address));
  }

  async *blocks(signal: AbortSignal): AsyncGenerator<number, void, void> {
    for await (const { height } of this.client.blocks({ signal })) yield height;
  }

  async openLeases(): Promise<LeaseInfo[]> {
    const found: LeaseInfo[] = [];
    for (const state of OPEN_STATES) {
      // One page a state: more leases than that are not carried out at once, and the rest comes when these are over.
      const { leases } = await this.client.market.query.leases({
        provider: this.address,
        state,
        pagination: { limit: PAGE_LIMIT },
      });
      found.push(...leases.map(leaseInfo));
    }
    return found;
  }

  async lease(leaseId: bigint): Promise<LeaseInfo | undefined> {
    if (leaseId > 0xffff_ffff_ffff_ffffn) return undefined;
    return unlessAbsent("lease not found", async () => leaseInfo(await this.client.market.lease(leaseId)));
  }

  start({ id, jobHash }: LeaseInfo): Promise<void> {
    return this.send(
      messageOf(Msg.method.startLease, { leaseId: id, manifestHash: hashFromText(jobHash) }, this.address),
    );
  }

  claim(leaseId: bigint, claim: UsageClaim): Promise<void> {
    return this.send(this.usage(leaseId, claim));
  }

  deliver(leaseId: bigint, claim: UsageClaim, result: ContentHash): Promise<void> {
    const resultHash = hashFromText(result);
    const message = messageOf(Msg.method.submitResult, { leaseId, resultHash }, this.address);
    return this.send(this.usage(leaseId, claim), message);
  }

  giveUp(leaseId: bigint, claim: UsageClaim): Promise<void> {
    const message = messageOf(Msg.method.closeLease, { leaseId }, this.address);
    return this.send(this.usage(leaseId, claim), message);
  }

  private usage(leaseId: bigint, { seconds, seq }: UsageClaim): TypedMessage {
    return messageOf(Msg.method.submitUsage, { leaseId, seconds, seq }, this.address);
  }

  private registration(): Promise<Provider | undefined> {
    return unlessAbsent("provider not found", async () => {
      const { provider } = await this.client.market.query.provider({ address: this.address });
      return provider;
    });
  }

  private async send(...messages: TypedMessage[]): Promise<void> {
    try {
      await this.sendOnce(messages);
    } catch (error) {
      if (!isRefusedSimulation(error)) throw asRefusal(error);
      // A simulation's answer carries no code of its own, and may come of a state that is one block old: once more.
      await this.client.nextBlock();
      await this.sendOnce(messages).catch((second: unknown) => {
        throw isRefusedSimulation(second) ? new MarketRefusal(second.message, { cause: second }) : asRefusal(second);
      });
    }
  }

  private async sendOnce(messages: readonly TypedMessage[]): Promise<void> {
    await this.client.send(messages);
  }
}

function isRefusedSimulation(error: unknown): error is QueryError {
  return error instanceof QueryError && error.path === SIMULATE_PATH;
}

/** What a module refused is final; what the chain's own machinery refused (sequence, full mempool, funds) may pass. */
function asRefusal(error: unknown): unknown {
  const refused = error instanceof TxRejectedError || error instanceof TxFailedError;
  return refused && error.codespace !== "sdk" ? new MarketRefusal(error.message, { cause: error }) : error;
}

/** What the chain has, or undefined where it says that there is none, in the words of modules/marketplace/errors.ts. */
async function unlessAbsent<T>(absence: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    // Over `abci_query` the module's own number is not told, as on every Cosmos chain: its words are.
    if (error instanceof QueryError && error.message.includes(absence)) return undefined;
    throw error;
  }
}

function leaseInfo(lease: Lease): LeaseInfo {
  const { resultHash } = lease;
  return {
    id: lease.id,
    tenant: lease.tenant,
    provider: lease.provider,
    phase: PHASES[lease.state],
    jobHash: parseContentHash(hashToText(lease.manifestHash)),
    resultHash: resultHash.length === 0 ? undefined : parseContentHash(hashToText(resultHash)),
    startDeadlineSeconds: Number(lease.startDeadlineTime),
    startedAtSeconds: Number(lease.startedTime),
    lastClaim: lease.lastSeq,
    providerDone: lease.providerDone,
  };
}
