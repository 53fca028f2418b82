import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { KeyringError } from "./errors.js";
import type { KeyFiles } from "./key-files.js";

/** A place of the operating system for one secret. */
interface SecretStore {
  get(): Promise<string | undefined>;
  set(secret: string): Promise<void>;
}

const SERVICE = "computroniumd";
const KEY_BYTES = 32;
const TIMEOUT_MILLISECONDS = 120_000;

/**
 * `os`: a random key, kept by the operating system (libsecret's `secret-tool`, or macOS's `security`); the records are
 * files under it. So a key is as safe as the user's login, and no list of the system's secrets has to be read.
 */
export async function osKey(files: KeyFiles, env: NodeJS.ProcessEnv): Promise<Uint8Array> {
  const store = secretStore(files.folder, env);
  const known = await store.get();
  if (known !== undefined) {
    const key = Buffer.from(known, "base64");
    if (key.length !== KEY_BYTES)
      throw new KeyringError("damaged file", `the operating system's secret for ${files.folder} is none of ours`);
    return key;
  }
  if (files.names().length > 0) {
    throw new KeyringError(
      "backend unavailable",
      `the operating system has no secret for ${files.folder}, so that its keys cannot be opened: is this the user who made them?`,
    );
  }
  const key = randomBytes(KEY_BYTES);
  await store.set(key.toString("base64"));
  // Better now than when a key has been lost.
  if ((await store.get()) !== key.toString("base64"))
    throw new KeyringError("backend unavailable", "the operating system did not keep the secret it was given");
  return key;
}

function secretStore(folder: string, env: NodeJS.ProcessEnv): SecretStore {
  const attributes = ["service", SERVICE, "keyring", folder];
  if (isOnPath("secret-tool", env)) {
    return {
      get: async () => {
        const { status, stdout, stderr } = await run("secret-tool", ["lookup", ...attributes], { env });
        // Status 1 without a message: there is no such secret.
        if (status !== 0 && stderr.trim() !== "") throw refused("secret-tool", stderr);
        return stdout.trim() === "" ? undefined : stdout.trim();
      },
      set: async (secret) => {
        const args = ["store", `--label=Keys of computroniumd in ${folder}`, ...attributes];
        const { status, stderr } = await run("secret-tool", args, { env, input: secret });
        if (status !== 0) throw refused("secret-tool", stderr);
      },
    };
  }
  if (process.platform === "darwin" && isOnPath("security", env)) {
    const which = ["-s", SERVICE, "-a", folder];
    return {
      get: async () => {
        const { status, stdout } = await run("security", ["find-generic-password", ...which, "-w"], { env });
        return status === 0 ? stdout.trim() : undefined;
      },
      set: async (secret) => {
        // Commands come over standard input, so that no list of processes shows the secret.
        const command = ["add-generic-password", "-U", ...which, "-w", secret];
        const input = `${command.map((word) => JSON.stringify(word)).join(" ")}\n`;
        const { status, stderr } = await run("security", ["-i"], { env, input });
        if (status !== 0) throw refused("security", stderr);
      },
    };
  }
  throw new KeyringError(
    "backend unavailable",
    "this machine has no keyring of the operating system: install secret-tool (package libsecret-tools), or use " +
      "--keyring-backend file (encrypted with a password) or test (not encrypted); `config set client keyring-backend file` keeps the choice",
  );
}

function refused(program: string, stderr: string): KeyringError {
  return new KeyringError(
    "backend unavailable",
    `${program} refused: ${stderr.trim() || "no reason given"}; --keyring-backend file works without it`,
  );
}

function isOnPath(program: string, env: NodeJS.ProcessEnv): boolean {
  return (env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  program: string,
  args: readonly string[],
  { env, input = "" }: { readonly env: NodeJS.ProcessEnv; readonly input?: string },
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { env, timeout: TIMEOUT_MILLISECONDS }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ status, stdout, stderr: error !== null && stderr === "" && status !== 1 ? error.message : stderr });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}
