import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { GenesisFile, GenesisValidator, JsonObject } from "./genesis.js";
import type { TomlChanges } from "./toml.js";
import { changeToml } from "./toml.js";

/** The home folder of one node, as `computroniumd init` lays it out. */
export class NodeHome {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  readGenesis(): GenesisFile {
    return this.#readJson("genesis.json") as GenesisFile;
  }

  writeGenesis(genesis: GenesisFile): void {
    writeFileSync(this.#config("genesis.json"), `${JSON.stringify(genesis, null, 2)}\n`);
  }

  /** The node's validator key as the genesis file lists it. */
  validator(name: string, power: bigint): GenesisValidator {
    const key = this.#readJson("priv_validator_key.json") as { address: string; pub_key: JsonObject };
    return { address: key.address, pub_key: key.pub_key, power: power.toString(), name };
  }

  /** The name of the node among its peers: 20 bytes of SHA-256 of its public key (CometBFT p2p/key.go). */
  nodeId(): string {
    const { priv_key } = this.#readJson("node_key.json") as { priv_key: { value: string } };
    const publicKey = Buffer.from(priv_key.value, "base64").subarray(32);
    return createHash("sha256").update(publicKey).digest("hex").slice(0, 40);
  }

  changeCometConfig(changes: TomlChanges): void {
    this.#changeToml("config.toml", changes);
  }

  changeAppConfig(changes: TomlChanges): void {
    this.#changeToml("app.toml", changes);
  }

  #changeToml(file: string, changes: TomlChanges): void {
    const path = this.#config(file);
    writeFileSync(path, changeToml(readFileSync(path, "utf8"), changes));
  }

  #readJson(file: string): unknown {
    return JSON.parse(readFileSync(this.#config(file), "utf8"));
  }

  #config(file: string): string {
    return join(this.path, "config", file);
  }
}
