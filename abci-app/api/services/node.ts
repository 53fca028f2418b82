import type { Service } from "@computronium/proto/cosmos/base/node/v1beta1/query_pb.js";

import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";
import type { ServiceMethods } from "../../../core/runtime/router.js";
import { headerAnswer } from "../../comet-rpc/block.js";
import type { NodeEnvironment } from "./environment.js";
import type { NodeServer } from "./registration.js";
import { refusing } from "./tendermint.js";

/** cosmos.base.node.v1beta1.Service, after cosmos-sdk 0.53 client/grpc/node. */
export function nodeServer(env: NodeEnvironment): NodeServer<ServiceMethods<typeof Service>> {
  const { facts, committed, comet } = env;
  return {
    config: () => ({
      minimumGasPrice: facts.minimumGasPrices,
      pruningKeepRecent: facts.pruningKeepRecent,
      pruningInterval: facts.pruningInterval,
      haltHeight: facts.haltHeight,
    }),

    async status(_request, { height }) {
      const { timeNanos } = committed.blockAt(Number(height));
      const { header } = await refusing(() => comet.call("header", headerAnswer, { height: height.toString() }));
      return {
        earliestStoreHeight: BigInt(committed.earliestVersion),
        height,
        timestamp: { seconds: timeNanos / NANOS_PER_SECOND, nanos: Number(timeNanos % NANOS_PER_SECOND) },
        ...(header === null ? {} : { appHash: header.appHash, validatorHash: header.nextValidatorsHash }),
      };
    },
  };
}
