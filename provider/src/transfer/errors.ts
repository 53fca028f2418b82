/** Why a fetch failed. Stable: logs and tests switch on it. */
export type FetchFailure =
  /** Not http or https, or with user name, password or fragment. */
  | "url"
  /** The name or address leads into a private, local or otherwise special range. */
  | "address"
  /** Status other than 200 (redirects are not followed). */
  | "status"
  /** More bytes than allowed. */
  | "too-large"
  /** Too slow. */
  | "timeout"
  /** The content does not have the hash. */
  | "hash"
  /** No connection, or it broke. */
  | "connection";

/** A job that could not be fetched from the buyer's URL. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  constructor(
    readonly failure: FetchFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
