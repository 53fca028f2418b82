import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { repositoryPath } from "../../bench/chain/repository.js";
import { Children } from "../../localnet/children.js";
import type { JsonObject } from "../../localnet/genesis.js";
import { NodeHome } from "../../localnet/node-home.js";
import { freePorts } from "../kit/ports.js";
import { RpcClient, until } from "../kit/rpc.js";

const START_MILLISECONDS = 120_000;
const STAKE = "stake";

/** A chain of one validator that a stock Cosmos SDK node runs (scripts/peers/simd). */
export class SimdNode {
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly rpc: RpcClient;
  readonly #children: Children;
  readonly #folder: string;

  private constructor(ports: readonly number[], children: Children, folder: string) {
    this.rpc = new RpcClient(`http://127.0.0.1:${ports[0]}`);
    this.restUrl = `http://127.0.0.1:${ports[2]}`;
    this.grpcAddress = `127.0.0.1:${ports[3]}`;
    this.#children = children;
    this.#folder = folder;
  }

  /** Builds the binary if the cache does not have it, and waits for the first blocks. */
  static async start(
    chainId: string,
    appConfig: Readonly<Record<string, readonly string[]>>,
    genesis: (appState: Record<string, JsonObject>) => void,
  ): Promise<SimdNode> {
    const binary = execFileSync("sh", [repositoryPath("scripts/peers/build-simd.sh")], { encoding: "utf8" }).trim();
    const folder = mkdtempSync(join(tmpdir(), "simd-"));
    const home = new NodeHome(join(folder, "home"));
    const simd = (...args: string[]): string =>
      execFileSync(binary, [...args, "--home", home.path], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const keyring = ["--keyring-backend", "test"];
    simd("init", "peer", "--chain-id", chainId, "--default-denom", STAKE);
    simd("keys", "add", "operator", ...keyring);
    simd("genesis", "add-genesis-account", "operator", `2000000${STAKE}`, ...keyring);
    simd("genesis", "gentx", "operator", `1000000${STAKE}`, "--chain-id", chainId, ...keyring);
    simd("genesis", "collect-gentxs");
    const file = home.readGenesis();
    genesis(file.app_state);
    home.writeGenesis(file);
    const ports = await freePorts(4);
    home.changeCometConfig({
      "rpc.laddr": `tcp://127.0.0.1:${ports[0]}`,
      "rpc.pprof_laddr": "",
      "p2p.laddr": `tcp://127.0.0.1:${ports[1]}`,
      "consensus.timeout_commit": "200ms",
    });
    home.changeAppConfig({
      ...appConfig,
      "api.enable": true,
      "api.address": `tcp://127.0.0.1:${ports[2]}`,
      "grpc.enable": true,
      "grpc.address": `127.0.0.1:${ports[3]}`,
    });
    const children = new Children();
    const node = new SimdNode(ports, children, folder);
    children.start({ name: "simd", command: [binary, "start", "--home", home.path], logFile: join(folder, "log") });
    await until("simd", START_MILLISECONDS, async () => {
      if ((await node.rpc.height()) < 3) throw new Error("no third block");
      return fetch(`${node.restUrl}/cosmos/bank/v1beta1/params`);
    });
    return node;
  }

  async stop(): Promise<void> {
    await this.#children.stopAll();
    this.#children.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
