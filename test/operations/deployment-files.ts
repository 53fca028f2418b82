import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const RULES_FILE = join(ROOT, "deploy/prometheus/alerts.yml");

export interface Panel {
  readonly title: string;
  readonly type: string;
  readonly id: number;
  readonly targets?: readonly { readonly expr: string }[];
}

export interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
}

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(join(ROOT, "deploy/grafana/computronium-node.json"), "utf8")) as Dashboard;
}

export function readAlerts(): readonly Alert[] {
  const rules = parse(readFileSync(RULES_FILE, "utf8")) as { readonly groups: readonly { readonly rules: Alert[] }[] };
  return rules.groups.flatMap((group) => group.rules);
}

/** The PromQL of the panels, with a span where Grafana puts one. */
export function dashboardExpressions({ panels }: Dashboard): string[] {
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "1m")));
}
