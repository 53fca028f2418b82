import type { GrpcStatus } from "../../../core/runtime/status.js";

/** HTTP status for each gRPC code (grpc-gateway v1.16 runtime/errors.go, HTTPStatusFromCode). */
const HTTP_STATUS: ReadonlyMap<number, number> = new Map([
  [0, 200],
  [1, 408],
  [2, 500],
  [3, 400],
  [4, 504],
  [5, 404],
  [6, 409],
  [7, 403],
  [8, 429],
  [9, 400],
  [10, 409],
  [11, 400],
  [12, 501],
  [13, 500],
  [14, 503],
  [15, 500],
  [16, 401],
]);

const INTERNAL_SERVER_ERROR = 500;

export function httpStatusOf(code: number): number {
  return HTTP_STATUS.get(code) ?? INTERNAL_SERVER_ERROR;
}

/** What answers a path that no method has. */
export const NOT_IMPLEMENTED: GrpcStatus = { code: 12, message: "Not Implemented" };

/** Body of an error: google.rpc.Status in JSON. */
export function errorBody({ code, message }: GrpcStatus): string {
  return JSON.stringify({ code, message, details: [] });
}
