import { KeyringError } from "./errors.js";

/** A block of ASCII armour (RFC 4880, 6.2), as golang.org/x/crypto/openpgp/armor writes and reads it. */
export interface ArmorBlock {
  /** What stands after BEGIN, such as `TENDERMINT PRIVATE KEY`. */
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

const LINE_CHARS = 64;
/** Far more than a key needs. */
const MAX_TEXT = 1 << 20;

export function encodeArmor({ type, headers, data }: ArmorBlock): string {
  const base64 = Buffer.from(data).toString("base64");
  const lines = base64.match(new RegExp(`.{1,${LINE_CHARS}}`, "g")) ?? [];
  return [
    `-----BEGIN ${type}-----`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    ...lines,
    `=${checksum(data)}`,
    `-----END ${type}-----`,
  ].join("\n");
}

/** Reads the first block in a text. Throws {@link KeyringError}, saying what is wrong. */
export function decodeArmor(text: string): ArmorBlock {
  if (text.length > MAX_TEXT) throw bad(`${text.length} characters, at most ${MAX_TEXT}`);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const begin = lines.findIndex((line) => /^-----BEGIN .+-----$/.test(line));
  if (begin < 0) throw bad("no line -----BEGIN …-----");
  const type = lines[begin]!.slice("-----BEGIN ".length, -"-----".length);
  const end = lines.indexOf(`-----END ${type}-----`, begin);
  if (end < 0) throw bad(`no line -----END ${type}-----`);
  const blank = lines.indexOf("", begin);
  if (blank < 0 || blank > end) throw bad("no empty line after its headers");
  const headers = Object.fromEntries(
    lines.slice(begin + 1, blank).map((line): [string, string] => {
      const colon = line.indexOf(": ");
      if (colon <= 0) throw bad(`the header "${line}" has no colon`);
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const body = lines.slice(blank + 1, end).filter((line) => line !== "");
  const last = body.at(-1);
  const sum = last?.startsWith("=") === true && last.length === 5 ? last.slice(1) : undefined;
  const base64 = (sum === undefined ? body : body.slice(0, -1)).join("");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw bad("what is in it is no base64");
  const data = Buffer.from(base64, "base64");
  if (sum !== undefined && sum !== checksum(data))
    throw bad("its checksum does not fit: characters are missing or changed");
  return { type, headers, data };
}

function bad(why: string): KeyringError {
  return new KeyringError("bad armor", `this is no ASCII-armoured key: ${why}`);
}

/** CRC-24 of RFC 4880, 6.1, in base64. */
function checksum(data: Uint8Array): string {
  let crc = 0xb704ce;
  for (const byte of data) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return Buffer.of((crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff).toString("base64");
}
