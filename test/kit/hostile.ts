import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";

import { create } from "../../core/codec/protobuf.js";
import type { SeededRandom } from "./random.js";

type Fields = Record<string, unknown>;

const TEXTS = [
  "",
  "-1",
  "0",
  "1",
  "1000",
  "1e3",
  "01",
  String(2n ** 53n - 1n),
  String(2n ** 53n + 1n),
  String(2n ** 63n),
  String(2n ** 64n),
  String(2n ** 256n - 1n),
  String(2n ** 256n),
  "\0",
  "ucptm\0",
  "ucptm",
  "uother",
  "__proto__",
  "constructor",
  "\u202e\ufeff\u0131\ud83d\ude00",
  "x".repeat(5_000),
  "https://gpu.example.org:8443",
  "eu-west",
  "h100-sxm",
];
const INTEGERS = [0n, 1n, 2n, 3n, 5n, 60n, 3_600n, 86_400n, 2n ** 31n - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n];
const UNSIGNED = [...INTEGERS, 2n ** 63n, 2n ** 64n - 1n];
const SIGNED = [...INTEGERS, -1n, -(2n ** 63n)];
const LENGTHS = [0, 1, 19, 20, 31, 32, 33, 64, 128, 255, 4_000];
const DEPTH = 4;

/** Messages of any type with values that are valid, at an edge, or out of it; the same for the same random numbers. */
export class Hostile {
  readonly #random: SeededRandom;
  readonly #texts: readonly string[];

  /** `known` are texts that the chain knows, such as addresses and hashes; they are taken about half of the time. */
  constructor(random: SeededRandom, known: readonly string[]) {
    this.#random = random;
    this.#texts = known;
  }

  message(desc: DescMessage, depth = 0): Message {
    const fields: Fields = {};
    for (const field of desc.fields) {
      if (depth >= DEPTH || this.#random.below(5) === 0) continue;
      this.#put(fields, field, this.#value(field, depth));
    }
    return create(desc, fields);
  }

  /** A copy in which one field, here or further inside, is another; the fields of `kept` stay. */
  mutated(desc: DescMessage, message: Message, kept: ReadonlySet<string> = new Set()): Message {
    const fields = { ...(message as unknown as Fields) };
    const choices = desc.fields.filter(({ name }) => !kept.has(name));
    if (choices.length === 0) return message;
    const field = this.#random.pick(choices);
    const inside = field.oneof === undefined ? fields[field.localName] : undefined;
    if (field.fieldKind === "message" && inside !== undefined && this.#random.below(4) !== 0) {
      fields[field.localName] = this.mutated(field.message, inside as Message);
    } else {
      this.#put(fields, field, this.#value(field, 0));
    }
    return fields as unknown as Message;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#random.pick(LENGTHS)).map(() => this.#random.below(256));
  }

  text(): string {
    return this.#random.pick(this.#random.below(2) === 0 ? this.#texts : TEXTS);
  }

  unsigned(): bigint {
    return this.#random.pick(UNSIGNED);
  }

  #put(fields: Fields, field: DescField, value: unknown): void {
    if (field.oneof === undefined) fields[field.localName] = value;
    else fields[field.oneof.localName] = { case: field.localName, value };
  }

  #value(field: DescField, depth: number): unknown {
    switch (field.fieldKind) {
      case "scalar":
        return this.#scalar(field.scalar);
      case "enum":
        return this.#enum();
      case "message":
        return field.oneof === undefined && this.#random.below(8) === 0
          ? undefined
          : this.message(field.message, depth + 1);
      case "map":
        return {};
      case "list": {
        const one = (): unknown =>
          field.listKind === "scalar"
            ? this.#scalar(field.scalar)
            : field.listKind === "enum"
              ? this.#enum()
              : this.message(field.message, depth + 1);
        const length = this.#random.below(40) === 0 ? 1_000 : this.#random.pick([0, 1, 1, 2, 3]);
        return Array.from({ length: depth > 1 ? Math.min(length, 3) : length }, one);
      }
    }
  }

  #enum(): number {
    return this.#random.pick([0, 1, 1, 2, 2, 3, 4, 99, -1, 2 ** 31 - 1]);
  }

  #scalar(type: ScalarType): unknown {
    switch (type) {
      case ScalarType.STRING:
        return this.text();
      case ScalarType.BYTES:
        return this.bytes();
      case ScalarType.BOOL:
        return this.#random.below(2) === 0;
      case ScalarType.UINT64:
      case ScalarType.FIXED64:
        return this.unsigned();
      case ScalarType.INT64:
      case ScalarType.SINT64:
      case ScalarType.SFIXED64:
        return this.#random.pick(SIGNED);
      case ScalarType.UINT32:
      case ScalarType.FIXED32:
        return this.#random.pick([0, 1, 2, 8, 64, 10_000, 2 ** 31, 2 ** 32 - 1]);
      case ScalarType.DOUBLE:
      case ScalarType.FLOAT:
        return this.#random.pick([0, 1, -1, NaN, Infinity]);
      default:
        return this.#random.pick([0, 1, 2, -1, 2 ** 31 - 1, -(2 ** 31)]);
    }
  }
}
