import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Child } from "../../localnet/children.js";
import type { Localnet } from "../../localnet/localnet.js";
import { BOND, DENOM } from "./cast.js";
import type { ProviderRole } from "./cast.js";

const PROVIDER_PROGRAM = fileURLToPath(new URL("../../../provider/dist/main.js", import.meta.url));

export interface ProviderProcess {
  readonly role: ProviderRole;
  readonly child: Child;
  readonly configFile: string;
}

/** Starts the provider program as its operator would: with a configuration file and a key file. */
export function startProvider(network: Localnet, role: ProviderRole, port: number): ProviderProcess {
  const folder = join(network.home, role.name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "mnemonic"), `${network.account(role.name).mnemonic}\n`, { mode: 0o600 });
  const configFile = join(folder, "provider.toml");
  writeFileSync(configFile, configuration(network, role, port));
  const child = network.children.start({
    name: role.name,
    command: [process.execPath, "--no-warnings", PROVIDER_PROGRAM, "run", "--config", configFile],
    logFile: join(network.home, `${role.name}.log`),
  });
  return { role, child, configFile };
}

function configuration(network: Localnet, role: ProviderRole, port: number): string {
  const node = network.nodes[port % network.nodes.length] ?? network.node(0);
  return `[chain]
rpc = "${node.rpcUrl}"
gas_price = "${network.gasPrice}"
bech32_prefix = "${network.prefix}"

[key]
mnemonic_file = "mnemonic"

[offer]
kind = "${role.kind}"
cpu_cores = ${role.cpuCores}
ram_mib = ${role.ramMib}
region = "${role.region}"
price = "${role.price}"
price_per = "${role.per}"
bond = "${BOND}${DENOM}"
endpoints = ["http://127.0.0.1:${port}"]

[transfer]
port = ${port}
folder = "content"
`;
}
