import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** So many TCP ports of the loopback address that nobody listens on. All are found before any is let go, so they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
