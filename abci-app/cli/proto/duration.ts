const NANOS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Nanoseconds of a duration as Go writes it, `1h30m`, `1.5s`; undefined for what is none. */
export function nanosOfDuration(text: string): bigint | undefined {
  if (text === "0") return 0n;
  if (text.length > 64 || !/^(\d+(\.\d{1,9})?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, whole, , fraction = "", unit] of text.matchAll(/(\d+)(\.(\d{1,9}))?(ns|us|µs|ms|s|m|h)/g)) {
    const scale = NANOS[unit ?? ""] ?? 0n;
    total += BigInt(whole ?? "0") * scale + (BigInt(fraction.padEnd(9, "0")) * scale) / 1_000_000_000n;
  }
  return total;
}
