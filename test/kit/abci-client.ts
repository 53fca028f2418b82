import type { Socket } from "node:net";
import { connect } from "node:net";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Response } from "@computronium/proto/tendermint/abci/types_pb.js";
import { RequestSchema, ResponseSchema } from "@computronium/proto/tendermint/abci/types_pb.js";

import { FrameReader } from "../../abci-app/abci/frames.js";
import type { ListenAddress } from "../../abci-app/abci/listen-address.js";

type RequestInit = NonNullable<MessageInitShape<typeof RequestSchema>["value"]>;

/** An ABCI client as CometBFT has four of: sends requests without waiting, gets responses in order. */
export class AbciClient {
  readonly socket: Socket;
  readonly #reader = new FrameReader();
  readonly #waiting: { resolve: (response: Response["value"]) => void; reject: (error: Error) => void }[] = [];
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#reader.push(chunk);
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        this.#waiting.shift()?.resolve(fromBinary(ResponseSchema, frame).value);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#closed = true;
      for (const { reject } of this.#waiting.splice(0)) reject(new Error("the server closed the connection"));
    });
  }

  static async connect(address: ListenAddress): Promise<AbciClient> {
    const socket = address.kind === "unix" ? connect(address.path) : connect(address.port, address.host);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new AbciClient(socket);
  }

  static encode(value: RequestInit): Buffer {
    const body = toBinary(RequestSchema, create(RequestSchema, { value }));
    const header: number[] = [];
    let rest = body.length;
    for (; rest > 0x7f; rest >>>= 7) header.push((rest & 0x7f) | 0x80);
    return Buffer.from([...header, rest, ...body]);
  }

  call(value: RequestInit): Promise<Response["value"]> {
    return this.send(AbciClient.encode(value));
  }

  /** Any bytes, of which one response is expected. */
  send(bytes: Uint8Array): Promise<Response["value"]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error("the server closed the connection"));
      this.#waiting.push({ resolve, reject });
      this.socket.write(bytes);
    });
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    if (!this.#closed) await new Promise<void>((resolve) => this.socket.once("close", () => resolve()));
  }

  destroy(): void {
    this.socket.destroy();
  }
}
