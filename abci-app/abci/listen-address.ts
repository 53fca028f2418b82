import { isIPv4, isIPv6 } from "node:net";

/** Where the ABCI server listens, in CometBFT's notation of `proxy_app`. */
export type ListenAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Linux allows 107 bytes and the terminating zero (unix(7)), macOS 103. */
export const MAX_UNIX_PATH_BYTES = 103;

/**
 * Parses `unix:///path`, `tcp://127.0.0.1:26658` or `tcp://[::1]:26658`.
 *
 * @param allowRemote whether TCP on other than loopback addresses is wanted. Whoever reaches the socket can send Commit.
 */
export function parseListenAddress(text: string, allowRemote = false): ListenAddress {
  if (text.startsWith("unix://")) {
    const path = text.slice("unix://".length);
    if (path === "") throw new Error(`ABCI address ${text}: a path is missing after unix://`);
    if (Buffer.byteLength(path) > MAX_UNIX_PATH_BYTES) {
      throw new Error(`ABCI address ${text}: the path is longer than ${MAX_UNIX_PATH_BYTES} bytes`);
    }
    return { kind: "unix", path };
  }
  const match = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (match === null) throw new Error(`ABCI address ${text}: expected unix:///path or tcp://host:port`);
  const host = match[1] ?? match[2]!;
  const port = Number(match[3]);
  if (port > 65_535) throw new Error(`ABCI address ${text}: ${port} is no port`);
  if (!allowRemote && !isLoopback(host)) {
    throw new Error(
      `ABCI address ${text}: whoever reaches it can send Commit, so only loopback addresses are allowed; ` +
        "use a unix socket, 127.0.0.1 or [::1], or --abci-allow-remote where a firewall stands in front",
    );
  }
  return { kind: "tcp", host, port };
}

function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  if (isIPv4(host)) return host.startsWith("127.");
  return isIPv6(host) && /^(0{1,4}:){7}0{0,3}1$|^::0{0,3}1$/.test(host);
}
