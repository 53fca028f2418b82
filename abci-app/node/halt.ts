import type { RequestCommit, RequestFinalizeBlock } from "@computronium/proto/tendermint/abci/types_pb.js";

import type { AbciApplication } from "../abci/application.js";

/**
 * Watches for the block at which the operator wants the node to stop (halt-height, halt-time). The block is committed, then
 * `onHalt` is called, and CometBFT waits for the answer until `stopping`: else it would go on to the next block, which is one
 * too many for whoever changes the program at this height.
 */
export function haltAfter(
  app: AbciApplication,
  when: { readonly height: number; readonly time: number },
  { onHalt, stopping }: { readonly onHalt: (reason: string) => void; readonly stopping: Promise<void> },
): AbciApplication {
  if (when.height === 0 && when.time === 0) return app;
  let reason: string | undefined;
  const finalizeBlock = (request: RequestFinalizeBlock): ReturnType<AbciApplication["finalizeBlock"]> => {
    if (when.height > 0 && request.height >= BigInt(when.height)) reason = `halt-height ${when.height} is reached`;
    else if (when.time > 0 && (request.time?.seconds ?? 0n) >= BigInt(when.time))
      reason = `halt-time ${when.time} is reached`;
    return app.finalizeBlock(request);
  };
  const commit = async (request: RequestCommit): Promise<Awaited<ReturnType<AbciApplication["commit"]>>> => {
    const result = await app.commit(request);
    if (reason === undefined) return result;
    onHalt(reason);
    await stopping;
    return result;
  };
  return new Proxy(app, {
    get(target, name) {
      if (name === "finalizeBlock") return finalizeBlock;
      if (name === "commit") return commit;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
