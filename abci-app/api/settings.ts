import { once } from "node:events";
import { createServer } from "node:net";

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

/** A server of the node that could not listen, with what to do about it. */
export class CannotListenError extends Error {
  override readonly name = "CannotListenError";

  /** @param face Section of app.toml. */
  constructor(face: "grpc" | "api", address: string, cause: unknown) {
    const name = face === "grpc" ? "gRPC" : "REST";
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      /EADDRINUSE/.test(reason)
        ? `${name} cannot listen on ${address}: something else does, such as a second node on this machine. Give one of them another ${face}.address (app.toml, or --${face}.address), or do without: --${face}.enable false`
        : `${name} cannot listen on ${address}: ${reason}. It is ${face}.address in app.toml, or --${face}.address; --${face}.enable false does without`,
      { cause },
    );
  }
}

/** Throws {@link CannotListenError} where one of the servers could not listen now. */
export async function assertCanListen({ grpc, rest }: ApiSettings): Promise<void> {
  for (const [face, settings] of [
    ["grpc", grpc],
    ["api", rest],
  ] as const) {
    if (settings === undefined) continue;
    const server = createServer();
    try {
      server.listen(hostAndPort(settings.address));
      await once(server, "listening");
    } catch (error) {
      throw new CannotListenError(face, settings.address, error);
    } finally {
      server.close();
    }
  }
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
