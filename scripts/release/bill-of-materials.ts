import { COMETBFT_VERSION } from "../../abci-app/node/cometbft-version.js";
import type { LockedPackage } from "./lockfile.js";
import { NODE_VERSION } from "./platforms.js";

interface Component {
  readonly type: "application" | "library";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
}

/** What is in a release: a bill of materials in the format CycloneDX 1.5 (cyclonedx.org/docs/1.5/json). */
export function billOfMaterials(options: {
  readonly version: string;
  readonly packages: readonly LockedPackage[];
  readonly goModules: readonly { readonly name: string; readonly version: string }[];
}): object {
  const components: Component[] = [
    {
      type: "application",
      name: "node",
      version: NODE_VERSION,
      purl: `pkg:generic/node@${NODE_VERSION}`,
      ...licensed("MIT"),
    },
    {
      type: "application",
      name: "cometbft",
      version: COMETBFT_VERSION,
      purl: `pkg:golang/github.com/cometbft/cometbft@v${COMETBFT_VERSION}`,
      ...licensed("Apache-2.0"),
    },
    ...options.packages.map(({ name, version, license }): Component => ({
      type: "library",
      name,
      version,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      ...(license === "" ? {} : licensed(license)),
    })),
    ...options.goModules.map(({ name, version }): Component => ({
      type: "library",
      name,
      version,
      purl: `pkg:golang/${name}@${version}`,
    })),
  ];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: { type: "application", name: "computroniumd", version: options.version, ...licensed("Apache-2.0") },
    },
    components,
  };
}

function licensed(id: string): { readonly licenses: readonly { readonly license: { readonly id: string } }[] } {
  return { licenses: [{ license: { id } }] };
}
