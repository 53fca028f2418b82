import type { CometSettings } from "../abci-app/node/comet-config.js";
import type { NodeHome } from "./node-home.js";
import { freePorts } from "./ports.js";

/** Where one node listens, on the loopback address. */
export interface NodePorts {
  readonly rpc: number;
  readonly p2p: number;
  readonly rest: number;
  readonly grpc: number;
}

/** What all nodes of a network have in common. */
export interface NodeConfiguration {
  /** What a unit of gas costs, such as "0.0025ucptm". */
  readonly gasPrice: string;
  /** Pause of CometBFT after each block. Default 500 ms. */
  readonly timeoutCommitMs?: number;
  /** Changes to config.toml. */
  readonly cometConfig?: CometSettings;
  /** Changes to app.toml. */
  readonly appConfig?: CometSettings;
}

const PORTS_PER_NODE = 4;

/** Free ports for so many nodes. */
export async function freeNodePorts(nodes: number): Promise<readonly NodePorts[]> {
  const ports = await freePorts(nodes * PORTS_PER_NODE);
  return Array.from({ length: nodes }, (_, i) => {
    const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = ports.slice(i * PORTS_PER_NODE);
    return { rpc, p2p, rest, grpc };
  });
}

/** How others reach a node: `id@host:port`. */
export function peerAddress(home: NodeHome, ports: NodePorts): string {
  return `${home.nodeId()}@127.0.0.1:${ports.p2p}`;
}

/** Gives a node its name, ports and peers. */
export function configureNode(
  home: NodeHome,
  node: { readonly name: string; readonly ports: NodePorts; readonly peers: readonly string[] },
  common: NodeConfiguration,
): void {
  const { name, ports, peers } = node;
  home.changeCometConfig({
    moniker: name,
    "rpc.laddr": `tcp://127.0.0.1:${ports.rpc}`,
    "rpc.pprof_laddr": "",
    "p2p.laddr": `tcp://127.0.0.1:${ports.p2p}`,
    "p2p.persistent_peers": peers.join(","),
    // All peers have the same address, which CometBFT otherwise takes for an attack.
    "p2p.addr_book_strict": false,
    "p2p.allow_duplicate_ip": true,
    "p2p.pex": false,
    "consensus.timeout_commit": `${common.timeoutCommitMs ?? 500}ms`,
    ...common.cometConfig,
  });
  home.changeAppConfig({
    "minimum-gas-prices": common.gasPrice,
    // Several nodes share this machine.
    "state.cache-bytes": 64 << 20,
    "query.workers": 1,
    "api.address": `tcp://127.0.0.1:${ports.rest}`,
    "grpc.address": `127.0.0.1:${ports.grpc}`,
    ...common.appConfig,
  });
}
