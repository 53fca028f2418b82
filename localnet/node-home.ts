import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "smol-toml";

import type { CometSettings } from "../abci-app/node/comet-config.js";
import { patchToml } from "../abci-app/node/comet-config.js";
import { nodeId, validatorPubKey } from "../abci-app/node/keys.js";
import type { GenesisFile, GenesisValidator, JsonObject } from "./genesis.js";

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

  /** The public half of the same key: ed25519, 32 bytes. */
  validatorPubKey(): Uint8Array {
    return validatorPubKey(this.#config("priv_validator_key.json"));
  }

  /** Takes the validator key of another home, and none of what that one has signed. */
  copyValidatorKey(from: NodeHome): void {
    copyFileSync(from.#config("priv_validator_key.json"), this.#config("priv_validator_key.json"));
  }

  /** The name of the node among its peers. */
  nodeId(): string {
    return nodeId(this.#config("node_key.json"));
  }

  /** What config.toml has under a key of a section. */
  cometConfig(section: string, key: string): unknown {
    const config = parse(readFileSync(this.#config("config.toml"), "utf8")) as Record<string, Record<string, unknown>>;
    return config[section]?.[key];
  }

  changeCometConfig(changes: CometSettings): void {
    this.#changeToml("config.toml", changes);
  }

  changeAppConfig(changes: CometSettings): void {
    this.#changeToml("app.toml", changes);
  }

  #changeToml(file: string, changes: CometSettings): void {
    const path = this.#config(file);
    writeFileSync(path, patchToml(readFileSync(path, "utf8"), changes));
  }

  #readJson(file: string): unknown {
    return JSON.parse(readFileSync(this.#config(file), "utf8"));
  }

  #config(file: string): string {
    return join(this.path, "config", file);
  }
}
