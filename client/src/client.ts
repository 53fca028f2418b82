import type { DescMessage, DescService } from "@bufbuild/protobuf";
import type { OfflineSigner } from "@cosmjs/proto-signing";
import { AminoTypes, createDefaultAminoConverters, GasPrice, SigningStargateClient } from "@cosmjs/stargate";
import type { HttpEndpoint } from "@cosmjs/tendermint-rpc";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { Msg as MarketplaceMsg } from "@computronium/proto/computronium/marketplace/v1/tx_pb.js";
import { Msg as ReputationMsg } from "@computronium/proto/computronium/reputation/v1/tx_pb.js";
import { Query as ReputationQuery } from "@computronium/proto/computronium/reputation/v1/query_pb.js";
import { Msg as AuthzMsg } from "@computronium/proto/cosmos/authz/v1beta1/tx_pb.js";
import { Msg as BankMsg } from "@computronium/proto/cosmos/bank/v1beta1/tx_pb.js";

import { createAminoConverters } from "./amino.js";
import type { Bank } from "./bank.js";
import { createBank } from "./bank.js";
import type { BlockTx, ChainBlock } from "./block-feed.js";
import { BlockFeed } from "./block-feed.js";
import { ComputroniumError } from "./errors.js";
import type { TypedEvent } from "./events.js";
import { eventsIn } from "./events.js";
import type { SpendingMandate } from "./mandate.js";
import { grantMessage, revokeMessage, senderFor } from "./mandate.js";
import type { Market } from "./market.js";
import { createMarket } from "./market.js";
import type { MessageSender, MsgClient } from "./msg-client.js";
import { createMsgClient } from "./msg-client.js";
import type { TypedMessage } from "./registry.js";
import { createRegistry } from "./registry.js";
import type { QueryClient } from "./rpc.js";
import { createQueryClient } from "./rpc.js";
import type { PendingTx, TxOptions } from "./tx-sender.js";
import { TxSender } from "./tx-sender.js";

export interface ConnectOptions {
  /** A cosmjs wallet (direct or amino, a Ledger too); without it the client only reads. */
  readonly signer?: OfflineSigner;
  /** What a unit of gas is paid, such as "0.0025ucptm". Needed for sending, unless each transaction says its fee. */
  readonly gasPrice?: string | GasPrice;
  /** Gas limit = gas of the simulation × this. Default 1.3. */
  readonly gasMultiplier?: number;
  /** Blocks after which a transaction that is in none of them is given up for good. Default 30. */
  readonly timeoutBlocks?: number;
  /** Time between two looks for a new block, while somebody waits for one. Default 250 ms. */
  readonly pollMs?: number;
  /** `Msg` services to sign messages of, beside bank's, the marketplace's, and those that cosmjs knows. */
  readonly services?: readonly DescService[];
}

export interface FollowOptions {
  /** From this height; without it, from the next block on. */
  readonly fromHeight?: number;
  readonly signal?: AbortSignal;
}

const OUR_SERVICES: readonly DescService[] = [AuthzMsg, BankMsg, MarketplaceMsg, ReputationMsg];

/**
 * One account on one chain, through the RPC endpoint of one node.
 *
 *     const client = await ComputroniumClient.connect("http://127.0.0.1:26657", { signer, gasPrice: "0.0025ucptm" });
 *     const { orderId } = await client.market.postOrder({ … });
 */
export class ComputroniumClient implements MessageSender {
  readonly chainId: string;
  /** CometBFT's RPC, for whatever this class has no method for. */
  readonly comet: Comet38Client;
  readonly bank: Bank;
  readonly market: Market;
  readonly reputation: QueryClient<typeof ReputationQuery>;
  readonly #feed: BlockFeed;
  readonly #sender: TxSender | undefined;

  private constructor(chainId: string, comet: Comet38Client, feed: BlockFeed, sender: TxSender | undefined) {
    this.chainId = chainId;
    this.comet = comet;
    this.#feed = feed;
    this.#sender = sender;
    this.bank = createBank(this);
    this.market = createMarket(this);
    this.reputation = this.query(ReputationQuery);
  }

