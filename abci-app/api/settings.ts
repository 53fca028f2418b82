/** Where the servers listen, and their bounds; `[api]` and `[grpc]` of app.toml. */
export interface ApiSettings {
  /** Undefined where gRPC is off. */
  readonly grpc: GrpcSettings | undefined;
  /** Undefined where REST is off. */
  readonly rest: RestSettings | undefined;
}

export interface GrpcSettings {
  /** host:port; port 0 for a free one. */
  readonly address: string;
  /** Bytes. */
  readonly maxReceive: number;
  /** Bytes. */
  readonly maxSend: number;
}

export interface RestSettings {
  /** host:port, with or without `tcp://`; port 0 for a free one. */
  readonly address: string;
  readonly swagger: boolean;
  readonly maxConnections: number;
  /** 0 for no limit. */
  readonly readTimeoutSeconds: number;
  /** 0 for no limit. */
  readonly writeTimeoutSeconds: number;
  readonly maxBodyBytes: number;
  /** Whether pages of any origin may ask. */
  readonly anyOrigin: boolean;
}

/** Where the servers listen in fact. */
export interface ApiAddresses {
  /** `127.0.0.1:9090` */
  readonly grpc: string | undefined;
  /** `http://127.0.0.1:1317` */
  readonly rest: string | undefined;
}

/** Host and port of an address. The address was checked with the configuration. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const text = address.replace(/^tcp:\/\//, "");
  const cut = text.lastIndexOf(":");
  const host = text.slice(0, cut).replace(/^\[|\]$/g, "");
  // As Go listens: a name that has addresses of both kinds means that of IPv4.
  const known: Readonly<Record<string, string>> = { "": "0.0.0.0", localhost: "127.0.0.1" };
  return { host: known[host] ?? host, port: Number(text.slice(cut + 1)) };
}
