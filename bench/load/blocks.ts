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

/** Follows the chain by polling `/blockchain`, which carries a block's header and its number of transactions only. */
export class BlockFollower {
  readonly blocks: BlockSummary[] = [];
  readonly #client: RpcClient;
  #height: number;
  #stopped = false;
  #loop: Promise<void> | undefined;

  private constructor(client: RpcClient, height: number) {
    this.#client = client;
    this.#height = height;
  }

  /** Follows from the block after the latest one. `onBlock` is called in the order of heights. */
  static async start(client: RpcClient, onBlock: (block: BlockSummary) => void): Promise<BlockFollower> {
    const status = await client.call<{ sync_info: { latest_block_height: string } }>("status");
    const follower = new BlockFollower(client, Number(status.sync_info.latest_block_height));
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
      const metas = await this.#newHeaders();
      const seenAtMs = performance.now();
      for (const meta of metas) {
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
      await sleep(POLL_INTERVAL_MS);
    }
  }

  async #newHeaders(): Promise<BlockchainResult["block_metas"]> {
    const first = this.#height + 1;
    const range = { minHeight: String(first), maxHeight: String(first + MAX_HEADERS - 1) };
    try {
      const result = await this.#client.call<BlockchainResult>("blockchain", range);
      return result.block_metas.toSorted((a, b) => Number(a.header.height) - Number(b.header.height));
    } catch (error) {
      // No block yet: the answer is an error until `minHeight` exists.
      if (error instanceof Error && error.message.includes("min height")) return [];
      throw error;
    }
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
