import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";

import { MAX_UNIX_PATH_BYTES } from "../abci/listen-address.js";

/** The files of a node, where Cosmos operators look for them. */
export interface Home {
  readonly root: string;
  readonly config: string;
  readonly data: string;
  readonly appToml: string;
  readonly clientToml: string;
  /** CometBFT's. */
  readonly configToml: string;
  readonly genesis: string;
  readonly nodeKey: string;
  readonly validatorKey: string;
  /** What this validator has signed last. Never deleted, or it may sign twice. */
  readonly validatorState: string;
  /** The application's database. */
  readonly applicationDb: string;
  /** Snapshots of the application's state, for state sync. */
  readonly snapshots: string;
}

export function homeOf(root: string): Home {
  const absolute = resolve(root);
  const config = join(absolute, "config");
  const data = join(absolute, "data");
  return {
    root: absolute,
    config,
    data,
    appToml: join(config, "app.toml"),
    clientToml: join(config, "client.toml"),
    configToml: join(config, "config.toml"),
    genesis: join(config, "genesis.json"),
    nodeKey: join(config, "node_key.json"),
    validatorKey: join(config, "priv_validator_key.json"),
    validatorState: join(data, "priv_validator_state.json"),
    applicationDb: join(data, "application.db"),
    snapshots: join(data, "snapshots"),
  };
}

export function defaultHome(env: NodeJS.ProcessEnv): string {
  return env["COMPUTRONIUMD_HOME"] || join(env["HOME"] || homedir(), ".computroniumd");
}

/**
 * The ABCI socket between the two processes: `data/abci.sock`, or where that path is too long for a unix socket, one in a
 * folder of this user's alone under the system's folder for temporary files.
 */
export function socketPath(home: Home): string {
  const usual = join(home.data, "abci.sock");
  if (Buffer.byteLength(usual) <= MAX_UNIX_PATH_BYTES) return usual;
  const id = createHash("sha256").update(home.root).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `computroniumd-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${id}.sock`);
}
