// Tier: interop. Budget: 4 min cold (it builds Prometheus's parser and compose's), seconds afterwards.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { dashboardExpressions, readAlerts, readDashboard, ROOT, RULES_FILE } from "./deployment-files.js";

const folder = mkdtempSync(join(tmpdir(), "computronium-deployment-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds one of the small Go programs beside this file. */
function build(name: string): string {
  const program = join(folder, name);
  execFileSync("go", ["build", "-buildvcs=false", "-o", program, "."], {
    cwd: join(ROOT, "test/operations", name),
    stdio: "pipe",
  });
  return program;
}

describe("Prometheus itself", () => {
  let program: string;

  beforeAll(() => {
    program = build("rules");
  });

  it("takes the alert rules and every expression of the dashboard", () => {
    const expressions = dashboardExpressions(readDashboard());
    const said = execFileSync(program, [RULES_FILE], { input: expressions.join("\n"), encoding: "utf8" });
    expect(said).toBe(`${readAlerts().length} rules, ${expressions.length} expressions\n`);
  });

  it("does not take rules with a mistake in them", () => {
    const broken = join(folder, "alerts.yml");
    writeFileSync(broken, readFileSync(RULES_FILE, "utf8").replace("for: 5m", "fro: 5m"));
    expect(() => execFileSync(program, [broken], { input: "", stdio: "pipe" })).toThrow("fro");
  });
});

describe("Compose's own library", () => {
  it("takes the compose file, and each service runs one node of the local network", () => {
    const program = build("compose");
    const file = join(ROOT, "localnet/compose.yml");
    const project = JSON.parse(execFileSync(program, [file], { encoding: "utf8" })) as {
      readonly services: Readonly<
        Record<string, { readonly volumes: readonly { readonly source: string; readonly target: string }[] }>
      >;
    };
    const mounts = Object.entries(project.services).map(([name, { volumes }]) => [name, volumes[0]?.source]);
    const expected = ["node0", "node1", "node2", "node3"].map((name) => [name, join(ROOT, "build/localnet", name)]);
    expect(mounts).toEqual(expected);
    const broken = join(folder, "compose.yml");
    writeFileSync(broken, readFileSync(file, "utf8").replace("network_mode", "netwrok_mode"));
    expect(() => execFileSync(program, [broken], { stdio: "pipe" })).toThrow("netwrok_mode");
  });
});
