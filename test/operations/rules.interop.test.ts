// Tier: interop. Budget: 3 min cold (it builds Prometheus's parser), seconds afterwards.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

import { dashboardExpressions, readAlerts, readDashboard, ROOT, RULES_FILE } from "./deployment-files.js";

describe("Prometheus itself", () => {
  let folder: string;
  let program: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "computronium-rules-"));
    program = join(folder, "rules");
    execFileSync("go", ["build", "-buildvcs=false", "-o", program, "."], {
      cwd: join(ROOT, "test/operations/rules"),
      stdio: "pipe",
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
