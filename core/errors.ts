/**
 * Errors that a user can cause. Each has a codespace and a number that clients match on: a number is never reused and
 * never changes. Only these make a transaction or a query fail; any other exception is a fault of the engine, is not the
 * same on every node, and stops the process before Commit.
 */
export class RegisteredError extends Error {
  override readonly name = "RegisteredError";
  readonly codespace: string;
  readonly code: number;
  /** The message without the description of its kind, for an error that wraps this one. */
  readonly detail: string;

  constructor(codespace: string, code: number, message: string, detail = message) {
    super(message);
    this.codespace = codespace;
    this.code = code;
    this.detail = detail;
  }
}

/** A kind of error. `with` makes one. */
export interface ErrorKind {
  readonly codespace: string;
  readonly code: number;
  readonly description: string;
  /** An error that says `detail: description`, as Go's errorsmod.Wrap writes it. */
  with(detail: string): RegisteredError;
  /** An error that says the description alone. */
  plain(): RegisteredError;
  is(error: unknown): boolean;
}

const registered = new Map<string, string>();

/** Declares a kind of error. A number that was given away already is refused at boot. */
export function registerError(codespace: string, code: number, description: string): ErrorKind {
  const id = `${codespace}/${code}`;
  const taken = registered.get(id);
  if (taken !== undefined) throw new Error(`error ${id} is "${taken}" already, it cannot be "${description}" too`);
  if (!Number.isInteger(code) || code < 1 || code > 0xffff_ffff) throw new Error(`error ${id}: a code is 1 to 2^32-1`);
  registered.set(id, description);
  return {
    codespace,
    code,
    description,
    with: (detail) => new RegisteredError(codespace, code, `${detail}: ${description}`, detail),
    plain: () => new RegisteredError(codespace, code, description),
    is: (error) => error instanceof RegisteredError && error.codespace === codespace && error.code === code,
  };
}

/** Codespace of the errors that every Cosmos chain has; numbers and texts of cosmos-sdk/types/errors. */
export const SDK_CODESPACE = "sdk";

export const ErrTxDecode = registerError(SDK_CODESPACE, 2, "tx parse error");
export const ErrInvalidSequence = registerError(SDK_CODESPACE, 3, "invalid sequence");
export const ErrUnauthorized = registerError(SDK_CODESPACE, 4, "unauthorized");
export const ErrInsufficientFunds = registerError(SDK_CODESPACE, 5, "insufficient funds");
export const ErrUnknownRequest = registerError(SDK_CODESPACE, 6, "unknown request");
export const ErrInvalidAddress = registerError(SDK_CODESPACE, 7, "invalid address");
export const ErrInvalidPubKey = registerError(SDK_CODESPACE, 8, "invalid pubkey");
export const ErrUnknownAddress = registerError(SDK_CODESPACE, 9, "unknown address");
export const ErrInvalidCoins = registerError(SDK_CODESPACE, 10, "invalid coins");
export const ErrOutOfGas = registerError(SDK_CODESPACE, 11, "out of gas");
export const ErrMemoTooLarge = registerError(SDK_CODESPACE, 12, "memo too large");
export const ErrInsufficientFee = registerError(SDK_CODESPACE, 13, "insufficient fee");
export const ErrTooManySignatures = registerError(SDK_CODESPACE, 14, "maximum number of signatures exceeded");
export const ErrNoSignatures = registerError(SDK_CODESPACE, 15, "no signatures supplied");
export const ErrJsonMarshal = registerError(SDK_CODESPACE, 16, "failed to marshal JSON bytes");
export const ErrJsonUnmarshal = registerError(SDK_CODESPACE, 17, "failed to unmarshal JSON bytes");
export const ErrInvalidRequest = registerError(SDK_CODESPACE, 18, "invalid request");
export const ErrTxInMempoolCache = registerError(SDK_CODESPACE, 19, "tx already in mempool");
export const ErrMempoolIsFull = registerError(SDK_CODESPACE, 20, "mempool is full");
export const ErrTxTooLarge = registerError(SDK_CODESPACE, 21, "tx too large");
export const ErrKeyNotFound = registerError(SDK_CODESPACE, 22, "key not found");
export const ErrWrongPassword = registerError(SDK_CODESPACE, 23, "invalid account password");
export const ErrInvalidSigner = registerError(SDK_CODESPACE, 24, "tx intended signer does not match the given signer");
export const ErrInvalidGasAdjustment = registerError(SDK_CODESPACE, 25, "invalid gas adjustment");
export const ErrInvalidHeight = registerError(SDK_CODESPACE, 26, "invalid height");
export const ErrInvalidVersion = registerError(SDK_CODESPACE, 27, "invalid version");
export const ErrInvalidChainId = registerError(SDK_CODESPACE, 28, "invalid chain-id");
export const ErrInvalidType = registerError(SDK_CODESPACE, 29, "invalid type");
export const ErrTxTimeoutHeight = registerError(SDK_CODESPACE, 30, "tx timeout height");
export const ErrUnknownExtensionOptions = registerError(SDK_CODESPACE, 31, "unknown extension options");
export const ErrWrongSequence = registerError(SDK_CODESPACE, 32, "incorrect account sequence");
export const ErrPackAny = registerError(SDK_CODESPACE, 33, "failed packing protobuf message to Any");
export const ErrUnpackAny = registerError(SDK_CODESPACE, 34, "failed unpacking protobuf message from Any");
export const ErrLogic = registerError(SDK_CODESPACE, 35, "internal logic error");
export const ErrConflict = registerError(SDK_CODESPACE, 36, "conflict");
export const ErrNotSupported = registerError(SDK_CODESPACE, 37, "feature not supported");
export const ErrNotFound = registerError(SDK_CODESPACE, 38, "not found");
export const ErrIo = registerError(SDK_CODESPACE, 39, "internal IO error");
export const ErrAppConfig = registerError(SDK_CODESPACE, 40, "error in app.toml");
export const ErrInvalidGasLimit = registerError(SDK_CODESPACE, 41, "invalid gas limit");
export const ErrTxTimeout = registerError(SDK_CODESPACE, 42, "tx timeout");

/** A message that only governance may send; x/gov/types.ErrInvalidSigner, which every module uses. */
export const ErrInvalidAuthority = registerError("gov", 13, "expected gov account as only signer for proposal message");
