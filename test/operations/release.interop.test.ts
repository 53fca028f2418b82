// Tier: interop. Budget: 15 min cold (CometBFT and cosmovisor are built), 6 min afterwards.
// What `make release` makes is the same each time, runs anywhere with nothing but itself, and runs under cosmovisor.
import type { ChildProcess } from "node:child_process";
import { execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";

import { patchCometConfig } from "../../abci-app/node/comet-config.js";
import { homeOf } from "../../abci-app/node/home.js";
import { signalGroup } from "../../localnet/process-group.js";
import { freePorts } from "../kit/ports.js";
import { RpcClient, until } from "../kit/rpc.js";
import { ROOT } from "./deployment-files.js";

const run = promisify(execFile);
const PLATFORM = `${process.platform}-${process.arch}`;
const ARCHIVE = `computroniumd-0.1.0-${PLATFORM}.tar.gz`;
const HEIGHT_MILLISECONDS = 120_000;
/** High enough that the first release is stopped and started again before: cosmovisor loses a signal that comes during a change-over. */
const UPGRADE_HEIGHT = 60;

const folder = mkdtempSync(join(tmpdir(), "computronium-release-"));
const started = new Set<ChildProcess>();

/** Makes a release in a process of its own, as `make release` does. */
async function release(name: string, umask: string, env: Readonly<Record<string, string>>): Promise<string> {
  const target = join(folder, name);
  const program = join(ROOT, "dist/scripts/release/main.js");
  await run("sh", ["-c", `umask ${umask}; exec "$@"`, "sh", process.execPath, program, target, PLATFORM], {
    env: { ...process.env, ...env },
  });
  return target;
}

/** Unpacks the first release. */
function unpack(target: string): string {
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, "first", ARCHIVE), "-C", target]);
  return target;
}

/** Nothing of this process's environment: no PATH, no Node, no Go, no cache. REST and gRPC would want ports that may be taken. */
function bare(home: string): NodeJS.ProcessEnv {
  return { HOME: home, COMPUTRONIUMD_API_ENABLE: "false", COMPUTRONIUMD_GRPC_ENABLE: "false" };
}

/** Makes a home folder whose chain listens on free ports. */
async function initHome(daemon: string, root: string): Promise<RpcClient> {
  const [rpc, p2p] = await freePorts(2);
  const home = homeOf(root);
  await run(daemon, ["init", "node", "--home", root], { env: bare(root) });
  patchCometConfig(home.configToml, {
    "rpc.laddr": `tcp://127.0.0.1:${rpc}`,
    "rpc.pprof_laddr": "",
    "p2p.laddr": `tcp://127.0.0.1:${p2p}`,
    "consensus.timeout_commit": "200ms",
  });
  return new RpcClient(`http://127.0.0.1:${rpc}`);
}

interface Running {
  readonly output: () => string;
  stop(): Promise<number | null>;
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Running {
  // A group of its own, which is what an init system stops: cosmovisor 1.5.0 does not hand signals on after a change-over.
  const child = spawn(program, [...args], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  started.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    output: () => output,
    stop: async () => {
      signal(child, "SIGTERM");
      const code = await ended;
      started.delete(child);
      return code;
    },
  };
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined) signalGroup(pid, name);
}

async function waitForHeight(rpc: RpcClient, height: number, node: Running): Promise<void> {
  await until(`height ${height}`, HEIGHT_MILLISECONDS, async () => {
    const current = await rpc.height();
    if (current < height) throw new Error(`height ${current}\n${node.output().slice(-2000)}`);
  });
}

beforeAll(async () => {
  await release("first", "022", {});
});

