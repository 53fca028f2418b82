import type { MessageShape } from "@bufbuild/protobuf";
import { TxMsgDataSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import type {
  GetBlockWithTxsRequestSchema,
  Service,
  SimulateRequestSchema,
} from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import type { Tx } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { AuthInfoSchema, TxBodySchema, TxRawSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";

import { create, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import { decodeTx } from "../../../core/codec/tx.js";
import { ErrInvalidHeight, ErrInvalidRequest, RegisteredError } from "../../../core/errors.js";
import type { ServiceMethods } from "../../../core/runtime/router.js";
import { invalidArgument, StatusError } from "../../../core/runtime/status.js";
import type { NodeEnvironment } from "./environment.js";
import type { NodeServer } from "./registration.js";
import { fetchBlock } from "./tendermint.js";
import { broadcastTx } from "./tx-broadcast.js";
import { getTx, getTxsEvent } from "./tx-index.js";

/** What an unlimited meter reports as wanted (math.MaxUint64), as the SDK does. */
const UNLIMITED_GAS = (1n << 64n) - 1n;
const DEFAULT_PAGE = 100n;

/** cosmos.tx.v1beta1.Service, after cosmos-sdk 0.53 x/auth/tx/service.go. */
export function txServer(env: NodeEnvironment): NodeServer<ServiceMethods<typeof Service>> {
  return {
    simulate: (request) => simulate(env, request),
    getTx: (request) => getTx(env, request),
    broadcastTx: (request) => broadcastTx(env, request),
    getTxsEvent: (request) => getTxsEvent(env, request),
    getBlockWithTxs: (request, { height }) => getBlockWithTxs(env, request, height),

    txDecode({ txBytes }) {
      if (txBytes.length === 0) throw invalidArgument("invalid empty tx bytes");
      return { tx: strictTx(txBytes) };
    },

    txEncode({ tx }) {
      if (tx === undefined) throw invalidArgument("invalid empty tx");
      return { txBytes: encodeTx(tx) };
    },

    txEncodeAmino: () => refuseAmino(),
    txDecodeAmino: () => refuseAmino(),
  };
}

/** Binary amino went out with SDK 0.40; no transaction of this chain was ever written in it. */
function refuseAmino(): never {
  throw new StatusError(
    "Unimplemented",
    "transactions of this chain have no amino binary form: use TxEncode and TxDecode; amino JSON is for signing only",
  );
}

async function simulate(env: NodeEnvironment, { tx, txBytes }: MessageShape<typeof SimulateRequestSchema>) {
  // `tx` is deprecated; some clients fill it still.
  const bytes = tx === undefined || txBytes.length > 0 ? txBytes : encodeTx(tx);
  if (bytes.length === 0) throw invalidArgument("empty txBytes is not allowed");
  const result = await env.simulate(bytes);
  if (result.code !== 0) throw new StatusError("Unknown", `${result.log} with gas used: '${result.gasUsed}'`);
  return {
    gasInfo: { gasWanted: UNLIMITED_GAS, gasUsed: BigInt(result.gasUsed) },
    result: {
      data: result.data,
      log: "",
      events: result.events.map(({ type, attributes }) => ({
        type,
        attributes: attributes.map(({ key, value }) => ({ key, value, index: true })),
      })),
      msgResponses: fromBinary(TxMsgDataSchema, result.data).msgResponses,
    },
  };
}

async function getBlockWithTxs(
  env: NodeEnvironment,
  { height, pagination }: MessageShape<typeof GetBlockWithTxsRequestSchema>,
  current: bigint,
) {
  if (height < 1n || height > current) {
    throw ErrInvalidHeight.with(
      `requested height ${height} but height must not be less than 1 or greater than the current height ${current}`,
    );
  }
  const { blockId, block } = await fetchBlock(env, height);
  const all = block.data?.txs ?? [];
  const total = BigInt(all.length);
  const offset = pagination?.offset ?? 0n;
  const asked = pagination === undefined ? DEFAULT_PAGE : pagination.limit;
  const limit = asked > total ? total : asked;
  if (offset >= total && total !== 0n) {
    throw ErrInvalidRequest.with(`out of range: cannot paginate ${total} txs with offset ${offset} and limit ${limit}`);
  }
  return {
    txs: pageOf(all, { offset, limit, reverse: pagination?.reverse === true }),
    blockId,
    block,
    pagination: { total },
  };
}

/** In reverse it begins at `offset` and, as the SDK does it, never reaches the first one. */
function pageOf(
  all: readonly Uint8Array[],
  { offset, limit, reverse }: { readonly offset: bigint; readonly limit: bigint; readonly reverse: boolean },
): Tx[] {
  const first = Number(offset);
  const count = Number(limit);
  const chosen = reverse
    ? all.slice(Math.max(1, first - count + 1), first + 1).reverse()
    : all.slice(first, first + count);
  // A block may hold what is no transaction: it failed there, and is left out here.
  return chosen.flatMap((bytes) => {
    try {
      return [strictTx(bytes)];
    } catch (error) {
      if (error instanceof RegisteredError) return [];
      throw error;
    }
  });
}

/** As strict as the chain itself. */
function strictTx(bytes: Uint8Array): Tx {
  decodeTx(bytes);
  return fromBinary(TxSchema, bytes);
}

/** TxRaw, the form that is signed and sent. */
function encodeTx(tx: Tx): Uint8Array {
  return toBinary(
    TxRawSchema,
    create(TxRawSchema, {
      bodyBytes: toBinary(TxBodySchema, tx.body ?? create(TxBodySchema)),
      authInfoBytes: toBinary(AuthInfoSchema, tx.authInfo ?? create(AuthInfoSchema)),
      signatures: tx.signatures,
    }),
  );
}
