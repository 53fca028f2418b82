import {
  QueryAccountInfoRequestSchema,
  QueryAccountInfoResponseSchema,
} from "@computronium/proto/cosmos/auth/v1beta1/query_pb.js";

import { create, fromBinary, toBinary } from "../../../core/codec/protobuf.js";
import type { NodeRpc } from "./rpc.js";
import { QueryError } from "./rpc.js";

/** What a signature of an account is over, and its public key where the chain knows it. */
export interface AccountState {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The account is not on the chain: it was never sent anything. */
export class NoAccountError extends Error {
  override readonly name = "NoAccountError";
}

/** `sdk` 22, with which a missing account is answered. */
const NOT_FOUND = 22;

export async function accountState(rpc: NodeRpc, address: string): Promise<AccountState> {
  const request = toBinary(QueryAccountInfoRequestSchema, create(QueryAccountInfoRequestSchema, { address }));
  try {
    const { value } = await rpc.abciQuery("/cosmos.auth.v1beta1.Query/AccountInfo", request);
    const { info } = fromBinary(QueryAccountInfoResponseSchema, value);
    return { accountNumber: info?.accountNumber ?? 0n, sequence: info?.sequence ?? 0n };
  } catch (error) {
    if (error instanceof QueryError && error.codespace === "sdk" && error.code === NOT_FOUND) {
      throw new NoAccountError(
        `account ${address} is not on the chain yet: it exists as soon as somebody sends it coins`,
        { cause: error },
      );
    }
    throw error;
  }
}
