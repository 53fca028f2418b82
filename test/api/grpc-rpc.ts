import { Client, credentials, Metadata } from "@grpc/grpc-js";

/** A unary call of raw bytes, with the metadata that came before the answer. */
export interface RawAnswer {
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
}

const DEADLINE_MILLISECONDS = 30_000;

/** A stock gRPC client as the `rpc` of cosmjs-types' generated clients. */
export class GrpcRpc {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
  }

  async request(service: string, method: string, data: Uint8Array): Promise<Uint8Array> {
    return (await this.call(`/${service}/${method}`, data)).bytes;
  }

  call(path: string, data: Uint8Array, metadata: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    const sent = new Metadata();
    for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
    const same = (bytes: Buffer): Buffer => bytes;
    return new Promise((resolve, reject) => {
      let received = new Metadata();
      const options = { deadline: Date.now() + DEADLINE_MILLISECONDS };
      const call = this.#client.makeUnaryRequest(path, same, same, Buffer.from(data), sent, options, (error, bytes) => {
        if (error !== null) reject(error);
        else resolve({ bytes: bytes ?? new Uint8Array(0), metadata: received });
      });
      call.on("metadata", (metadata: Metadata) => (received = metadata));
    });
  }

  close(): void {
    this.#client.close();
  }
}
