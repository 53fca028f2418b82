// Tier: test. Budget: 10 s. The files of deploy/ by the tools that read them: systemd's own, where there is one, and a Dockerfile parser.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "@jest/globals";
import { validate } from "dockerfile-utils";

import { VERSION } from "../../abci-app/version.js";
import { findOnPath } from "../../abci-app/node/cometbft-binary.js";
import { ROOT } from "./deployment-files.js";

describe("The systemd units", () => {
  const verified = findOnPath("systemd-analyze", process.env) === undefined ? it.skip : it;
  const PROGRAMS = ["/opt/computronium/bin/computroniumd", "/usr/local/bin/cosmovisor"];

  verified.each(["computroniumd.service", "cosmovisor.service"])("%s is one that systemd takes", (name) => {
    const folder = mkdtempSync(join(tmpdir(), "computronium-units-"));
    try {
      let unit = readFileSync(join(ROOT, "deploy/systemd", name), "utf8");
      // It wants the program to be there.
      for (const program of PROGRAMS) unit = unit.replace(`ExecStart=${program}`, `ExecStart=${process.execPath}`);
      expect(unit).toContain(process.execPath);
      const file = join(folder, name);
      const verify = (text: string): string => {
        writeFileSync(file, text);
        return execFileSync("sh", ["-c", `systemd-analyze verify "${file}" 2>&1`], { encoding: "utf8" });
      };
      expect(verify(unit)).toBe("");
      expect(verify(unit.replace("Restart=", "Restrat="))).toContain("Restrat");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("The container file", () => {
  const text = readFileSync(join(ROOT, "deploy/container/Containerfile"), "utf8");

  it("has no mistake that its grammar knows", () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace("USER computronium", "USRE computronium"))).not.toEqual([]);
  });

  it("takes the archive that make release makes", () => {
    expect(text).toContain(`ARG ARCHIVE=computroniumd-${VERSION}-linux-x64.tar.gz`);
  });
});
