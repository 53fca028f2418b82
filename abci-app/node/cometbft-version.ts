/** The release of CometBFT that the node runs; COMETBFT_VERSION overrides it in tests. */
export const COMETBFT_VERSION = "0.38.26";

/** What `cometbft version` prints where that is not the release's own number. */
const REPORTED: Readonly<Record<string, string>> = { "0.40.0": "0.39.0" };

/**
 * SHA-256 of the archives of the official release, by version and platform as goreleaser names it (`linux_amd64`).
 * Only sums that were checked against the release belong here: without one nothing is downloaded, unless the operator
 * gives the sum himself in COMETBFT_SHA256.
 */
export const RELEASE_SHA256: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

export function wantedVersion(env: NodeJS.ProcessEnv): string {
  const version = env["COMETBFT_VERSION"] ?? COMETBFT_VERSION;
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`COMETBFT_VERSION: "${version}" is no version such as 0.38.26`);
  return version;
}

/** Whether `cometbft version` printed what that release prints; a commit hash may follow. */
export function reportsVersion(printed: string, version: string): boolean {
  return printed.trim().split("+")[0]?.replace(/^v/, "") === (REPORTED[version] ?? version);
}

/** Whether the printed version names this release and no other, so that a binary from anywhere can be trusted to be it. */
export function reportsItself(version: string): boolean {
  return !(version in REPORTED);
}
