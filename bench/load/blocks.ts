import type { RpcClient } from "./rpc.js";

/** A committed block as the load sees it. */
export interface BlockSummary {
  readonly height: number;
  /** The header's time (the moment this block's predecessor was voted), in milliseconds since 1970. */
  readonly headerTimeMs: number;
  /** When the load generator learned of the block, on the clock of `performance.now()`. */
  readonly seenAtMs: number;
  readonly transactions: number;
}

interface BlockchainResult {
  readonly last_height: string;
  readonly block_metas: readonly {
    readonly header: { readonly height: string; readonly time: string };
    readonly num_txs: string;
  }[];
}

const POLL_INTERVAL_MS = 50;
/** `/blockchain` answers with at most 20 headers. */
const MAX_HEADERS = 20;

/**
 * Follows the chain by polling. A block counts once the application has committed it (`/abci_info`): CometBFT stores and
 * shows it before it is executed, while its transactions are still in the mempool.
 */
export class BlockFollower {
  readonly blocks: BlockSummary[] = [];
  readonly #client: RpcClient;
  #height = 0;
  #stopped = false;
  #loop: Promise<void> | undefined;

  private constructor(client: RpcClient) {
    this.#client = client;
  }

  /** Follows from the block after the latest one. `onBlock` is called in the order of heights. */
  static async start(client: RpcClient, onBlock: (block: BlockSummary) => void): Promise<BlockFollower> {
    const follower = new BlockFollower(client);
    follower.#height = await follower.#committedHeight();
    follower.#loop = follower.#follow(onBlock);
    return follower;
  }

  /** The height of the last block seen. */
  get height(): number {
    return this.#height;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #follow(onBlock: (block: BlockSummary) => void): Promise<void> {
    while (!this.#stopped) {
      // A node that is busy may hang up; the height comes with the next answer.
      const committed = await this.#committedHeight().catch(() => this.#height);
      const seenAtMs = performance.now();
      while (this.#height < committed) {
        for (const meta of await this.#headers(this.#height + 1, committed)) {
          const block: BlockSummary = {
            height: Number(meta.header.height),
            headerTimeMs: Date.parse(meta.header.time),
            seenAtMs,
            transactions: Number(meta.num_txs),
          };
          this.#height = block.height;
          this.blocks.push(block);
          onBlock(block);
        }
      }
      await sleep(POLL_INTERVAL_MS);
    }
  }

  async #committedHeight(): Promise<number> {
    const { response } = await this.#client.call<{ response: { last_block_height?: string } }>("abci_info");
    return Number(response.last_block_height ?? 0);
  }

  /** The first of the headers from `first` to `last`, lowest first; at least one. */
  async #headers(first: number, last: number): Promise<BlockchainResult["block_metas"]> {
    const range = { minHeight: String(first), maxHeight: String(Math.min(last, first + MAX_HEADERS - 1)) };
    const { block_metas } = await this.#client.call<BlockchainResult>("blockchain", range);
    if (block_metas.length === 0) throw new Error(`no header of block ${first}, which is committed`);
    return block_metas.toSorted((a, b) => Number(a.header.height) - Number(b.header.height));
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
