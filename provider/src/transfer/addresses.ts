import ipaddr from "ipaddr.js";

/**
 * True for addresses of the public internet. Everything with a special purpose (IANA special-purpose registries, RFC
 * 6890 and successors) is refused: private, loopback, link-local (with the cloud's metadata service), carrier-grade NAT,
 * multicast, documentation, benchmarking, unique local, reserved. IPv6 forms that carry an IPv4 address (mapped,
 * NAT64, 6to4, Teredo, IPv4-compatible) are refused altogether: a public host has no need of them.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed.kind() === "ipv4") return !matchesAny(parsed, EXTRA_V4);
  // Of all IPv6, only 2000::/3 is handed out as global unicast (RFC 4291, IANA).
  return parsed.match(GLOBAL_UNICAST) && !matchesAny(parsed, EXTRA_V6);
}

const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3");
/** What ipaddr.js calls unicast although it is none. */
const EXTRA_V4 = ["0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"].map((range) =>
  ipaddr.parseCIDR(range),
);
const EXTRA_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) => ipaddr.parseCIDR(range));

function matchesAny(address: ipaddr.IPv4 | ipaddr.IPv6, ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][]): boolean {
  return ranges.some((range) => address.kind() === range[0].kind() && address.match(range));
}
