import type {
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";

import { grpcStatusOf } from "../../../core/runtime/status.js";
import type { QueryDesk, ServedMethod } from "../desk.js";
import { BLOCK_HEIGHT_HEADER, parseHeight } from "../height.js";
import type { RequestMetrics } from "../request-metrics.js";
import type { GrpcSettings } from "../settings.js";
import { CannotListenError, hostAndPort } from "../settings.js";
import { addReflection } from "./reflection.js";

/** How long calls in progress may take when the node stops. */
const DRAIN_MILLISECONDS = 1000;
/** Calls at once on one connection: no client holds up the others with one socket. */
const MAX_STREAMS = 100;

/** All services of the node over gRPC, with server reflection. */
export class GrpcServer {
  readonly #server: Server;
  /** `127.0.0.1:9090` */
  readonly address: string;

  private constructor(server: Server, address: string) {
    this.#server = server;
    this.address = address;
  }

  /** Throws when nobody can listen there. */
  static async listen(desk: QueryDesk, settings: GrpcSettings, metrics?: RequestMetrics): Promise<GrpcServer> {
    const server = new Server({
      "grpc.max_receive_message_length": settings.maxReceive,
      "grpc.max_send_message_length": settings.maxSend,
      "grpc.max_concurrent_streams": MAX_STREAMS,
    });
    for (const service of desk.services) {
      const methods = desk.methods.filter(({ method }) => method.parent === service);
      const definition = Object.fromEntries(methods.map((served) => [served.method.name, unary(served.path)]));
      const handlers = Object.fromEntries(
        methods.map((served) => [served.method.name, handler(desk, served, metrics)]),
      );
      server.addService(definition as ServiceDefinition, handlers as UntypedServiceImplementation);
    }
    addReflection(server, desk.services);
    const { host, port } = hostAndPort(settings.address);
    const shown = host.includes(":") ? `[${host}]` : host;
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${shown}:${port}`, ServerCredentials.createInsecure(), (error, found) => {
        if (error === null) resolve(found);
        else reject(new CannotListenError("grpc", settings.address, error));
      });
    });
    return new GrpcServer(server, `${shown}:${bound}`);
  }

  /** Lets calls in progress end, for a moment. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#server.forceShutdown();
        resolve();
      }, DRAIN_MILLISECONDS);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** Bytes go through as they are: only the thread that answers decodes them. */
function unary(path: string): ServiceDefinition[string] {
  const same = (bytes: Buffer): Buffer => bytes;
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

function handler(desk: QueryDesk, { path }: ServedMethod, metrics?: RequestMetrics): handleUnaryCall<Buffer, Buffer> {
  if (metrics === undefined) return (call, done) => void respond(desk, path, call, done);
  return (call, done) => {
    const since = performance.now();
    void respond(desk, path, call, (error, ...answer) => {
      const code = error?.code ?? status.OK;
      metrics.served({ face: "grpc", method: path, status: status[code] ?? String(code), since });
      done(error, ...answer);
    });
  };
}

async function respond(
  desk: QueryDesk,
  path: string,
  call: ServerUnaryCall<Buffer, Buffer>,
  done: sendUnaryData<Buffer>,
): Promise<void> {
  let height: bigint;
  try {
    height = parseHeight(call.metadata.get(BLOCK_HEIGHT_HEADER).map(String));
  } catch (error) {
    const refusal = grpcStatusOf(error);
    done({ code: refusal?.code ?? status.INTERNAL, details: refusal?.message ?? String(error) });
    return;
  }
  const answer = await desk.answer({ path, data: call.request, height, prove: false });
  if (answer.status !== undefined) {
    done({ code: answer.status.code, details: answer.status.message });
    return;
  }
  const metadata = new Metadata();
  metadata.set(BLOCK_HEIGHT_HEADER, (answer.height ?? 0n).toString());
  call.sendMetadata(metadata);
  const value = answer.value ?? new Uint8Array(0);
  done(null, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
}
