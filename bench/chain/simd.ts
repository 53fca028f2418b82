import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../localnet/genesis.js";
import { NodeHome } from "../../localnet/node-home.js";
import { freePorts } from "../../localnet/ports.js";
import { FIRST_ACCOUNT_NUMBER, MAX_BLOCK_BYTES } from "./chain.js";
import type { ChainSpec, ChainUnderTest, PreparedChain } from "./chain.js";
import { fundAccounts, type FundableState } from "./genesis.js";
import { run, startNode } from "./processes.js";
import { repositoryPath } from "./repository.js";

/** What a validator bonds, in the smallest unit. */
const SELF_BOND = 1_000_000_000n;
const OPERATOR_BALANCE = 2n * SELF_BOND;

/** The Go Cosmos SDK chain that `scripts/peers/build-simd.sh` builds. */
export class SimdChain implements ChainUnderTest {
  readonly name: "simd" | "simd-c";
  readonly versions: Readonly<Record<string, string>>;
  readonly #binary: string;

  private constructor(name: "simd" | "simd-c", binary: string) {
    this.name = name;
    this.#binary = binary;
    this.versions = {
      "cosmos-sdk": moduleVersion("cosmos-sdk"),
      "ibc-go": moduleVersion("ibc-go"),
      go: goVersion(binary),
    };
  }

  /** Builds the binary if the cache does not have it. */
  static build(variant: { cSignatures: boolean }): SimdChain {
    const script = repositoryPath("scripts/peers/build-simd.sh");
    const binary = run("sh", variant.cSignatures ? [script, "--c-signatures"] : [script]).trim();
    return new SimdChain(variant.cSignatures ? "simd-c" : "simd", binary);
  }

  async prepare(path: string, spec: ChainSpec): Promise<PreparedChain> {
    const [rpcPort = 0, p2pPort = 0] = await freePorts(2);
    const { profile } = spec;
    const simd = (...args: string[]): string => run(this.#binary, [...args, "--home", path]);
    const keyring = ["--keyring-backend", "test"];
    simd("init", "bench", "--chain-id", spec.chainId, "--default-denom", spec.denom);
    simd("keys", "add", "operator", ...keyring);
    simd("genesis", "add-genesis-account", "operator", `${OPERATOR_BALANCE}${spec.denom}`, ...keyring);
    simd("genesis", "gentx", "operator", `${SELF_BOND}${spec.denom}`, "--chain-id", spec.chainId, ...keyring);
    simd("genesis", "collect-gentxs");
    const home = new NodeHome(path);
    const genesis = home.readGenesis();
    const consensus = genesis["consensus"] as { params: JsonObject };
    consensus.params["block"] = { max_bytes: String(MAX_BLOCK_BYTES), max_gas: "-1" };
    // Account number 0 is the operator's.
    fundAccounts(genesis.app_state as unknown as FundableState, spec, {
      firstAccountNumber: FIRST_ACCOUNT_NUMBER,
      alreadyFunded: OPERATOR_BALANCE,
    });
    home.writeGenesis(genesis);
    home.changeCometConfig({
      "rpc.laddr": `tcp://127.0.0.1:${rpcPort}`,
      "rpc.pprof_laddr": "",
      "p2p.laddr": `tcp://127.0.0.1:${p2pPort}`,
      ...profile.comet,
    });
    home.changeAppConfig({ "api.enable": false, "grpc.enable": false, ...profile.app });
    const rpc = `http://127.0.0.1:${rpcPort}`;
    const start = () =>
      startNode({
        command: this.#binary,
        args: ["start", "--home", path],
        environment: profile.environment,
        rpc,
        logFile: join(path, "node.log"),
      });
    return { rpc, start, mempoolSize: Number(home.cometConfig("mempool", "size")) };
  }
}

function moduleVersion(name: string): string {
  const modules = readFileSync(repositoryPath("scripts/peers/simd/go.mod"), "utf8");
  return new RegExp(`cosmos/${name}(?:/v\\d+)? (v\\S+)`).exec(modules)?.[1] ?? "unknown";
}

function goVersion(binary: string): string {
  return /go\d[\d.]*/.exec(run("go", ["version", binary]).split(": ").at(-1) ?? "")?.[0] ?? "unknown";
}
