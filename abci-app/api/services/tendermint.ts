import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BlockSchema as SdkBlockSchema } from "@computronium/proto/cosmos/base/tendermint/v1beta1/types_pb.js";
import type { PageRequest } from "@computronium/proto/cosmos/base/query/v1beta1/pagination_pb.js";
import type { Service } from "@computronium/proto/cosmos/base/tendermint/v1beta1/query_pb.js";
import { ABCIQueryRequestSchema } from "@computronium/proto/cosmos/base/tendermint/v1beta1/query_pb.js";
import { PubKeySchema } from "@computronium/proto/cosmos/crypto/ed25519/keys_pb.js";
import { BlockSchema } from "@computronium/proto/tendermint/types/block_pb.js";
import type { Header } from "@computronium/proto/tendermint/types/types_pb.js";

import type { ConsAddress } from "../../../core/address.js";
import { toByteString } from "../../../core/bytes.js";
import { create } from "../../../core/codec/protobuf.js";
import { packAny } from "../../../core/codec/registry.js";
import type { ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument, notFound, StatusError } from "../../../core/runtime/status.js";
import { CometRpcError } from "../../comet-rpc/client.js";
import { API_LEVEL, SDK_API_LEVEL } from "./api-level.js";
import { blockAnswer, statusAnswer, validatorsAnswer } from "../../comet-rpc/block.js";
import type { NodeEnvironment } from "./environment.js";
import type { NodeServer } from "./registration.js";

type Block = MessageInitShape<typeof BlockSchema>;

/** ABCI paths that a service call may ask for; gRPC methods are asked for by themselves. */
const ABCI_PATHS = new Set(["app", "store", "p2p", "custom"]);
/** CometBFT's own bound of a page (rpc/core/env.go, maxPerPage). */
const MAX_VALIDATORS = 100;
const DEFAULT_VALIDATORS = 100;

/** cosmos.base.tendermint.v1beta1.Service, after cosmos-sdk 0.53 client/grpc/cmtservice. */
export function tendermintServer(env: NodeEnvironment): NodeServer<ServiceMethods<typeof Service>> {
  const { comet, facts, addresses } = env;
  const consensusAddress = (bytes: Uint8Array): string =>
    addresses.consensus.encode(toByteString(bytes) as ConsAddress);

  async function requireKnown(height: bigint): Promise<void> {
    const { sync_info: sync } = await comet.call("status", statusAnswer);
    if (height > sync.latest_block_height) {
      throw invalidArgument("requested block height is bigger then the chain length");
    }
  }

  async function blockOf(height?: bigint) {
    const { blockId, block } = await fetchBlock(env, height);
    return { blockId, block, sdkBlock: sdkBlock(block, consensusAddress) };
  }

  async function validators(height: bigint | undefined, pagination: PageRequest | undefined) {
    const limit = pageSize(pagination);
    const page = Number((pagination?.offset ?? 0n) / BigInt(limit)) + 1;
    const answer = await refusing(() =>
      comet.call("validators", validatorsAnswer, {
        page: page.toString(),
        per_page: limit.toString(),
        ...(height === undefined ? {} : { height: height.toString() }),
      }),
    );
    return {
      blockHeight: answer.block_height,
      validators: answer.validators.map((validator) => ({
        address: consensusAddress(validator.address),
        pubKey: packAny(PubKeySchema, create(PubKeySchema, { key: validator.pub_key.value })),
        votingPower: validator.voting_power,
        proposerPriority: validator.proposer_priority,
      })),
      pagination: { total: answer.total },
    };
  }

  return {
    async getNodeInfo() {
      const { node_info: info } = await comet.call("status", statusAnswer);
      return {
        defaultNodeInfo: {
          protocolVersion: info.protocol_version,
          defaultNodeId: info.id,
          listenAddr: info.listen_addr,
          network: info.network,
          version: info.version,
          channels: info.channels,
          moniker: info.moniker,
          other: { txIndex: info.other.tx_index, rpcAddress: info.other.rpc_address },
        },
        applicationVersion: {
          name: "computronium",
          appName: "computroniumd",
          version: facts.version,
          gitCommit: facts.commit,
          goVersion: "",
          buildTags: `node ${process.version}`,
          buildDeps: API_LEVEL.map(({ path, version }) => ({ path, version })),
          cosmosSdkVersion: SDK_API_LEVEL,
        },
      };
    },

    async getSyncing() {
      const { sync_info: sync } = await comet.call("status", statusAnswer);
      return { syncing: sync.catching_up };
    },

    getLatestBlock: () => blockOf(),

    async getBlockByHeight({ height }) {
      await requireKnown(height);
      return blockOf(height);
    },

    getLatestValidatorSet: ({ pagination }) => validators(undefined, pagination),

    async getValidatorSetByHeight({ height, pagination }) {
      await requireKnown(height);
      return validators(height, pagination);
    },

    async aBCIQuery(request) {
      const { path } = create(ABCIQueryRequestSchema, request);
      if (path === "") throw invalidArgument("empty query path");
      const [first] = path.split("/").filter((part) => part !== "");
      if (first === undefined || !ABCI_PATHS.has(first)) {
        throw invalidArgument(`unsupported ABCI query path: ${path}`);
      }
      const { data, height, prove } = request;
      const { proofOps, ...answer } = await env.queryState({ path, data, height, prove });
      const ops = proofOps?.ops?.map(({ type, key, data: proof }) => ({
        ...(type === undefined ? {} : { type }),
        ...(key === undefined ? {} : { key }),
        ...(proof === undefined ? {} : { data: proof }),
      }));
      return {
        code: answer.code ?? 0,
        log: answer.log ?? "",
        info: answer.info ?? "",
        index: answer.index ?? 0n,
        key: answer.key ?? new Uint8Array(0),
        value: answer.value ?? new Uint8Array(0),
        height: answer.height ?? 0n,
        codespace: answer.codespace ?? "",
        ...(ops === undefined ? {} : { proofOps: { ops } }),
      };
    },
  };
}

/** A block of CometBFT's store, with its id; the last one by default. Throws StatusError for one that is not there. */
export async function fetchBlock(env: NodeEnvironment, height?: bigint) {
  const params = height === undefined ? {} : { height: height.toString() };
  const { blockId, block } = await refusing(() => env.comet.call("block", blockAnswer, params));
  if (block === undefined) throw notFound(`block ${height ?? "of the last height"} is not available`);
  return { blockId, block };
}

/** What CometBFT refuses is an error of the call, with its text. */
export async function refusing<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CometRpcError) throw new StatusError("Unknown", error.message);
    throw error;
  }
}

function pageSize(pagination: PageRequest | undefined): number {
  const limit = pagination?.limit ?? 0n;
  if (limit === 0n) return DEFAULT_VALIDATORS;
  return limit > BigInt(MAX_VALIDATORS) ? MAX_VALIDATORS : Number(limit);
}

/** The SDK's own form of a block, in which the proposer's address is text. */
function sdkBlock(block: Block, address: (bytes: Uint8Array) => string): MessageInitShape<typeof SdkBlockSchema> {
  const { header, data, evidence, lastCommit } = create(BlockSchema, block);
  const fields = header as Omit<Header, "$typeName" | "$unknown" | "proposerAddress"> | undefined;
  return {
    header: { ...fields, proposerAddress: address(header?.proposerAddress ?? new Uint8Array(0)) },
    ...(data === undefined ? {} : { data }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(lastCommit === undefined ? {} : { lastCommit }),
  };
}
