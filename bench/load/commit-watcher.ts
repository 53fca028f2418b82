import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";

const COMMIT_TIMEOUT_MS = 60_000;

/**
 * Learns of committed blocks from CometBFT's event `NewBlock` over its websocket, as a wallet or an agent would.
 * Node 20 has no websocket client of its own; this one reads what CometBFT sends and no more.
 */
export class CommitWatcher {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (committedMs: number) => void>();
  #buffered = Buffer.alloc(0);
  #message: Buffer[] = [];

  private constructor(socket: Socket, first: Buffer) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => this.#receive(data));
    socket.on("error", () => undefined);
    this.#receive(first);
  }

  static async open(rpc: string): Promise<CommitWatcher> {
    const key = randomBytes(16).toString("base64");
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": key,
      "sec-websocket-version": "13",
    };
    const outgoing = request(new URL("/websocket", rpc), { headers });
    const watcher = await new Promise<CommitWatcher>((resolve, reject) => {
      outgoing.once("upgrade", (_response, socket, head) => resolve(new CommitWatcher(socket as Socket, head)));
      outgoing.once("response", (response) => reject(new Error(`no websocket: status ${response.statusCode}`)));
      outgoing.once("error", reject);
      outgoing.end();
    });
    const call = { jsonrpc: "2.0", id: 1, method: "subscribe", params: { query: "tm.event='NewBlock'" } };
    watcher.#send(OPCODE_TEXT, Buffer.from(JSON.stringify(call)));
    return watcher;
  }

  /** When a block with this transaction (base64) was announced, on the clock of `performance.now()`. */
  committed(tx: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("a transaction was not committed in time")), COMMIT_TIMEOUT_MS);
      this.#waiting.set(tx, (committedMs) => {
        clearTimeout(late);
        resolve(committedMs);
      });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Frames of RFC 6455, section 5.2; a server's are not masked. */
  #receive(data: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, data]);
    for (;;) {
      const frame = readFrame(this.#buffered);
      if (frame === undefined) return;
      this.#buffered = this.#buffered.subarray(frame.end);
      if (frame.opcode === OPCODE_PING) this.#send(OPCODE_PONG, frame.payload);
      if (frame.opcode > OPCODE_BINARY) continue;
      this.#message.push(frame.payload);
      if (!frame.final) continue;
      const text = Buffer.concat(this.#message).toString("utf8");
      this.#message = [];
      this.#announce(text);
    }
  }

  #announce(text: string): void {
    const now = performance.now();
    const { result } = JSON.parse(text) as NewBlockMessage;
    for (const tx of result?.data?.value?.block?.data.txs ?? []) {
      this.#waiting.get(tx)?.(now);
      this.#waiting.delete(tx);
    }
  }

  /** One whole frame, masked as a client's must be. */
  #send(opcode: number, payload: Buffer): void {
    if (payload.length > 125) throw new Error("longer frames are never sent");
    const mask = createHash("sha256").update(payload).digest().subarray(0, 4);
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.#socket.write(Buffer.concat([Buffer.of(0x80 | opcode, 0x80 | payload.length), mask, masked]));
  }
}

const OPCODE_TEXT = 1;
const OPCODE_BINARY = 2;
const OPCODE_PING = 9;
const OPCODE_PONG = 10;

interface NewBlockMessage {
  readonly result?: {
    readonly data?: { readonly value?: { readonly block?: { readonly data: { readonly txs: string[] | null } } } };
  };
}

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  readonly end: number;
}

function readFrame(bytes: Buffer): Frame | undefined {
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const end = start + length;
  if (bytes.length < end) return undefined;
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload: bytes.subarray(start, end), end };
}