  /** Connects to CometBFT's RPC, `http://…` or `https://…`. */
  static async connect(rpc: string | HttpEndpoint, options: ConnectOptions = {}): Promise<ComputroniumClient> {
    const url = typeof rpc === "string" ? rpc : rpc.url;
    // cosmjs's websocket goes on reconnecting after it was told to disconnect, and a program with one never ends.
    if (!/^https?:\/\//.test(url)) throw new ComputroniumError(`an RPC endpoint is an http or https URL, not "${url}"`);
    // Not connectComet: that guesses an old dialect for versions it has not heard of, and loses the events of blocks.
    const comet = await Comet38Client.connect(rpc);
    const chainId = (await comet.status()).nodeInfo.network;
    const feed = new BlockFeed(comet, options.pollMs ?? 250);
    const sender = await createSender(comet, feed, chainId, options);
    return new ComputroniumClient(chainId, comet, feed, sender);
  }

  /** Ends all waiting, and the connection. */
  disconnect(): void {
    this.#feed.close();
    this.comet.disconnect();
  }

  /** Address of the signer's first account. Throws when there is no signer. */
  get address(): string {
    return this.#requireSender().account.address;
  }

  /** A typed client of any `Query` service of the chain. */
  query<S extends DescService>(service: S): QueryClient<S> {
    return createQueryClient(this.comet, service);
  }

  /** A typed client of any `Msg` service, given at {@link connect} unless it is one of ours. */
  msg<S extends DescService>(service: S): MsgClient<S> {
    return createMsgClient(this, service);
  }

  /** Signs messages as one transaction and hands it to the node's mempool. Many can be in flight. */
  submit(messages: readonly TypedMessage[], options?: TxOptions): Promise<PendingTx> {
    return this.#requireSender().submit(messages, options);
  }

  /** The same, and waits for its block. Throws `TxRejectedError`, `TxFailedError` or `TxExpiredError`. */
  async send(messages: readonly TypedMessage[], options?: TxOptions): Promise<BlockTx> {
    const pending = await this.submit(messages, options);
    return pending.committed;
  }

  /**
   * Lets another account, such as an agent's, spend this one's coins on the marketplace within a limit. Replaces the mandate
   * that it has. The signer must sign DIRECT: cosmjs has no amino JSON of it.
   */
  grantSpending(agent: string, mandate: SpendingMandate, options?: TxOptions): Promise<BlockTx> {
    return this.send([grantMessage(this.address, agent, mandate)], options);
  }

  /** Takes the mandate back. */
  revokeSpending(agent: string, options?: TxOptions): Promise<BlockTx> {
    return this.send([revokeMessage(this.address, agent)], options);
  }

  /** The market as `owner`, who has granted this account a mandate: orders and leases are the owner's, so are the coins. */
  marketFor(owner: string): Market {
    const sender = senderFor(owner, this, createRegistry(OUR_SERVICES));
    return createMarket({
      address: owner,
      submit: (messages, options) => sender.submit(messages, options),
      comet: this.comet,
      blocks: (options) => this.blocks(options),
      height: () => this.height(),
    });
  }

  /** The latest committed height. */
  height(): Promise<number> {
    return this.#feed.height();
  }

  /** Resolves with the next block to be committed. */
  nextBlock(): Promise<ChainBlock> {
    return this.#feed.nextBlock();
  }

  /** Every block, once and in order, until the signal aborts or the loop is left. */
  async *blocks(options: FollowOptions = {}): AsyncGenerator<ChainBlock, void, void> {
    yield* await this.#feed.subscribe(options);
  }

  /** Every event of one type, in order. */
  async *events<S extends DescMessage>(
    schema: S,
    options: FollowOptions = {},
  ): AsyncGenerator<TypedEvent<S>, void, void> {
    for await (const block of this.blocks(options)) yield* eventsIn(schema, block);
  }

  #requireSender(): TxSender {
    if (this.#sender === undefined) throw new ComputroniumError("this client has no signer: it only reads");
    return this.#sender;
  }
}

async function createSender(
  comet: Comet38Client,
  feed: BlockFeed,
  chainId: string,
  options: ConnectOptions,
): Promise<TxSender | undefined> {
  const { signer } = options;
  if (signer === undefined) return undefined;
  const services = [...OUR_SERVICES, ...(options.services ?? [])];
  const cosmjs = SigningStargateClient.createWithSigner(comet, signer, {
    registry: createRegistry(services),
    aminoTypes: new AminoTypes({ ...createDefaultAminoConverters(), ...createAminoConverters(services) }),
  });
  const { gasPrice } = options;
  return new TxSender(
    await TxSender.accountOf(signer),
    { comet, cosmjs, feed },
    {
      chainId,
      gasPrice: typeof gasPrice === "string" ? GasPrice.fromString(gasPrice) : gasPrice,
      gasMultiplier: options.gasMultiplier ?? 1.3,
      timeoutBlocks: options.timeoutBlocks ?? 30,
    },
  );
}
