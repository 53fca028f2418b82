import { join } from "node:path";
import { NodeHome } from "../../localnet/node-home.js";
import { freePorts } from "../../localnet/ports.js";
import { FIRST_ACCOUNT_NUMBER, MAX_BLOCK_BYTES } from "./chain.js";
import type { ChainSpec, ChainUnderTest, PreparedChain } from "./chain.js";
import { fundAccounts, type FundableState } from "./genesis.js";
import { run, startNode } from "./processes.js";
import { repositoryPath } from "./repository.js";

interface ChainState {
  chain: { params: { bech32_prefix: string } };
}

const VALIDATOR_POWER = 100n;

/** This repository's node, as `make build` leaves it. */
export class ComputroniumChain implements ChainUnderTest {
  readonly name = "computronium";
  readonly versions: Readonly<Record<string, string>>;
  readonly #binary = repositoryPath("bin/computroniumd");

  constructor() {
    const revision = run("git", ["-C", repositoryPath("."), "describe", "--always", "--dirty"]).trim();
    this.versions = { computronium: revision, node: process.version };
  }

  async prepare(path: string, spec: ChainSpec): Promise<PreparedChain> {
    const [rpcPort = 0, p2pPort = 0] = await freePorts(2);
    const { profile } = spec;
    run(this.#binary, ["init", "bench", "--chain-id", spec.chainId, "--default-denom", spec.denom, "--home", path]);
    const home = new NodeHome(path);
    const genesis = home.readGenesis();
    genesis["consensus_params"] = {
      ...(genesis["consensus_params"] as object),
      block: { max_bytes: String(MAX_BLOCK_BYTES), max_gas: "-1" },
    };
    genesis.validators = [{ ...home.validator("bench", VALIDATOR_POWER) }];
    const state = genesis.app_state as unknown as FundableState & ChainState;
    state.chain.params.bech32_prefix = spec.prefix;
    state.auth.accounts = [];
    state.bank.balances = [];
    fundAccounts(state, spec, { firstAccountNumber: FIRST_ACCOUNT_NUMBER, alreadyFunded: 0n });
    home.writeGenesis(genesis);
    home.changeCometConfig({
      "rpc.laddr": `tcp://127.0.0.1:${rpcPort}`,
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
