import type { Service } from "@computronium/proto/cosmos/base/node/v1beta1/query_pb.js";

import type { QueryBaseFeeResponse } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";
import { Query, QueryBaseFeeResponseSchema } from "@computronium/proto/computronium/tokenomics/v1/query_pb.js";

import { fromBinary } from "../../../core/codec/protobuf.js";
import type { Dec } from "../../../core/math/dec.js";
import { DEC_ZERO, decMax, formatDec, parseDec } from "../../../core/math/dec.js";
import { NANOS_PER_SECOND } from "../../../core/runtime/context.js";
import type { ServiceMethods } from "../../../core/runtime/router.js";
import { headerAnswer } from "../../comet-rpc/block.js";
import type { NodeEnvironment } from "./environment.js";
import type { NodeServer } from "./registration.js";
import { refusing } from "./tendermint.js";

/** What the chain itself asks for gas in the block after a height. Clients know of one minimum, which is the node's. */
async function baseFee(env: NodeEnvironment, height: bigint): Promise<QueryBaseFeeResponse> {
  const path = `/${Query.typeName}/BaseFee`;
  const { value, log } = await env.queryState({ path, data: new Uint8Array(0), prove: false, height });
  if (value === undefined) throw new Error(`${path}: ${log ?? "no answer"}`);
  return fromBinary(QueryBaseFeeResponseSchema, value);
}

/**
 * The prices that a transaction must offer at least: the node's own, and that of the chain in its denom where it is higher, or
 * where the node asks for none. Prices as Go's DecCoins prints them, in order of denoms.
 */
export function withBaseFee(own: string, fee: Pick<QueryBaseFeeResponse, "denom" | "price"> | undefined): string {
  const asked = fee === undefined ? DEC_ZERO : (parseDec(fee.price) ?? DEC_ZERO);
  if (fee === undefined || asked === 0n) return own;
  const prices = new Map(
    own
      .split(",")
      .filter((price) => price !== "")
      .map((price) => {
        const amount = /^[0-9.]+/.exec(price)?.[0] ?? "";
        return [price.slice(amount.length), parseDec(amount) ?? DEC_ZERO] as readonly [string, Dec];
      }),
  );
  prices.set(fee.denom, decMax(prices.get(fee.denom) ?? DEC_ZERO, asked));
  return [...prices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([denom, amount]) => `${formatDec(amount)}${denom}`)
    .join(",");
}

/** cosmos.base.node.v1beta1.Service, after cosmos-sdk 0.53 client/grpc/node. */
export function nodeServer(env: NodeEnvironment): NodeServer<ServiceMethods<typeof Service>> {
  const { facts, committed, comet } = env;
  return {
    async config(_request, { height }) {
      return {
        minimumGasPrice: withBaseFee(facts.minimumGasPrices, height === 0n ? undefined : await baseFee(env, height)),
        pruningKeepRecent: facts.pruningKeepRecent,
        pruningInterval: facts.pruningInterval,
        haltHeight: facts.haltHeight,
      };
    },

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
