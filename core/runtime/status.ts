import type { ErrorKind } from "../errors.js";
import {
  ErrInvalidRequest,
  ErrIo,
  ErrKeyNotFound,
  ErrUnauthorized,
  ErrUnknownRequest,
  RegisteredError,
} from "../errors.js";

/** The gRPC status codes that queries answer with (grpc/status.proto), and their numbers. */
export const GRPC_CODES = {
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
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
  DeadlineExceeded: ErrIo,
  NotFound: ErrKeyNotFound,
  PermissionDenied: ErrUnknownRequest,
  ResourceExhausted: ErrUnknownRequest,
  FailedPrecondition: ErrInvalidRequest,
  OutOfRange: ErrUnknownRequest,
  Unimplemented: ErrUnknownRequest,
  Internal: ErrUnknownRequest,
  Unavailable: ErrIo,
  Unauthenticated: ErrUnauthorized,
};

/** A gRPC status as it goes over the wire. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

/**
 * The status of a refusal. Registered errors are of code Unknown, as all of the SDK's are, with the text of
 * cosmossdk.io/errors (wrappedError.GRPCStatus). Undefined for anything else: that is a fault of the engine.
 */
export function grpcStatusOf(error: unknown): GrpcStatus | undefined {
  if (error instanceof StatusError) return { code: GRPC_CODES[error.grpcCode], message: error.description };
  if (!(error instanceof RegisteredError)) return undefined;
  const { codespace, code, message, detail } = error;
  const isPlain = detail === message || !message.startsWith(`${detail}: `);
  const description = isPlain ? message : message.slice(detail.length + 2);
  const text = `codespace ${codespace} code ${code}: ${description}`;
  return { code: GRPC_CODES.Unknown, message: isPlain ? text : `${text}: ${detail}` };
}

export function notFound(description: string): StatusError {
  return new StatusError("NotFound", description);
}

export function invalidArgument(description: string): StatusError {
  return new StatusError("InvalidArgument", description);
}