afterEach(async () => {
  for (const child of started) signal(child, "SIGKILL");
  started.clear();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("A release", () => {
  it("has the same bytes when it is made again, by somebody with other settings", async () => {
    const again = await release("again", "077", { TZ: "Asia/Kathmandu", LC_ALL: "C.UTF-8", GOFLAGS: "-v" });
    const sums = readFileSync(join(folder, "first/SHA256SUMS"), "utf8");
    expect(readFileSync(join(again, "SHA256SUMS"), "utf8")).toBe(sums);
    const actual = createHash("sha256")
      .update(readFileSync(join(folder, "first", ARCHIVE)))
      .digest("hex");
    expect(sums).toBe(`${actual}  ${ARCHIVE}\n`);
  });

  it("holds what runs, its licences and the list of its parts, and nothing of development", () => {
    const at = unpack(join(folder, "look"));
    expect(readdirSync(at).sort()).toEqual(["bin", "lib", "libexec", "licenses", "sbom.cdx.json"]);
    const files = readdirSync(at, { recursive: true }) as string[];
    expect(files.filter((file) => /\.(test|test-support)\.js$|\.map$|\.d\.ts$/.test(file))).toEqual([]);
    const packages = readdirSync(join(at, "lib/node_modules"));
    expect(packages).toEqual(expect.arrayContaining(["lmdb", "secp256k1", "pino", "prom-client"]));
    for (const name of ["jest", "typescript", "@cosmjs", "esbuild", "prettier"]) expect(packages).not.toContain(name);
    const { components } = JSON.parse(readFileSync(join(at, "sbom.cdx.json"), "utf8")) as {
      readonly components: readonly { readonly purl: string }[];
    };
    const purls = components.map(({ purl }) => purl);
    expect(purls).toEqual(
      expect.arrayContaining([
        expect.stringContaining("pkg:generic/node@24."),
        "pkg:golang/github.com/cometbft/cometbft@v0.38.26",
        expect.stringContaining("pkg:npm/lmdb@"),
        expect.stringContaining("pkg:golang/google.golang.org/protobuf@"),
      ]),
    );
    for (const name of ["computronium", "node", "cometbft", "npm/lmdb"]) {
      expect(readdirSync(join(at, "licenses", name)).length).toBeGreaterThan(0);
    }
    const addons = files.filter((file) => file.endsWith(".node"));
    expect(addons.length).toBeGreaterThan(1);
    expect(addons.filter((file) => !file.includes(PLATFORM))).toEqual([]);
  });

  it("runs a chain from any folder, by any name, without a PATH, and stops in order", async () => {
    const at = unpack(join(folder, "a folder with spaces"));
    const daemon = join(folder, "link to it");
    symlinkSync(join(at, "bin/computroniumd"), daemon);
    const { stdout } = await run(daemon, ["version", "--long", "--output", "json"], { env: bare(folder) });
    const { node: nodeVersion, commit } = JSON.parse(stdout) as { readonly node: string; readonly commit: string };
    expect(nodeVersion).toBe(execFileSync(join(at, "libexec/node"), ["--version"], { encoding: "utf8" }).trim());
    expect(commit).toMatch(/^[0-9a-f]{40}(-dirty)?$/);
    const root = join(folder, "home");
    const rpc = await initHome(daemon, root);
    const node = start(daemon, ["start", "--home", root], bare(root));
    await waitForHeight(rpc, 2, node);
    expect(await node.stop()).toBe(0);
    // Nothing was built or fetched: all of it came along.
    expect(readdirSync(root).sort()).toEqual(["config", "data"]);
  });
});

/** The release that comes after: the same, with an upgrade of that name in its list. */
function withUpgrade(release: string, name: string): void {
  const file = join(release, "lib/dist/abci-app/upgrades/index.js");
  const text = readFileSync(file, "utf8");
  const list = "export const UPGRADES = [];";
  if (!text.includes(list)) throw new Error(`${file} has another list than an empty one`);
  writeFileSync(file, text.replace(list, `export const UPGRADES = [{ name: ${JSON.stringify(name)} }];`));
}

/** Has the chain begin with a plan, as governance would make it. */
function planUpgrade(root: string, name: string, height: number): void {
  const { genesis } = homeOf(root);
  const file = JSON.parse(readFileSync(genesis, "utf8")) as { readonly app_state: Record<string, unknown> };
  file.app_state["upgrade"] = { plan: { name, height: String(height), info: "" } };
  writeFileSync(genesis, JSON.stringify(file));
}

describe("Stock cosmovisor", () => {
  it("runs what was released, stops it, and changes over to the next one at the height of a plan on the chain", async () => {
    const script = join(ROOT, "scripts/peers/build-cosmovisor.sh");
    const cosmovisor = execFileSync(script, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
    const root = join(folder, "daemon");
    const folders = join(root, "cosmovisor");
    unpack(join(folders, "genesis"));
    cpSync(join(folders, "genesis"), join(folders, "upgrades/next"), { recursive: true });
    withUpgrade(join(folders, "upgrades/next"), "next");
    const daemon = join(folders, "genesis/bin/computroniumd");
    const rpc = await initHome(daemon, root);
    planUpgrade(root, "next", UPGRADE_HEIGHT);
    const env = {
      ...bare(root),
      DAEMON_NAME: "computroniumd",
      DAEMON_HOME: root,
      DAEMON_SHUTDOWN_GRACE: "20s",
      DAEMON_POLL_INTERVAL: "300ms",
      UNSAFE_SKIP_BACKUP: "true",
    };
    const command = ["run", "start", "--home", root];
    const first = start(cosmovisor, command, env);
    await waitForHeight(rpc, 2, first);
    await first.stop();
    expect(existsSync(join(root, "data/cometbft.pid"))).toBe(false);
    expect(basename(readlinkSync(join(folders, "current")))).toBe("genesis");

    const second = start(cosmovisor, command, env);
    await until("the next release", HEIGHT_MILLISECONDS, async () => {
      expect(basename(readlinkSync(join(folders, "current")))).toBe("next");
    });
    await waitForHeight(rpc, UPGRADE_HEIGHT + 2, second);
    const query = ["query", "upgrade", "applied", "next", "--node", rpc.url.replace("http:", "tcp:"), "-o", "json"];
    const { stdout } = await run(daemon, [...query, "--home", root], { env: bare(root) });
    expect(JSON.parse(stdout)).toEqual({ height: String(UPGRADE_HEIGHT) });
    await second.stop();
    const output = second.output();
    // What the node says and writes, and what cosmovisor makes of it.
    expect(output).toMatch(/UPGRADE .{0,2}next.{0,2} NEEDED at height: 60/);
    expect(JSON.parse(readFileSync(join(root, "data/upgrade-info.json"), "utf8"))).toMatchObject({
      name: "next",
      height: UPGRADE_HEIGHT,
    });
    expect(output).toContain("upgrades/next");
  });
});
