import type { ErrorKind, RegisteredError } from "../errors.js";
import { ErrInvalidRequest, ErrKeyNotFound, ErrUnauthorized, ErrUnknownRequest } from "../errors.js";

/** The gRPC status codes that queries answer with (grpc/status.proto), and their numbers. */
export const GRPC_CODES = {
  Unknown: 2,
  InvalidArgument: 3,
  NotFound: 5,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unauthenticated: 16,
} as const;

export type GrpcCode = keyof typeof GRPC_CODES;

/** A query that was refused with a gRPC status. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly grpcCode: GrpcCode;
  readonly description: string;

  constructor(grpcCode: GrpcCode, description: string) {
    // As Go's google.golang.org/grpc/status writes it; cosmjs and others match this text.
    super(`rpc error: code = ${grpcCode} desc = ${description}`);
    this.grpcCode = grpcCode;
    this.description = description;
  }

  /** What `abci_query` answers instead of a status; baseapp's gRPCErrorToSDKError. */
  toRegistered(): RegisteredError {
    return KINDS[this.grpcCode].with(this.message);
  }
}

const KINDS: Record<GrpcCode, ErrorKind> = {
  Unknown: ErrUnknownRequest,
  InvalidArgument: ErrInvalidRequest,
  NotFound: ErrKeyNotFound,
  PermissionDenied: ErrUnknownRequest,
  ResourceExhausted: ErrUnknownRequest,
  FailedPrecondition: ErrInvalidRequest,
  OutOfRange: ErrUnknownRequest,
  Unimplemented: ErrUnknownRequest,
  Internal: ErrUnknownRequest,
  Unauthenticated: ErrUnauthorized,
};

export function notFound(description: string): StatusError {
  return new StatusError("NotFound", description);
}

export function invalidArgument(description: string): StatusError {
  return new StatusError("InvalidArgument", description);
}
