import { CheckTxType } from "@computronium/proto/tendermint/abci/types_pb.js";
import { Query as BankQuery } from "@computronium/proto/cosmos/bank/v1beta1/query_pb.js";

import type { AbciBlockResult } from "../../abci-app/abci/application.js";
import type { NodeApplicationOptions } from "../../abci-app/node-application.js";
import type { BlockHeader } from "./comet/comet.js";
import type { SeededRandom } from "./random.js";
import { oneIn } from "./random.js";
import type { Genesis } from "./replica.js";
import { Replica } from "./replica.js";

/** Next to nothing: all is read from the disk again and again. */
const CACHE_BYTES = 1;

/**
 * A node in a busy world: transactions come through its mempool and are executed ahead, clients ask and simulate, proposals
 * are made that nobody decides on, and now and then it is restarted. None of that may change what it makes of a block.
 */
export class DisturbedNode {
  readonly #replica: Replica;
  /** The process was ended and started again. */
  restarts = 0;
  /** Results taken ahead before the last restart. */
  #takenBefore = 0;

  private constructor(replica: Replica) {
    this.#replica = replica;
  }

  static async start(genesis: Genesis, options: Partial<NodeApplicationOptions>): Promise<DisturbedNode> {
    return new DisturbedNode(await Replica.start(genesis, { ...options, executeAhead: true, cacheBytes: CACHE_BYTES }));
  }

  async restart(): Promise<void> {
    this.restarts++;
    this.#takenBefore += this.#replica.takenAhead;
    await this.#replica.restart();
  }

  get takenAhead(): number {
    return this.#takenBefore + this.#replica.takenAhead;
  }

  async block(header: BlockHeader, txs: readonly Uint8Array[], random: SeededRandom): Promise<AbciBlockResult> {
    const replica = this.#replica;
    // Before block 1 nothing is committed that queries could be about.
    const isFirst = !replica.hasCommitted;
    const isOrdered = !oneIn(random, 3);
    for (const tx of isOrdered ? txs : [...txs].reverse()) await replica.checkTx(tx);
    await turns(random.pick([0, 3, 100, 100]));
    if (oneIn(random, 3)) await replica.propose(header, txs);
    const chosen = txs.filter(() => oneIn(random, 4));
    if (!isFirst) for (const tx of chosen) await this.#ask(tx);
    const finalizing = replica.finalize(header, txs);
    for (const tx of chosen) await replica.checkTx(tx);
    const result = await finalizing;
    for (const tx of chosen) await replica.checkTx(tx);
    if (!isFirst) for (const tx of chosen) await this.#ask(tx);
    await replica.commit();
    for (const tx of chosen) await replica.checkTx(tx, CheckTxType.RECHECK);
    return result;
  }

  async #ask(tx: Uint8Array): Promise<void> {
    await this.#replica.simulate(tx);
    await this.#replica.ask(BankQuery.method.totalSupply, {});
  }

  async close(): Promise<void> {
    await this.#replica.close();
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
