import type { GetTxResponseSchema, SimulateResponseSchema } from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import {
  GetTxRequestSchema,
  GetTxResponseSchema as GetTxResponse,
  SimulateRequestSchema,
  SimulateResponseSchema as SimulateResponse,
} from "@computronium/proto/cosmos/tx/v1beta1/service_pb.js";
import { TxRawSchema, TxSchema } from "@computronium/proto/cosmos/tx/v1beta1/tx_pb.js";
import { TxMsgDataSchema } from "@computronium/proto/cosmos/base/abci/v1beta1/abci_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";

import { create, fromBinary, toBinary } from "../../core/codec/protobuf.js";
import { invalidArgument, notFound, StatusError } from "../../core/runtime/status.js";
import type { TxResult } from "../driver/tx-result.js";
import type { QueryRequest, QueryResponse } from "./answer.js";
import { refused } from "./answer.js";

/** A transaction as CometBFT's index has it. */
export interface IndexedTx {
  readonly height: bigint;
  readonly result: TxResult;
  readonly bytes: Uint8Array;
  /** RFC 3339, of the block. */
  readonly timestamp: string;
}

export interface TxServiceOptions {
  /** Runs a transaction without leaving anything behind. Throws registered errors for bytes that are none. */
  readonly simulate: (txBytes: Uint8Array) => TxResult;
  /** Looks a transaction up by its hash; undefined when the index does not have it. */
  readonly findTx: (hash: Uint8Array) => Promise<IndexedTx | undefined>;
}

const SERVICE = "/cosmos.tx.v1beta1.Service/";
/** The queries that {@link answerTxService} answers. */
export const TX_SERVICE_PATHS: readonly string[] = [`${SERVICE}Simulate`, `${SERVICE}GetTx`];
/** What an unlimited meter reports as wanted (math.MaxUint64), as the SDK does. */
const UNLIMITED_GAS = (1n << 64n) - 1n;

/** The queries of cosmos.tx.v1beta1.Service that are not about the state; undefined for every other path. */
export async function answerTxService(
  options: TxServiceOptions,
  request: QueryRequest,
): Promise<QueryResponse | undefined> {
  try {
    switch (request.path) {
      case `${SERVICE}Simulate`:
        return {
          height: request.height,
          value: toBinary(SimulateResponse, create(SimulateResponse, simulate(options, request))),
        };
      case `${SERVICE}GetTx`:
        return {
          height: request.height,
          value: toBinary(GetTxResponse, create(GetTxResponse, await getTx(options, request))),
        };
      default:
        return undefined;
    }
  } catch (error) {
    return refused(error, request.height);
  }
}

function simulate(
  { simulate }: TxServiceOptions,
  request: QueryRequest,
): MessageInitShape<typeof SimulateResponseSchema> {
  const { tx, txBytes } = fromBinary(SimulateRequestSchema, request.data);
  // `tx` is deprecated; some clients fill it still.
  const bytes = tx === undefined || txBytes.length > 0 ? txBytes : toBinary(TxSchema, tx);
  if (bytes.length === 0) throw invalidArgument("empty txBytes is not allowed");
  const result = simulate(bytes);
  if (result.code !== 0) {
    throw new StatusError("Unknown", `${result.log} with gas used: '${result.gasUsed}'`);
  }
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

async function getTx(
  { findTx }: TxServiceOptions,
  request: QueryRequest,
): Promise<MessageInitShape<typeof GetTxResponseSchema>> {
  const { hash } = fromBinary(GetTxRequestSchema, request.data);
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw invalidArgument(`"${hash}" is no transaction hash: 64 hexadecimal digits`);
  const found = await findTx(Buffer.from(hash, "hex"));
  if (found === undefined) throw notFound(`tx not found: ${hash}`);
  const { result } = found;
  const raw = fromBinary(TxRawSchema, found.bytes);
  const tx = fromBinary(TxSchema, found.bytes);
  return {
    tx,
    txResponse: {
      height: found.height,
      txhash: hash.toUpperCase(),
      codespace: result.codespace,
      code: result.code,
      data: Buffer.from(result.data).toString("hex").toUpperCase(),
      rawLog: result.log,
      gasWanted: BigInt(result.gasWanted),
      gasUsed: BigInt(result.gasUsed),
      tx: {
        typeUrl: "/cosmos.tx.v1beta1.Tx",
        value: toBinary(TxSchema, create(TxSchema, { ...tx, signatures: raw.signatures })),
      },
      timestamp: found.timestamp,
      events: result.events.map(({ type, attributes }) => ({
        type,
        attributes: attributes.map(({ key, value }) => ({ key, value, index: true })),
      })),
    },
  };
}
