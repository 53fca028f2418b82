import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { Localnet } from "./localnet.js";
import { COMPUTRONIUMD } from "./localnet.js";

/** Name of the account that a faucet gives from. */
export const FAUCET_ACCOUNT = "faucet";

/** Starts a faucet beside a running network, which must have the account {@link FAUCET_ACCOUNT}. It ends with the network. */
export async function startFaucet(
  network: Localnet,
  listen: string,
): Promise<{ readonly url: string; readonly logFile: string }> {
  const [program, ...args] = COMPUTRONIUMD;
  const home = join(network.home, FAUCET_ACCOUNT);
  const env = { COMPUTRONIUMD_BECH32_PREFIX: network.prefix, COMPUTRONIUMD_KEYRING_BACKEND: "test" };
  const adding = spawn(program, [...args, "keys", "add", FAUCET_ACCOUNT, "--recover", "--home", home], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "ignore", "inherit"],
  });
  adding.stdin.end(`${network.account(FAUCET_ACCOUNT).mnemonic}\n`);
  const [status] = (await once(adding, "exit")) as [number | null];
  if (status !== 0) throw new Error(`the faucet's key could not be kept: status ${status}`);
  const logFile = join(network.home, "faucet.log");
  const flags = [
    "--chain-id",
    network.chainId,
    "--node",
    network.rpcUrl,
    "--gas",
    "auto",
    "--gas-prices",
    network.gasPrice,
  ];
  network.children.start({
    name: FAUCET_ACCOUNT,
    command: [program, ...args, "faucet", "--from", FAUCET_ACCOUNT, "--listen", listen, ...flags, "--home", home],
    env,
    logFile,
  });
  return { url: `http://${listen}`, logFile };
}
